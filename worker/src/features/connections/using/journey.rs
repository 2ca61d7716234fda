//! One call outward, with the redirects that the provider sends it on: each address is checked, and the credentials
//! go only to the host that the call was for.

use drawbridge_domain::connection::Reason;
use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, Method};
use url::Url;

use super::limits::{ANSWER_LIMIT, HOPS, TIME_LIMIT};
use super::ready::Ready;
use super::through;
use crate::features::connections::{credentials, outward};
use crate::ports::{GatewayFailure, OutwardBody, OutwardOpening, OutwardRequest, Stream};

/// A call to the connector's service, without credentials.
pub(super) struct Outgoing {
    pub(super) method: Method,
    pub(super) url: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Load,
    /// Whether it may be tried again.
    pub(super) repeatable: bool,
    /// Whether the answer is passed on as it comes, rather than read whole.
    pub(super) stream: bool,
    /// Whether the body is a question to a database, and all that there is.
    pub(super) sql: bool,
}

/// A call's body.
pub(super) enum Load {
    /// Nothing.
    None,
    /// All of it, to be sent again where that is needed.
    Whole(Vec<u8>),
    /// It can be sent once; taken when it was.
    Once(Option<Stream>),
}

impl Load {
    /// Whether it can be sent again.
    pub(super) fn is_kept(&self) -> bool {
        !matches!(self, Self::Once(_))
    }

    pub(super) fn take(&mut self) -> OutwardBody {
        match self {
            Self::None => OutwardBody::None,
            Self::Whole(bytes) => OutwardBody::Whole(bytes.clone()),
            Self::Once(stream) => stream.take().map_or(OutwardBody::None, OutwardBody::Stream),
        }
    }
}

/// An answer's body.
#[derive(Debug)]
pub(super) enum Arrived {
    Whole(Vec<u8>),
    Stream(Stream),
}

/// What came back.
pub(super) struct Came {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Arrived,
}

/// Why nothing came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The way to the provider fails, for this reason.
    Way(Reason),
    /// The answer is larger than is read.
    TooLarge,
    /// The address, or the one that the provider sent on to, is none that may be called.
    Elsewhere(String),
    /// The provider sends on and on.
    Circles,
    /// The credentials cannot be put into a call.
    Unfit,
    /// It did not come through the gateway.
    Gateway(GatewayFailure),
}

/// Makes the call and follows where it is sent on.
pub(super) async fn go(ready: &Ready<'_>, call: &mut Outgoing) -> Result<Came, Trouble> {
    if ready.definition.gateway.is_some() {
        return through::go(ready, call).await;
    }
    let mut here = Url::parse(&call.url).map_err(|_| Trouble::Elsewhere(String::new()))?;
    let first = here.origin();
    let (mut method, mut dropped) = (call.method.clone(), false);
    for _ in 0..=HOPS {
        here.set_fragment(None);
        let mut address = String::from(here.clone());
        if !outward::may_call(&ready.definition, &ready.values, &address) {
            return Err(Trouble::Elsewhere(here.host_str().unwrap_or_default().to_owned()));
        }
        let mut headers = call.headers.clone();
        headers.insert(header::USER_AGENT, HeaderValue::from_static("Drawbridge"));
        if dropped {
            headers.remove(header::CONTENT_TYPE);
        }
        if here.origin() == first {
            address = credentials::add(&ready.way, &ready.values, &ready.bundle, &mut headers, address)
                .map_err(|_| Trouble::Unfit)?;
        }
        let body = if dropped { OutwardBody::None } else { call.body.take() };
        let came = send(ready, call.stream, method.clone(), address, headers, body).await?;
        let Some(location) = redirect(&came) else { return Ok(came) };
        here = here.join(&location).map_err(|_| Trouble::Elsewhere(String::new()))?;
        if !matches!(came.status, 307 | 308) && method != Method::HEAD {
            // As browsers do it (RFC 9110 §15.4): what is found elsewhere is read from there.
            if method != Method::GET {
                dropped = true;
            }
            method = Method::GET;
        } else if !dropped && !call.body.is_kept() {
            // A body that is gone cannot be sent on.
            return Ok(came);
        }
    }
    Err(Trouble::Circles)
}

/// Where the provider sends the call on to.
fn redirect(came: &Came) -> Option<String> {
    if !matches!(came.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    came.headers.get(header::LOCATION)?.to_str().ok().map(str::to_owned)
}

async fn send(
    ready: &Ready<'_>,
    stream: bool,
    method: Method,
    url: String,
    headers: HeaderMap,
    body: OutwardBody,
) -> Result<Came, Trouble> {
    let trouble = |error| match error {
        crate::ports::OutwardError::TooLarge => Trouble::TooLarge,
        error => Trouble::Way(outward::reason(ready.services, &ready.definition, error)),
    };
    if stream {
        let opening = OutwardOpening { method, url, headers, body, time_limit: TIME_LIMIT };
        let opened = ready.services.outward.open(opening).await.map_err(trouble)?;
        return Ok(Came {
            status: opened.status,
            headers: opened.headers,
            body: Arrived::Stream(opened.body),
        });
    }
    let body = match body {
        OutwardBody::Whole(bytes) => Some(bytes),
        OutwardBody::None | OutwardBody::Stream(_) => None,
    };
    let (time_limit, size_limit) = (TIME_LIMIT, ANSWER_LIMIT);
    let request = OutwardRequest { method, url, headers, body, time_limit, size_limit };
    let response = ready.services.outward.send(request).await.map_err(trouble)?;
    Ok(Came { status: response.status, headers: response.headers, body: Arrived::Whole(response.body) })
}

/// Puts a header in; a name or value that cannot be one is left out.
pub(super) fn put(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        headers.insert(name, value);
    }
}
