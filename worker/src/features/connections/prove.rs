//! The proof: the connector's validation operation, and as whom the connection is signed in.

use drawbridge_contract::types::connections::ConnectedAs;
use drawbridge_domain::connection::{Proof, Reason};
use drawbridge_domain::connector::{AuthWay, Call, Definition, Method, Through, Values, Verdict};
use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use serde_json::Value;

use super::secrets::Bundle;
use super::through::http::Sent;
use super::through::sql::{self, Unanswered};
use super::through::{self, On, Route};
use super::{credentials, outward};
use crate::json;
use crate::ports::{GatewayFailure, OutwardBody};
use crate::services::Services;

/// What a proof found.
#[derive(Debug)]
pub(super) struct Proved {
    /// What it says about the credentials.
    pub(super) proof: Proof,
    /// What the provider said, where it said something.
    pub(super) words: Option<String>,
    /// As whom the connection is signed in, where that could be learned.
    pub(super) identity: Option<ConnectedAs>,
    /// The call that was made, such as `GET /api/me`.
    pub(super) by: String,
    /// Whether the provider answered that the token is not accepted, so that a new one may help.
    pub(super) token_refused: bool,
}

struct Answered {
    status: u16,
    body: Option<Value>,
}

/// Why nothing was answered, and what was said about it.
struct Missed {
    reason: Reason,
    words: Option<String>,
}

impl From<Reason> for Missed {
    fn from(reason: Reason) -> Self {
        Self { reason, words: None }
    }
}

/// Runs the validation, and the identity call where that is another. `on`: for whom, which a call through a gateway says.
pub(super) async fn prove(
    services: &Services,
    definition: &Definition,
    way: &AuthWay,
    values: &Values,
    bundle: &Bundle,
    on: Option<On<'_>>,
) -> Proved {
    let call = &definition.validation;
    let mut all = values.clone();
    all.extend(bundle.token_values.clone());
    let values = &all;
    let mut found = Proved {
        proof: Proof::Proved,
        words: None,
        identity: None,
        by: described(definition, way, call, values),
        token_refused: false,
    };
    let route = Route::of(way, values, bundle).zip(on);
    let answered = match make(services, definition, way, values, bundle, call, route.as_ref()).await {
        Ok(answered) => answered,
        Err(Missed { reason, words }) => {
            found.words = words.and_then(|words| bundle.clean(&words));
            found.proof = if reason.disproves() { Proof::Disproved(reason) } else { Proof::Unknown(reason) };
            return found;
        }
    };
    let verdict = call.judge(definition, answered.status, answered.body.as_ref());
    let oauth = bundle.access_token.is_some();
    found.proof = match verdict {
        Verdict::Proven => Proof::Proved,
        Verdict::Disproved if oauth => Proof::Disproved(Reason::GrantRevoked),
        Verdict::Disproved => Proof::Disproved(Reason::CredentialsRefused),
        Verdict::Denied => Proof::Disproved(Reason::ConsentNeeded),
        Verdict::Unreachable if answered.status == 429 => Proof::Unknown(Reason::RateLimited),
        Verdict::Unreachable => Proof::Unknown(Reason::ProviderError),
        Verdict::Unexpected => Proof::Unknown(Reason::Nonsense),
    };
    found.token_refused = verdict == Verdict::Disproved && oauth;
    if verdict != Verdict::Proven {
        let said = answered.body.as_ref().and_then(|body| definition.error_text(body));
        let said =
            said.unwrap_or_else(|| format!("The service answered {} to {}.", answered.status, found.by));
        found.words = bundle.clean(&said);
        return found;
    }
    if let Some(identity) = &definition.identity {
        let body = match &identity.call {
            None => answered.body,
            Some(call) => match make(services, definition, way, values, bundle, call, route.as_ref()).await {
                Ok(answered) if (200..300).contains(&answered.status) => answered.body,
                // The credentials work all the same; as whom is learned at the next proof.
                _ => None,
            },
        };
        let read = |pointer: &drawbridge_domain::connector::Pointer| {
            body.as_ref()
                .and_then(|body| pointer.text(body))
                .map(|text| text.chars().take(200).collect::<String>())
        };
        found.identity = read(&identity.id).map(|id| ConnectedAs {
            id,
            name: identity.name.as_ref().and_then(read),
            email: identity.email.as_ref().and_then(read),
        });
    }
    found
}

async fn make(
    services: &Services,
    definition: &Definition,
    way: &AuthWay,
    values: &Values,
    bundle: &Bundle,
    call: &Call,
    route: Option<&(Route, On<'_>)>,
) -> Result<Answered, Missed> {
    if definition.gateway.as_ref().is_some_and(Through::is_database) {
        let (route, on) = route.ok_or(Reason::Unreachable)?;
        return asked(services, *on, route).await;
    }
    let url = definition.url(way, &call.path, values).map_err(|_| Reason::Unreachable)?;
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    for (name, value) in definition.headers.iter().chain(&call.headers) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    let url =
        credentials::add(way, values, bundle, &mut headers, url).map_err(|_| Reason::CredentialsRefused)?;
    let body = call.body.as_ref().map(|body| {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        body.to_string().into_bytes()
    });
    if let Some((route, on)) = route {
        let (method, safe) = (http_method(call.method), call.method == Method::Get);
        let body = body.map_or(OutwardBody::None, OutwardBody::Whole);
        let sent =
            Sent { method: &method, path: url, headers: &headers, body, safe, deadline: outward::TIME_LIMIT };
        let opened = match through::http::send(services, *on, route, sent).await {
            Ok(opened) => opened,
            Err(failure) => return Err(missed(services, *on, route, &failure).await),
        };
        let read = opened.body.read(outward::SIZE_LIMIT).await.map_err(|_| Reason::Nonsense)?;
        let body = read.map_err(|_| Reason::Nonsense)?;
        return Ok(Answered { status: opened.status, body: json::parse(&body).ok() });
    }
    let response =
        outward::send(services, definition, values, http_method(call.method), &url, headers, body).await?;
    Ok(Answered { status: response.status, body: json::parse(&response.body).ok() })
}

/// Asks a database whether it takes the login.
async fn asked(services: &Services, on: On<'_>, route: &Route) -> Result<Answered, Missed> {
    let limits = (true, outward::TIME_LIMIT, outward::SIZE_LIMIT);
    match sql::ask(services, on, route, sql::CHECK.to_vec(), limits).await {
        Ok(answered) => Ok(Answered { status: answered.status, body: sql::parsed(&answered) }),
        Err(Unanswered::TooLarge) => Err(Reason::Nonsense.into()),
        Err(Unanswered::Gateway(failure)) => Err(missed(services, on, route, &failure).await),
    }
}

async fn missed(services: &Services, on: On<'_>, route: &Route, failure: &GatewayFailure) -> Missed {
    let (reason, words) = through::failure::understood(services, on.scope, route, failure).await;
    Missed { reason, words }
}

fn http_method(method: Method) -> http::Method {
    match method {
        Method::Get => http::Method::GET,
        Method::Post => http::Method::POST,
        Method::Put => http::Method::PUT,
        Method::Patch => http::Method::PATCH,
        Method::Delete => http::Method::DELETE,
    }
}

/// The call in words: method and path, without host and query.
fn described(definition: &Definition, way: &AuthWay, call: &Call, values: &Values) -> String {
    if definition.gateway.as_ref().is_some_and(Through::is_database) {
        return "signing in".to_owned();
    }
    let url = definition.url(way, &call.path, values).unwrap_or_else(|_| call.path.as_str().to_owned());
    let path = match url::Url::parse(&url) {
        Ok(url) => url.path().to_owned(),
        // Through a gateway it is a path.
        Err(_) => url.split('?').next().unwrap_or_default().to_owned(),
    };
    format!("{} {path}", http_method(call.method))
}
