//! Attempts to deliver messages. Each is claimed first, so that of two runs one makes it; one that is cut off is made
//! again when its lease is over, under the same `webhook-id`.

use drawbridge_domain::id::{Id, TenantId, WebhookDeliveryId, WebhookId};
use drawbridge_domain::time::{DAY, MINUTE, Timestamp};
use drawbridge_domain::webhook::{DeliveryState, TEST_EVENT, WebhookOff, off_after, pause_after};
use futures_util::future::{join_all, select};
use futures_util::pin_mut;
use http::{HeaderMap, HeaderValue, header};
use serde_json::json;

use super::store::sending::{self as store, Job, Outcome};
use super::{secret_place, sign};
use crate::features::audit::{self, Actor, ChainEnd, Record};
use crate::features::live::webhook_changed;
use crate::http::Failure;
use crate::outward::is_receiver;
use crate::ports::{DbError, OutwardBody, OutwardError, OutwardOpening, Stream};
use crate::services::Services;

/// How long an endpoint may take to begin its answer, in milliseconds.
const TIME_LIMIT: u32 = 10_000;
/// How long its words are waited for after that, in milliseconds: the status is what counts.
const WORDS_LIMIT: u32 = 2000;
/// How much of an answer is kept, in characters.
const KEPT: usize = 300;
/// How long a claimed attempt is left alone, in milliseconds.
const LEASE: i64 = 2 * MINUTE;
/// How long the scheduled run leaves an endpoint alone that just failed, in milliseconds: not longer than the first
/// pause of a message, and long enough that a run does not ask it for each message that waits.
const QUIET: i64 = MINUTE;
/// The most attempts of one run: each is one call outward and two to the database.
const MOST: u32 = 100;
/// How many attempts are made at the same moment; the runtime opens no more than six calls.
const AT_ONCE: usize = 5;
/// How long a run goes on beginning attempts, in milliseconds: slow endpoints keep nothing else from being done.
const RUN: i64 = 2 * MINUTE;
/// The number of an attempt that is not made any more: those before were cut off, maybe by the message itself.
const ENOUGH: u32 = 12;

/// Makes the attempts that are due.
pub async fn deliver_due(services: &Services) -> Result<u32, Failure> {
    let until = services.now().plus(RUN);
    let (mut done, mut left) = (0, MOST);
    while left > 0 {
        let due = store::due(services, services.now(), left).await?;
        if due.is_empty() {
            break;
        }
        left = left.saturating_sub(u32::try_from(due.len()).unwrap_or(left));
        for some in due.chunks(AT_ONCE) {
            if services.now() >= until {
                return Ok(done);
            }
            let attempts = some.iter().map(|due| attempt(services, &due.tenant_id, &due.webhook_id, &due.id));
            for (due, result) in some.iter().zip(join_all(attempts).await) {
                match result {
                    Ok(made) => done += u32::from(made),
                    // One that cannot be sent keeps no other from it.
                    Err(failure) => log(services, &due.webhook_id, &failure),
                }
            }
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
        Ok(answer) => (Some(answer.status), None, answer.words),
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
        quiet_until: (!arrived).then(|| now.plus(QUIET)),
    };
    services.db.batch(store::settle(tenant, webhook, delivery, &outcome)).await?;
    webhook_changed(services, tenant, webhook);
    let off = if arrived || is_test { None } else { off_after(status, pause, failing_since, now) };
    if let Some(off) = off {
        switch_off(services, tenant, webhook, &job, off).await?;
    }
    Ok(true)
}

struct Answer {
    status: u16,
    words: String,
}

/// Sends the message, or says in words why there is no answer.
async fn send(
    services: &Services,
    tenant: &TenantId,
    webhook: &WebhookId,
    job: &Job,
    now: Timestamp,
) -> Result<Answer, String> {
    if !is_receiver(&job.url, &services.settings) {
        return Err("The address is not on the public Internet.".to_owned());
    }
    if job.attempts >= ENOUGH {
        return Err("The attempts before were cut off.".to_owned());
    }
    let headers = headers(services, tenant, webhook, job, now).ok_or("The message could not be signed.")?;
    let request = OutwardOpening {
        method: http::Method::POST,
        url: job.url.clone(),
        headers,
        body: OutwardBody::Whole(job.body.clone().into_bytes()),
        time_limit: TIME_LIMIT,
    };
    match services.outward.open(request).await {
        Ok(mut opened) => {
            Ok(Answer { status: opened.status, words: words(services, &mut opened.body).await })
        }
        Err(OutwardError::TimedOut) => Err(format!("No answer within {} seconds.", TIME_LIMIT / 1000)),
        Err(_) => Err("The endpoint could not be reached.".to_owned()),
    }
}

/// The beginning of an answer, as far as it comes soon, as text that can be shown. However long it is, no more is read.
async fn words(services: &Services, body: &mut Stream) -> String {
    let mut bytes = Vec::new();
    {
        let reading = async {
            while bytes.len() < KEPT * 4 {
                let Some(Ok(piece)) = body.next().await else { break };
                bytes.extend_from_slice(piece.get(..KEPT * 4).unwrap_or(&piece));
            }
        };
        let limit = async { services.clock.wait(WORDS_LIMIT).await };
        pin_mut!(reading, limit);
        select(reading, limit).await;
    }
    let text = String::from_utf8_lossy(&bytes);
    text.chars().take(KEPT).map(|c| if c.is_control() { ' ' } else { c }).collect()
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
