//! Calls to a tenant's OpenID provider and to the DNS: public addresses only, bounded in size and time.

use http::header::{ACCEPT, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method};
use serde_json::{Map, Value};

use crate::json;
use crate::outward::is_public;
use crate::ports::{OutwardError, OutwardRequest};
use crate::services::Services;

/// How long an answer may take, in milliseconds: a person waits for it.
const TIME_LIMIT: u32 = 10_000;
/// The largest answer that is read, in bytes.
const SIZE_LIMIT: usize = 128 * 1024;

/// Why a call brought nothing that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The address is none that may be called from here.
    NotPublic,
    /// No answer, or not in time, or a server error.
    Unreachable,
    /// An answer that makes no sense; the words are for administrators.
    Nonsense(&'static str),
}

impl Trouble {
    /// What happened, for administrators.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::NotPublic => "This address cannot be called from here: use https and a public name.",
            Self::Unreachable => "The provider did not answer in time. Look at the address, then try again.",
            Self::Nonsense(words) => words,
        }
    }
}

/// Whether an address may be called: a public one. In development that of the sandbox provider too; a production
/// build knows of none.
pub(super) fn may_call(services: &Services, url: &str) -> bool {
    let sandbox = services.settings.sandbox_origin.as_ref();
    let in_sandbox = sandbox
        .and_then(|origin| url.strip_prefix(origin.as_str()))
        .is_some_and(|rest| rest.starts_with('/'));
    in_sandbox || is_public(url)
}

/// What a server answered: its status, and the object of JSON in it.
pub(super) type Answered = (u16, Option<Map<String, Value>>);

/// Sends a request and reads JSON.
pub(super) async fn send(
    services: &Services,
    method: Method,
    url: &str,
    mut headers: HeaderMap,
    body: Option<String>,
) -> Result<Answered, Trouble> {
    if !may_call(services, url) {
        return Err(Trouble::NotPublic);
    }
    headers.insert(USER_AGENT, HeaderValue::from_static("Drawbridge"));
    if !headers.contains_key(ACCEPT) {
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    }
    let request = OutwardRequest {
        method,
        url: url.to_owned(),
        headers,
        body: body.map(String::into_bytes),
        time_limit: TIME_LIMIT,
        size_limit: SIZE_LIMIT,
    };
    let response = services.outward.send(request).await.map_err(|error| match error {
        OutwardError::TooLarge => Trouble::Nonsense("The provider's answer is too large."),
        OutwardError::TimedOut => Trouble::Unreachable,
        OutwardError::Unreachable(cause) => {
            let line =
                serde_json::json!({ "event": "outward", "level": "warn", "for": "sso", "cause": cause });
            services.log.line(&line.to_string());
            Trouble::Unreachable
        }
    })?;
    if response.status >= 500 || response.status == 429 {
        return Err(Trouble::Unreachable);
    }
    let object = match json::parse(&response.body) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    };
    Ok((response.status, object))
}

/// Reads an object of JSON; anything but a success is told in these words.
pub(super) async fn get(
    services: &Services,
    url: &str,
    headers: HeaderMap,
    otherwise: &'static str,
) -> Result<Map<String, Value>, Trouble> {
    match send(services, Method::GET, url, headers, None).await? {
        (200, Some(object)) => Ok(object),
        _ => Err(Trouble::Nonsense(otherwise)),
    }
}
