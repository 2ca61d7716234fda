//! One call through a gateway. Where the target would send it on to, it is not followed: nobody here knows the target's
//! own addresses.

use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Method, header};

use super::journey::{Arrived, Came, Load, Outgoing, Trouble};
use super::limits::{ANSWER_LIMIT, STREAM_TIME, TIME_LIMIT};
use super::ready::Ready;
use crate::features::connections::prove;
use crate::features::connections::settle::{self, Finding};
use crate::features::connections::store::through as store;
use crate::features::connections::through::http::Sent;
use crate::features::connections::through::sql::Unanswered;
use crate::features::connections::through::{self, Route};
use crate::features::gateways;
use crate::http::Failure;
use crate::json;
use crate::ports::{GatewayAway, GatewayFailure, OutwardBody};
use drawbridge_domain::connection::{Proof, Reason, Status};
use drawbridge_domain::connector::Ticket;
use drawbridge_domain::gateway::GatewayStatus;

/// Makes it.
pub(super) async fn go(ready: &Ready<'_>, call: &mut Outgoing) -> Result<Came, Trouble> {
    // A gateway that is gone or switched off, or settings that lead nowhere any more.
    let takes = ready.row.gateway_name.is_some() && status(ready) != Some(GatewayStatus::Disabled);
    let Some(route) = ready.route().filter(|_| takes) else {
        return Err(Trouble::Gateway(GatewayFailure::Away(GatewayAway::NotLinked)));
    };
    if call.sql { asked(ready, &route, call).await } else { sent(ready, &route, call).await }
}

/// How the gateway is as far as it is known here, which is for certain whether it is switched off.
fn status(ready: &Ready<'_>) -> Option<GatewayStatus> {
    GatewayStatus::from_code(ready.row.gateway_status.as_deref()?)
}

/// A question to a database.
async fn asked(ready: &Ready<'_>, route: &Route, call: &mut Outgoing) -> Result<Came, Trouble> {
    let question = match &call.body {
        Load::Whole(bytes) => bytes.clone(),
        Load::None | Load::Once(_) => Vec::new(),
    };
    let limits = (call.repeatable, TIME_LIMIT, ANSWER_LIMIT);
    let answered = through::sql::ask(ready.services, ready.on(), route, question, limits).await;
    let answered = answered.map_err(|unanswered| match unanswered {
        Unanswered::Gateway(failure) => Trouble::Gateway(failure),
        Unanswered::TooLarge => Trouble::TooLarge,
    })?;
    Ok(Came { status: answered.status, headers: HeaderMap::new(), body: Arrived::Whole(answered.body) })
}

/// An HTTP request.
async fn sent(ready: &Ready<'_>, route: &Route, call: &mut Outgoing) -> Result<Came, Trouble> {
    let mut headers = call.headers.clone();
    headers.insert(header::USER_AGENT, HeaderValue::from_static("Drawbridge"));
    let through = ready.definition.gateway.as_ref();
    let changes = !matches!(call.method, Method::GET | Method::HEAD | Method::OPTIONS);
    if let Some(ticket) = through.and_then(|through| through.ticket.as_ref()).filter(|_| changes) {
        match given(ready, route, ticket).await? {
            Ok((name, value)) => drop(headers.insert(name, value)),
            // What the target has against it is the answer.
            Err(refused) => return Ok(refused),
        }
    }
    // What streams has as long as a body may take; it can be let go of at any time.
    let deadline = if call.stream { u32::try_from(STREAM_TIME).unwrap_or(TIME_LIMIT) } else { TIME_LIMIT };
    let request = Sent {
        method: &call.method,
        path: call.url.clone(),
        headers: &headers,
        body: call.body.take(),
        safe: call.repeatable,
        deadline,
    };
    let opened =
        through::http::send(ready.services, ready.on(), route, request).await.map_err(Trouble::Gateway)?;
    let body = if call.stream {
        Arrived::Stream(opened.body)
    } else {
        let read = opened.body.read(ANSWER_LIMIT).await;
        let read = read.map_err(|cause| Trouble::Gateway(GatewayFailure::Broke(cause)))?;
        Arrived::Whole(read.map_err(|_| Trouble::TooLarge)?)
    };
    Ok(Came { status: opened.status, headers: opened.headers, body })
}

/// The value that the service wants back with every call that changes something; or its answer that has none.
async fn given(
    ready: &Ready<'_>,
    route: &Route,
    ticket: &Ticket,
) -> Result<Result<(HeaderName, HeaderValue), Came>, Trouble> {
    let path = ticket.path.expand(&ready.values).map_err(|_| Trouble::Unfit)?;
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    for (name, value) in &ready.definition.headers {
        super::journey::put(&mut headers, name, value);
    }
    let body = OutwardBody::None;
    let request =
        Sent { method: &Method::POST, path, headers: &headers, body, safe: true, deadline: TIME_LIMIT };
    let opened =
        through::http::send(ready.services, ready.on(), route, request).await.map_err(Trouble::Gateway)?;
    let read = opened.body.read(ANSWER_LIMIT).await;
    let read = read.map_err(|cause| Trouble::Gateway(GatewayFailure::Broke(cause)))?;
    let bytes = read.map_err(|_| Trouble::TooLarge)?;
    let value = json::parse(&bytes).ok().and_then(|body| ticket.at.text(&body));
    let header = HeaderName::try_from(&ticket.header).ok();
    match header.zip(value.and_then(|value| HeaderValue::try_from(value).ok())) {
        Some(pair) if opened.status < 300 => Ok(Ok(pair)),
        _ => Ok(Err(Came { status: opened.status, headers: opened.headers, body: Arrived::Whole(bytes) })),
    }
}

/// What a failure means: what it says of the connection is written down, and the caller is told what happened.
pub(super) async fn told(ready: &Ready<'_>, failure: GatewayFailure) -> Result<Failure, Failure> {
    let name = ready.row.gateway_name.clone().unwrap_or_default();
    let Some(route) = ready.route() else { return Ok(ready.unusable(Reason::GatewayDisconnected, None)) };
    let (reason, words) = through::failure::understood(ready.services, ready.scope, &route, &failure).await;
    let of_connection = through::failure::is_of_connection(&failure);
    if of_connection {
        let finding = Finding::without_tokens(reason, words.clone());
        settle::by_system(ready.services, ready.scope.tenant(), &ready.row.summary.id, &finding).await?;
    }
    if of_connection && reason.disproves() {
        return Ok(ready.unusable(reason, words.as_deref()));
    }
    Ok(gateways::failed(failure, (&name, status_now(ready, &route).await), &route.target))
}

/// How the gateway is just now: it comes and goes without a word to those who keep what is known of its connections.
async fn status_now(ready: &Ready<'_>, route: &Route) -> Option<GatewayStatus> {
    let rows = store::gateway(ready.services, ready.scope, &route.gateway).await.ok()?;
    GatewayStatus::from_code(&rows.first()?.status)
}

/// A call that came through shows that the way is open again: a connection that was found without it is proved anew.
pub(super) async fn came_through(ready: &Ready<'_>) -> Result<(), Failure> {
    let (status, reason) = (ready.row.summary.status()?, ready.row.summary.reason()?);
    if status != Status::Degraded || !reason.is_of_gateway() {
        return Ok(());
    }
    let on = Some(ready.on());
    let (definition, way) = (&ready.definition, &ready.way);
    let found = prove::prove(ready.services, definition, way, &ready.values, &ready.bundle, on).await;
    if matches!(found.proof, Proof::Unknown(_)) {
        return Ok(());
    }
    let id = &ready.row.summary.id;
    settle::by_system(ready.services, ready.scope.tenant(), id, &Finding::of(found)).await
}
