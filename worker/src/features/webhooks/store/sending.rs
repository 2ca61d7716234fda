//! The queue of messages: written, claimed, settled and forgotten.

use drawbridge_domain::id::{Id, TenantId, WebhookDeliveryId, WebhookId};
use drawbridge_domain::time::Timestamp;
use drawbridge_domain::webhook::{DeliveryState, LOG_LIFE, LOG_MOST, QUEUE_MAX, WebhookOff};
use serde::Deserialize;

use crate::http::Scope;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

/// Queues a message for every endpoint that chose its event; answers who is told now. Where too many wait already, it
/// is only logged.
pub(in crate::features::webhooks) fn queue(
    tenant: &TenantId,
    id: &WebhookDeliveryId,
    event: &str,
    body: &str,
    now: Timestamp,
) -> Statement {
    Statement::of(
        tenant,
        "INSERT INTO webhook_deliveries (tenant_id, webhook_id, id, message_id, event, body, state, next_at, created_at)
         SELECT ?1, w.id, ?2, ?2, ?3, ?4, CASE WHEN w.room THEN 'pending' ELSE 'dropped' END,
                CASE WHEN w.room THEN ?5 END, ?5
         FROM (SELECT v.id, (SELECT COUNT(*) FROM webhook_deliveries q
                             WHERE q.tenant_id = ?1 AND q.webhook_id = v.id AND q.next_at IS NOT NULL) < ?6 AS room
               FROM webhooks v
               WHERE v.tenant_id = ?1 AND v.enabled = 1
                 AND EXISTS (SELECT 1 FROM json_each(v.events) WHERE json_each.value = ?3)) w
         WHERE 1
         RETURNING webhook_id, id",
        values![id.as_str(), event, body, now, QUEUE_MAX],
    )
}

/// Queues a message for one endpoint, where not too many wait.
pub(in crate::features::webhooks) fn queue_one(
    scope: &Scope,
    webhook: &WebhookId,
    id: &WebhookDeliveryId,
    message: &str,
    event: &str,
    body: &str,
    now: Timestamp,
) -> Vec<Statement> {
    vec![
        scope.statement(
            "INSERT INTO must_be_under (used, most) SELECT COUNT(*), ?3 FROM webhook_deliveries
             WHERE tenant_id = ?1 AND webhook_id = ?2 AND next_at IS NOT NULL",
            values![webhook.as_str(), QUEUE_MAX],
        ),
        scope.statement(
            "INSERT INTO webhook_deliveries
               (tenant_id, webhook_id, id, message_id, event, body, state, next_at, created_at)
             SELECT ?1, id, ?3, ?4, ?5, ?6, 'pending', ?7, ?7 FROM webhooks WHERE tenant_id = ?1 AND id = ?2",
            values![webhook.as_str(), id.as_str(), message, event, body, now],
        ),
        Statement::must_change(),
    ]
}

/// Makes the next attempt of a message due that waits for it, unless one is under way.
pub(in crate::features::webhooks) fn hurry(
    scope: &Scope,
    webhook: &WebhookId,
    id: &WebhookDeliveryId,
    now: Timestamp,
) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE webhook_deliveries SET next_at = ?4
             WHERE tenant_id = ?1 AND webhook_id = ?2 AND id = ?3 AND state = 'pending' AND next_at IS NOT NULL
               AND (next_at <= ?4 OR attempts = (SELECT MAX(a.number) FROM webhook_attempts a
                 WHERE a.tenant_id = ?1 AND a.webhook_id = ?2 AND a.delivery_id = ?3))",
            values![webhook.as_str(), id.as_str(), now],
        ),
        Statement::must_change(),
    ]
}

/// A delivery whose next attempt is due.
#[derive(Deserialize)]
pub(in crate::features::webhooks) struct Due {
    pub(in crate::features::webhooks) tenant_id: TenantId,
    pub(in crate::features::webhooks) webhook_id: WebhookId,
    pub(in crate::features::webhooks) id: WebhookDeliveryId,
}

/// Of every endpoint that is not left alone the message that waits longest, some endpoints at a time, so that a long
/// queue of one keeps no other waiting.
pub(in crate::features::webhooks) async fn due(
    services: &Services,
    now: Timestamp,
    most: u32,
) -> Result<Vec<Due>, DbError> {
    let read = Statement::across(
        "every tenant's messages are sent",
        "SELECT d.tenant_id, d.webhook_id, d.id, MIN(d.next_at) AS due
         FROM webhook_deliveries d JOIN webhooks w ON w.tenant_id = d.tenant_id AND w.id = d.webhook_id
         WHERE d.next_at <= ?1 AND (w.quiet_until IS NULL OR w.quiet_until <= ?1)
         GROUP BY d.tenant_id, d.webhook_id ORDER BY due LIMIT ?2",
        values![now, most],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

/// All that an attempt needs.
#[derive(Deserialize)]
pub(in crate::features::webhooks) struct Job {
    pub(in crate::features::webhooks) name: String,
    pub(in crate::features::webhooks) url: String,
    pub(in crate::features::webhooks) sealed_secret: String,
    pub(in crate::features::webhooks) sealed_previous: Option<String>,
    pub(in crate::features::webhooks) previous_until: Option<i64>,
    pub(in crate::features::webhooks) failing_since: Option<i64>,
    pub(in crate::features::webhooks) message_id: String,
    pub(in crate::features::webhooks) event: String,
    pub(in crate::features::webhooks) body: String,
    /// This attempt counted.
    pub(in crate::features::webhooks) attempts: u32,
    pub(in crate::features::webhooks) created_at: i64,
}

/// Claims an attempt that is due until `lease`; `None` when it is not, or somebody else has it.
pub(in crate::features::webhooks) async fn claim(
    services: &Services,
    tenant: &TenantId,
    webhook: &WebhookId,
    delivery: &WebhookDeliveryId,
    now: Timestamp,
    lease: Timestamp,
) -> Result<Option<Job>, DbError> {
    let batch = vec![
        Statement::of(
            tenant,
            "UPDATE webhook_deliveries SET attempts = attempts + 1, next_at = ?5
             WHERE tenant_id = ?1 AND webhook_id = ?2 AND id = ?3 AND next_at <= ?4",
            values![webhook.as_str(), delivery.as_str(), now, lease],
        ),
        Statement::must_change(),
        Statement::of(
            tenant,
            "SELECT w.name, w.url, w.sealed_secret, w.sealed_previous, w.previous_until, w.failing_since,
                    d.message_id, d.event, d.body, d.attempts, d.created_at
             FROM webhook_deliveries d JOIN webhooks w ON w.tenant_id = ?1 AND w.id = ?2
             WHERE d.tenant_id = ?1 AND d.webhook_id = ?2 AND d.id = ?3",
            values![webhook.as_str(), delivery.as_str()],
        ),
    ];
    match services.db.batch(batch).await {
        Err(DbError::Guard) => Ok(None),
        result => result?.pop().unwrap_or_default().first(),
    }
}

/// How an attempt ended.
pub(in crate::features::webhooks) struct Outcome {
    pub(in crate::features::webhooks) number: u32,
    pub(in crate::features::webhooks) at: Timestamp,
    pub(in crate::features::webhooks) millis: i64,
    pub(in crate::features::webhooks) status: Option<u16>,
    pub(in crate::features::webhooks) fault: Option<String>,
    pub(in crate::features::webhooks) answer: String,
    pub(in crate::features::webhooks) state: DeliveryState,
    pub(in crate::features::webhooks) next_at: Option<Timestamp>,
    pub(in crate::features::webhooks) failing_since: Option<i64>,
    /// Until when the scheduled run leaves the endpoint alone.
    pub(in crate::features::webhooks) quiet_until: Option<Timestamp>,
}

/// Writes down how an attempt ended. The endpoint may be gone meanwhile, the message given up, or the lease over and
/// another attempt under way, which then says how it stands, unless this one arrived.
pub(in crate::features::webhooks) fn settle(
    tenant: &TenantId,
    webhook: &WebhookId,
    delivery: &WebhookDeliveryId,
    outcome: &Outcome,
) -> Vec<Statement> {
    vec![
        Statement::of(
            tenant,
            "INSERT INTO webhook_attempts
               (tenant_id, webhook_id, delivery_id, number, at, millis, status, fault, answer)
             SELECT ?1, webhook_id, id, ?4, ?5, ?6, ?7, ?8, ?9 FROM webhook_deliveries
             WHERE tenant_id = ?1 AND webhook_id = ?2 AND id = ?3",
            values![
                webhook.as_str(),
                delivery.as_str(),
                outcome.number,
                outcome.at,
                outcome.millis,
                outcome.status.map(u32::from),
                outcome.fault.as_deref(),
                outcome.answer.as_str()
            ],
        ),
        Statement::of(
            tenant,
            "UPDATE webhook_deliveries SET state = ?4, next_at = ?5
             WHERE tenant_id = ?1 AND webhook_id = ?2 AND id = ?3
               AND (?4 = 'delivered' OR (state = 'pending' AND attempts = ?6))",
            values![
                webhook.as_str(),
                delivery.as_str(),
                outcome.state.code(),
                outcome.next_at,
                outcome.number
            ],
        ),
        Statement::of(
            tenant,
            "UPDATE webhooks SET failing_since = ?3, quiet_until = ?4
             WHERE tenant_id = ?1 AND id = ?2 AND (failing_since IS NOT ?3 OR quiet_until IS NOT ?4)",
            values![webhook.as_str(), outcome.failing_since, outcome.quiet_until],
        ),
    ]
}

/// Gives up what waits for an endpoint, where it is off.
pub(in crate::features::webhooks) fn give_up(tenant: &TenantId, webhook: &WebhookId) -> Statement {
    Statement::of(
        tenant,
        "UPDATE webhook_deliveries SET state = 'failed', next_at = NULL
         WHERE tenant_id = ?1 AND webhook_id = ?2 AND next_at IS NOT NULL
           AND EXISTS (SELECT 1 FROM webhooks WHERE tenant_id = ?1 AND id = ?2 AND enabled = 0)",
        values![webhook.as_str()],
    )
}

/// Switches an endpoint off that is on.
pub(in crate::features::webhooks) fn switch_off(
    tenant: &TenantId,
    webhook: &WebhookId,
    why: WebhookOff,
) -> Vec<Statement> {
    vec![
        Statement::of(
            tenant,
            "UPDATE webhooks SET enabled = 0, disabled_because = ?3, version = version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND enabled = 1",
            values![webhook.as_str(), why.code()],
        ),
        Statement::must_change(),
        give_up(tenant, webhook),
    ]
}

/// Forgets deliveries after 30 days, of each endpoint all but the newest few thousand, and secrets that do not sign any more.
pub fn forget_old(now: Timestamp) -> Vec<Statement> {
    const WHY: &str = "what is over is forgotten in all tenants alike";
    vec![
        Statement::across(
            WHY,
            "DELETE FROM webhook_deliveries WHERE created_at <= ?1 AND next_at IS NULL",
            values![now.plus(-LOG_LIFE)],
        ),
        Statement::across(
            WHY,
            "WITH full AS MATERIALIZED (
               SELECT w.tenant_id, w.id, (
                 SELECT d.id FROM webhook_deliveries d WHERE d.tenant_id = w.tenant_id AND d.webhook_id = w.id
                 ORDER BY d.id DESC LIMIT 1 OFFSET ?1) AS last
               FROM webhooks w)
             DELETE FROM webhook_deliveries WHERE next_at IS NULL AND (tenant_id, webhook_id, id) IN (
               SELECT d.tenant_id, d.webhook_id, d.id FROM full
               CROSS JOIN webhook_deliveries d
                 ON d.tenant_id = full.tenant_id AND d.webhook_id = full.id AND d.id <= full.last)",
            values![LOG_MOST],
        ),
        Statement::across(
            WHY,
            "UPDATE webhooks SET sealed_previous = NULL, previous_until = NULL WHERE previous_until <= ?1",
            values![now],
        ),
    ]
}

/// An endpoint with a seal of another master key.
#[derive(Deserialize)]
pub(in crate::features::webhooks) struct Old {
    pub(in crate::features::webhooks) tenant_id: TenantId,
    pub(in crate::features::webhooks) id: String,
    pub(in crate::features::webhooks) sealed_secret: String,
    pub(in crate::features::webhooks) sealed_previous: Option<String>,
}

/// Some of the endpoints with a secret that is not sealed with the key `current`.
pub(in crate::features::webhooks) async fn old_secrets(
    services: &Services,
    current: &str,
) -> Result<Vec<Old>, DbError> {
    let read = Statement::across(
        "a new master key seals all tenants' secrets",
        "SELECT tenant_id, id, sealed_secret, sealed_previous FROM webhooks
         WHERE substr(sealed_secret, 1, length(?1)) <> ?1 OR substr(sealed_previous, 1, length(?1)) <> ?1
         LIMIT 100",
        values![current],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

/// Replaces an endpoint's seals, where they are still those that were opened.
pub(in crate::features::webhooks) fn reseal(old: &Old, sealed: &str, previous: Option<String>) -> Statement {
    Statement::of(
        &old.tenant_id,
        "UPDATE webhooks SET sealed_secret = ?3, sealed_previous = ?4
         WHERE tenant_id = ?1 AND id = ?2 AND sealed_secret = ?5 AND sealed_previous IS ?6",
        values![
            old.id.as_str(),
            sealed,
            previous,
            old.sealed_secret.as_str(),
            old.sealed_previous.as_deref()
        ],
    )
}
