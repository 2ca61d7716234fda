//! An HTTP request to a gateway's target.

use drawbridge_contract::link::FailureCode;
use drawbridge_contract::link::messages::{CallKind, Failure, HttpRequest};
use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Method};

use super::{On, Question, Route};
use crate::ports::{GatewayFailure, OutwardBody, Stream};
use crate::services::Services;

/// What came back.
pub(in super::super) struct Opened {
    pub(in super::super) status: u16,
    pub(in super::super) headers: HeaderMap,
    pub(in super::super) body: Stream,
}

/// A request.
pub(in super::super) struct Sent<'a> {
    pub(in super::super) method: &'a Method,
    /// Path and query after the target's base URL.
    pub(in super::super) path: String,
    pub(in super::super) headers: &'a HeaderMap,
    pub(in super::super) body: OutwardBody,
    pub(in super::super) safe: bool,
    pub(in super::super) deadline: u32,
}

/// Sends it, and waits for the beginning of the answer.
pub(in super::super) async fn send(
    services: &Services,
    on: On<'_>,
    route: &Route,
    sent: Sent<'_>,
) -> Result<Opened, GatewayFailure> {
    let length = match &sent.body {
        OutwardBody::None => Some(0),
        OutwardBody::Whole(bytes) => Some(bytes.len() as u64),
        OutwardBody::Stream(_) => None,
    };
    let headers = sent
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
    let request = HttpRequest {
        method: sent.method.as_str().to_owned(),
        path: sent.path,
        headers: headers.collect(),
        length,
    };
    let question = Question {
        kind: CallKind::Http,
        http: Some(request),
        body: sent.body,
        safe: sent.safe,
        deadline: sent.deadline,
    };
    let answer = route.ask(services, on, question).await?;
    let head =
        answer.head.http.ok_or_else(|| GatewayFailure::Broke("an answer without its head".to_owned()))?;
    // What is none of an answer, no caller could be given.
    if !(200..600).contains(&head.status) {
        let detail = format!("it answered with the status {}", head.status);
        let failure = Failure { code: FailureCode::TargetBroke, reached: true, detail };
        return Err(GatewayFailure::Failed(failure));
    }
    let mut headers = HeaderMap::new();
    for (name, value) in &head.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.append(name, value);
        }
    }
    Ok(Opened { status: head.status, headers, body: answer.body })
}
