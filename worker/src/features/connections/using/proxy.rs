//! Passing a request through to the connector's service: method, safe headers and bodies as they come.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::connector::{Template, Through};
use drawbridge_domain::id::{ConnectionId, Id};
use drawbridge_domain::time::Timestamp;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderValue, Method};

use super::answer::chosen;
use super::exchange::{Exchanged, exchange};
use super::journey::{Arrived, Load, Outgoing};
use super::limits::{KEPT_BODY, STREAM_LIMIT, STREAM_TIME};
use super::ready::Ready;
use crate::features::connections::outward;
use crate::http::{Answer, Body, Failure, Incoming, Streamed};
use crate::ports::{Pending, Pieces, Stream};
use crate::services::Services;

/// The headers that pass from the caller to the provider. None of them is about who calls.
const SAFE: [&str; 14] = [
    "accept",
    "accept-language",
    "content-type",
    "content-language",
    "content-disposition",
    "content-range",
    "idempotency-key",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "prefer",
    "range",
];

/// Whatever a provider sends, it is never a page of ours.
const POLICY: &str =
    "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Methods that can be repeated without harm (RFC 9110 §9.2.2).
const IDEMPOTENT: [Method; 5] = [Method::GET, Method::HEAD, Method::OPTIONS, Method::PUT, Method::DELETE];
const METHODS: [Method; 7] =
    [Method::GET, Method::HEAD, Method::OPTIONS, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

/// Passes it through.
pub(in super::super) async fn handle(call: Streamed) -> Result<Answer, Failure> {
    let Streamed { services, scope, params, incoming } = call;
    let id = params.get("connection").and_then(serde_json::Value::as_str).unwrap_or_default();
    let id = ConnectionId::parse(id).map_err(|_| Failure::not_found("connection"))?;
    if !METHODS.contains(&incoming.method) {
        return Err(Failure::new(ProblemCode::MethodNotAllowed, "This method does not pass through."));
    }
    let mut ready = Ready::new(&services, &scope, &id).await?;
    let rest = rest(&incoming).to_owned();
    let query = incoming.url.query().map(str::to_owned);
    address(&ready, &rest, query.as_deref())?;
    ready.record_use_by_role().await?;
    let (method, headers) = (incoming.method.clone(), safe(&incoming.headers));
    let mut load = Some(load(&services, &incoming.headers, incoming.body).await?);
    let mut kept = match &load {
        Some(Load::Whole(bytes)) => Some(bytes.clone()),
        _ => None,
    };
    let build = |ready: &Ready<'_>| {
        let body = match load.take() {
            Some(load) => load,
            None => kept.take().map_or(Load::None, Load::Whole),
        };
        let mut headers = headers.clone();
        for (name, value) in &ready.definition.headers {
            super::journey::put(&mut headers, name, value);
        }
        let url = address(ready, &rest, query.as_deref())?;
        let repeatable = IDEMPOTENT.contains(&method);
        Ok(Outgoing { method: method.clone(), url, headers, body, repeatable, stream: true, sql: false })
    };
    let exchanged = exchange(&mut ready, build).await?;
    Ok(answer(&services, &ready, &method, exchanged))
}

/// The path after `…/proxy/`, encoded as it came.
fn rest(incoming: &Incoming) -> &str {
    incoming.url.path().splitn(7, '/').nth(6).unwrap_or_default()
}

/// Where the call goes: the connector's base address and the rest of the path.
fn address(ready: &Ready<'_>, rest: &str, query: Option<&str>) -> Result<String, Failure> {
    if ready.definition.gateway.as_ref().is_some_and(Through::is_database) {
        let detail = "A database has no addresses: run one of the connection's operations.";
        return Err(Failure::new(ProblemCode::BadRequest, detail));
    }
    let bad = || Failure::new(ProblemCode::BadRequest, "This path cannot be passed through.");
    let base = ready.definition.url(&ready.way, &Template::new("/"), &ready.values).map_err(|_| bad())?;
    let mut address = base + rest;
    if let Some(query) = query {
        address.push('?');
        address.push_str(query);
    }
    if outward::may_call(&ready.definition, &ready.values, &address) { Ok(address) } else { Err(bad()) }
}

fn safe(headers: &HeaderMap) -> HeaderMap {
    let mut safe = HeaderMap::new();
    for name in SAFE {
        if let Some(value) = headers.get(name) {
            safe.insert(name, value.clone());
        }
    }
    if !safe.contains_key("accept") {
        safe.insert("accept", HeaderValue::from_static("*/*"));
    }
    safe
}

/// A small body is kept, so that the call can be made again; a large one passes through. Where its length is told, HTTP
/// sees to it that no more comes, and nobody looks at it here.
async fn load(services: &Services, headers: &HeaderMap, body: Body) -> Result<Load, Failure> {
    let broken = |cause| Failure::new(ProblemCode::BadRequest, "The body broke off.").because(cause);
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > STREAM_LIMIT) {
        let detail = "A body of at most 1 GiB passes through.";
        return Err(Failure::new(ProblemCode::BodyTooLarge, detail));
    }
    let large = length.is_some_and(|length| length > KEPT_BODY as u64);
    match body {
        Body::Stream(stream) if large => Ok(Load::Once(Some(stream))),
        Body::Read(bytes) if bytes.is_empty() => Ok(Load::None),
        Body::Read(bytes) => Ok(Load::Whole(bytes)),
        Body::Stream(stream) => Ok(match stream.read(KEPT_BODY).await.map_err(broken)? {
            Ok(bytes) if bytes.is_empty() => Load::None,
            Ok(bytes) => Load::Whole(bytes),
            Err((read, rest)) => Load::Once(Some(bounded(services, rest.after(read)))),
        }),
    }
}

fn answer(services: &Services, ready: &Ready<'_>, method: &Method, exchanged: Exchanged) -> Answer {
    let came = exchanged.came;
    // These have no body, and the runtime refuses one.
    let empty = *method == Method::HEAD || matches!(came.status, 204 | 205 | 304);
    let stream = match came.body {
        _ if empty => None,
        // A gateway's hub bounds it, where it need not be looked at for that.
        Arrived::Stream(stream) if ready.definition.gateway.is_some() => Some(stream),
        Arrived::Stream(stream) => Some(bounded(services, stream)),
        Arrived::Whole(_) => None,
    };
    let mut answer = Answer::stream(came.status, stream);
    for (name, value) in chosen(ready, &came.headers) {
        answer = answer.with(name, &value);
    }
    let header = |name: &str| came.headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(id) = ready.definition.request_id_header.as_deref().and_then(header) {
        answer = answer.with("x-provider-request-id", id);
    }
    answer.with("x-answered-by", "provider").with("content-security-policy", POLICY)
}

/// A body that ends with an error when it grows too large or takes too long.
fn bounded(services: &Services, stream: Stream) -> Stream {
    let until = services.now().plus(STREAM_TIME);
    Stream::new(Bounded { stream, services: services.clone(), until, left: STREAM_LIMIT })
}

struct Bounded {
    stream: Stream,
    services: Services,
    until: Timestamp,
    left: u64,
}

impl Pieces for Bounded {
    fn next(&mut self) -> Pending<'_, Option<Result<Vec<u8>, String>>> {
        Box::pin(async move {
            let piece = match self.stream.next().await? {
                Ok(piece) => piece,
                Err(cause) => return Some(Err(cause)),
            };
            match self.left.checked_sub(piece.len() as u64) {
                Some(left) if self.services.now() <= self.until => self.left = left,
                _ => return Some(Err("more, or longer, than passes through".to_owned())),
            }
            Some(Ok(piece))
        })
    }
}
