//! What is checked of a request before its handler is asked.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::limits::MAX_BODY;
use http::Method;
use serde_json::{Map, Value};

use super::call::{lost_race, version_of};
use super::{Body, Facts, Failure, Incoming};

/// The longest token that is looked at, in characters.
const TOKEN_MAX: usize = 8192;

/// What stands in the `Authorization` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Presented {
    /// There is none.
    Nothing,
    /// A bearer token (RFC 6750 §2.1). No page of another site can make a browser send one.
    Bearer(String),
    /// Something that we do not take.
    Other,
}

/// Reads the `Authorization` header. A token in the address is refused (RFC 9700 §2.4): addresses are logged.
pub(super) fn presented(incoming: &Incoming) -> Result<Presented, Failure> {
    let in_query = |(name, _): (std::borrow::Cow<'_, str>, _)| name == "access_token";
    if form_urlencoded::parse(incoming.url.query().unwrap_or_default().as_bytes()).any(in_query) {
        return Err(Failure::bad_bearer("Send the token in the Authorization header, never in the address."));
    }
    let mut values = incoming.headers.get_all("authorization").iter();
    let Some(first) = values.next() else { return Ok(Presented::Nothing) };
    if values.next().is_some() {
        return Err(Failure::bad_bearer("Send one Authorization header."));
    }
    let text = first.to_str().unwrap_or_default();
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Ok(Presented::Other);
    }
    let token = token.trim_matches(' ');
    if token.len() > TOKEN_MAX {
        return Err(Failure::bad_token());
    }
    let body = token.trim_end_matches('=');
    if body.is_empty() || !body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
    {
        return Err(Failure::bad_bearer("Send the header as “Authorization: Bearer ” and one token."));
    }
    Ok(Presented::Bearer(token.to_owned()))
}

/// Unsafe methods are for our own pages: a browser always names the origin of the page that asks.
pub(super) fn same_origin(incoming: &Incoming, facts: &Facts) -> Result<(), Failure> {
    if incoming.header("origin") == Some(&facts.origin) {
        return Ok(());
    }
    Err(Failure::new(
        ProblemCode::CrossSite,
        "Changes are taken only from pages of Drawbridge itself: send an Origin header with its address.",
    ))
}

/// What passes through to a provider is for our own pages and for programs: a browser says when another site asks,
/// and names the origin of the page whenever the method is unsafe.
pub(super) fn own_page(incoming: &Incoming, facts: &Facts) -> Result<(), Failure> {
    let safe = matches!(incoming.method, Method::GET | Method::HEAD | Method::OPTIONS);
    let site = incoming.header("sec-fetch-site");
    if safe && incoming.header("origin").is_none() && matches!(site, None | Some("same-origin" | "none")) {
        return Ok(());
    }
    same_origin(incoming, facts)
}

/// A WebSocket is asked for, with this subprotocol where it has one.
pub(super) fn asks_for_socket(incoming: &Incoming, protocol: Option<&str>) -> Result<(), Failure> {
    if !incoming.header("upgrade").is_some_and(|to| to.eq_ignore_ascii_case("websocket")) {
        let detail = "This address is for WebSockets: send Upgrade: websocket.";
        return Err(Failure::new(ProblemCode::BadRequest, detail));
    }
    let offered = incoming.header("sec-websocket-protocol").unwrap_or_default();
    match protocol {
        Some(wanted) if !offered.split(',').any(|offered| offered.trim() == wanted) => {
            let detail = format!("Offer the subprotocol {wanted} here.");
            Err(Failure::new(ProblemCode::BadRequest, detail))
        }
        _ => Ok(()),
    }
}

pub(super) fn if_match(incoming: &Incoming) -> Result<i64, Failure> {
    let Some(etag) = incoming.header("if-match") else {
        let detail = "Send the ETag of what you read in If-Match, so that nobody's change is lost.";
        return Err(Failure::new(ProblemCode::PreconditionRequired, detail));
    };
    version_of(etag).ok_or_else(lost_race)
}

pub(super) fn decoded(segment: &str) -> Result<String, Failure> {
    let bad = || Failure::new(ProblemCode::BadRequest, "The address is not encoded as it should be.");
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit =
                |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16)).ok_or_else(bad);
            let value = digit(rest.next())? * 16 + digit(rest.next())?;
            bytes.push(u8::try_from(value).map_err(|_| bad())?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).map_err(|_| bad())
}

pub(super) fn query(incoming: &Incoming) -> Result<Map<String, Value>, Failure> {
    let mut query = Map::new();
    for (name, value) in form_urlencoded::parse(incoming.url.query().unwrap_or_default().as_bytes()) {
        // What may be there more than once says so in its name.
        if name.ends_with("[]") {
            let list = query.entry(name.to_string()).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(values) = list {
                values.push(value.to_string().into());
            }
        } else if query.insert(name.to_string(), value.to_string().into()).is_some() {
            return Err(Failure::field(&name, "repeated", "Send this parameter once."));
        }
    }
    Ok(query)
}

pub(super) async fn read_within_limit(incoming: &mut Incoming) -> Result<Vec<u8>, Failure> {
    let body = std::mem::replace(&mut incoming.body, Body::Read(Vec::new()));
    let broken = |cause| Failure::new(ProblemCode::BadRequest, "The body broke off.").because(cause);
    let read = body.read(MAX_BODY).await.map_err(broken)?;
    read.ok_or_else(|| Failure::new(ProblemCode::BodyTooLarge, "A request's body is at most 1 MiB."))
}

pub(super) fn check_body(incoming: &Incoming, bytes: Vec<u8>) -> Result<Vec<u8>, Failure> {
    let media_type = incoming.header("content-type").unwrap_or_default();
    if !media_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Err(Failure::new(ProblemCode::UnsupportedMediaType, "Send Content-Type: application/json."));
    }
    Ok(bytes)
}
