//! Attempts to deliver messages. Each is claimed first, so that of two runs one makes it; one that is cut off is made
//! again when its lease is over, under the same `webhook-id`.

use drawbridge_domain::id::{Id, TenantId, WebhookDeliveryId, WebhookId};
use drawbridge_domain::time::{DAY, MINUTE, Timestamp};
use drawbridge_domain::webhook::{DeliveryState, TEST_EVENT, WebhookOff, off_after, pause_after};
use http::{HeaderMap, HeaderValue, header};
use serde_json::json;

use super::store::sending::{self as store, Job, Outcome};
use super::{secret_place, sign};
use crate::features::audit::{self, Actor, ChainEnd, Record};
use crate::http::Failure;
use crate::outward::is_public;
use crate::ports::{DbError, OutwardError, OutwardRequest};
use crate::services::Services;

/// How long an endpoint may take, in milliseconds.
const TIME_LIMIT: u32 = 10_000;
/// The largest answer that is read, in bytes.
const SIZE_LIMIT: usize = 256 * 1024;
/// How much of an answer is kept, in characters.
const KEPT: usize = 300;
/// How long a claimed attempt is left alone, in milliseconds.
const LEASE: i64 = 2 * MINUTE;
/// How long the other messages to an endpoint wait when one failed, in milliseconds: it is not asked over and over.
const PUT_OFF: i64 = 4 * MINUTE;
/// The most attempts of one run.
const MOST: u32 = 40;

/// Makes the attempts that are due.
pub async fn deliver_due(services: &Services) -> Result<u32, Failure> {
    let mut done = 0;
    for due in store::due(services, services.now(), MOST).await? {
        match attempt(services, &due.tenant_id, &due.webhook_id, &due.id).await {
            Ok(true) => done += 1,
            Ok(false) => {}
            // One that cannot be sent keeps no other from it.
            Err(failure) => log(services, &due.webhook_id, &failure),
        }
    }
    Ok(done)
}

/// Makes one attempt, where it is due and nobody else makes it.
pub(super) async fn attempt(
    services: &Services,
    tenant: &TenantId,
    webhook: &WebhookId,
    delivery: &WebhookDeliveryId,
) -> Result<bool, Failure> {
    let began = services.now();
    let Some(job) = store::claim(services, tenant, webhook, delivery, began, began.plus(LEASE)).await? else {
        return Ok(false);
    };
    let (status, fault, answer) = match send(services, tenant, webhook, &job, began).await {
        Ok(answer) => (Some(answer.status), None, beginning(&answer.body)),
        Err(fault) => (None, Some(fault), String::new()),
    };
    let now = services.now();
    let arrived = status.is_some_and(|status| (200..300).contains(&status));
    let is_test = job.event == TEST_EVENT;
    let failing_since = job.failing_since.map_or(began, Timestamp::from_millis);
    let old = now.since(Timestamp::from_millis(job.created_at)) > 2 * DAY;
    let pause = pause_after(job.attempts).filter(|_| !arrived && !is_test && !old);
    let state = match (arrived, pause) {
        (true, _) => DeliveryState::Delivered,
        (false, Some(_)) => DeliveryState::Pending,
        (false, None) => DeliveryState::Failed,
    };
    let outcome = Outcome {
        number: job.attempts,
        at: began,
        millis: now.since(began),
        status,
        fault,
        answer,
        state,
        next_at: pause.map(|pause| now.plus(pause)),
        // A test says nothing about what arrives otherwise, unless it does.
        failing_since: if is_test && !arrived {
            job.failing_since
        } else {
            (!arrived).then(|| failing_since.millis())
        },
        put_off: (!arrived).then(|| now.plus(PUT_OFF)),
    };
    services.db.batch(store::settle(tenant, webhook, delivery, now, &outcome)).await?;
    let off = if arrived || is_test { None } else { off_after(status, pause, failing_since, now) };
    if let Some(off) = off {
        switch_off(services, tenant, webhook, &job, off).await?;
    }
    Ok(true)
}

struct Answer {
    status: u16,
    body: Vec<u8>,
}

/// Sends the message, or says in words why there is no answer.
async fn send(
    services: &Services,
    tenant: &TenantId,
    webhook: &WebhookId,
    job: &Job,
    now: Timestamp,
) -> Result<Answer, String> {
    if !is_public(&job.url) {
        return Err("The address is not on the public Internet.".to_owned());
    }
    let headers = headers(services, tenant, webhook, job, now).ok_or("The message could not be signed.")?;
    let request = OutwardRequest {
        method: http::Method::POST,
        url: job.url.clone(),
        headers,
        body: Some(job.body.clone().into_bytes()),
        time_limit: TIME_LIMIT,
        size_limit: SIZE_LIMIT,
    };
    match services.outward.send(request).await {
        Ok(answer) => Ok(Answer { status: answer.status, body: answer.body }),
        Err(OutwardError::TimedOut) => Err(format!("No answer within {} seconds.", TIME_LIMIT / 1000)),
        Err(OutwardError::TooLarge) => Err("The answer is larger than 256 KiB.".to_owned()),
        Err(OutwardError::Unreachable(_)) => Err("The endpoint could not be reached.".to_owned()),
    }
}

/// The headers of a message: signed with the present secret and, during a rotation, with the one before.
fn headers(
    services: &Services,
    tenant: &TenantId,
    webhook: &WebhookId,
    job: &Job,
    now: Timestamp,
) -> Option<HeaderMap> {
    let seconds = now.millis().div_euclid(1000);
    let previous = job.sealed_previous.as_deref().filter(|_| job.previous_until > Some(now.millis()));
    let mut signatures = Vec::new();
    for sealed in std::iter::once(job.sealed_secret.as_str()).chain(previous) {
        let secret = services.vault.open(secret_place(tenant, webhook.as_str()), sealed).ok()?;
        signatures.push(sign::signature(secret.text()?, &job.message_id, seconds, &job.body)?);
    }
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::USER_AGENT, HeaderValue::from_static("Drawbridge"));
    headers.insert("webhook-id", HeaderValue::from_str(&job.message_id).ok()?);
    headers.insert("webhook-timestamp", HeaderValue::from(seconds));
    headers.insert("webhook-signature", HeaderValue::from_str(&signatures.join(" ")).ok()?);
    Some(headers)
}

/// The beginning of an answer, as text that can be shown.
fn beginning(body: &[u8]) -> String {
    let start = body.get(..KEPT * 4).unwrap_or(body);
    let text = String::from_utf8_lossy(start);
    text.chars().take(KEPT).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Switches an endpoint off that does not take messages any more, and with it all that waits for it.
async fn switch_off(
    services: &Services,
    tenant: &TenantId,
    webhook: &WebhookId,
    job: &Job,
    why: WebhookOff,
) -> Result<(), Failure> {
    let record =
        Record::done("webhook.disabled", "webhook", webhook.as_str(), &job.name).with_changes(json!({
            "enabled": { "before": true, "after": false }, "reason": { "after": why },
        }));
    let context = audit::Context { tenant, actor: Actor::system(), facts: None, end: ChainEnd::default() };
    match audit::commit(services, context, store::switch_off(tenant, webhook, why), &[record]).await {
        // Somebody was quicker.
        Err(DbError::Guard) => Ok(()),
        result => result.map(|_| ()).map_err(Failure::from),
    }
}

/// A fault of ours, for the log.
pub(super) fn log(services: &Services, webhook: &WebhookId, failure: &Failure) {
    let cause = failure.cause().unwrap_or_else(|| failure.detail());
    let line = json!({ "event": "webhook", "level": "error", "webhook": webhook, "cause": cause });
    services.log.line(&line.to_string());
}
