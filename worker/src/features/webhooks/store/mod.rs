//! The SQL of webhooks.

pub(super) mod sending;

use drawbridge_contract::types::webhooks::Webhook;
use drawbridge_domain::id::{Id, UserId, WebhookDeliveryId, WebhookId};
use drawbridge_domain::limits::Limited;
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use crate::http::Scope;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

/// An endpoint without its secrets, with who made it.
#[derive(Deserialize)]
pub(super) struct WebhookRow {
    pub(super) id: WebhookId,
    pub(super) name: String,
    pub(super) url: String,
    pub(super) events: String,
    pub(super) enabled: i64,
    pub(super) disabled_because: String,
    pub(super) failing_since: Option<i64>,
    pub(super) previous_until: Option<i64>,
    pub(super) created_by: UserId,
    pub(super) created_by_name: String,
    pub(super) created_at: i64,
    pub(super) version: i64,
}

macro_rules! webhooks {
    ($rest:literal) => {
        concat!(
            "SELECT w.id, w.name, w.url, w.events, w.enabled, w.disabled_because, w.failing_since, w.previous_until,
                    w.created_by, w.created_at, w.version,
                    COALESCE(u.first_name || ' ' || u.last_name, 'A former user') AS created_by_name
             FROM webhooks w
             LEFT JOIN users u ON u.tenant_id = ?1 AND u.id = w.created_by
             WHERE w.tenant_id = ?1 ",
            $rest
        )
    };
}

pub(super) async fn list(services: &Services, scope: &Scope) -> Result<Vec<WebhookRow>, DbError> {
    let read = scope.statement(webhooks!("ORDER BY w.id LIMIT ?2"), values![Limited::Webhooks.most()]);
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

pub(super) async fn read(
    services: &Services,
    scope: &Scope,
    id: &WebhookId,
) -> Result<Option<WebhookRow>, DbError> {
    let read = scope.statement(webhooks!("AND w.id = ?2"), values![id.as_str()]);
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// A new endpoint, where the tenant may have one more.
pub(super) fn add(scope: &Scope, webhook: &Webhook, events: &str, sealed_secret: &str) -> Vec<Statement> {
    vec![
        scope.statement(
            "INSERT INTO must_be_under (used, most) SELECT COUNT(*), ?2 FROM webhooks WHERE tenant_id = ?1",
            values![Limited::Webhooks.most()],
        ),
        scope.statement(
            "INSERT INTO webhooks (tenant_id, id, name, url, events, enabled, disabled_because, sealed_secret,
               created_by, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, 1, '', ?6, ?7, ?8)",
            values![
                webhook.id.as_str(),
                webhook.name.as_str(),
                webhook.url.as_str(),
                events,
                sealed_secret,
                webhook.created_by.id.as_str(),
                webhook.created_at
            ],
        ),
    ]
}

/// Changes an endpoint, which must still be of the row's version. What waits for one that is off is given up.
pub(super) fn change(scope: &Scope, row: &WebhookRow) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE webhooks SET name = ?3, url = ?4, events = ?5, enabled = ?6, disabled_because = ?7,
               failing_since = CASE WHEN enabled = ?6 THEN failing_since END, version = version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND version = ?8",
            values![
                row.id.as_str(),
                row.name.as_str(),
                row.url.as_str(),
                row.events.as_str(),
                row.enabled,
                row.disabled_because.as_str(),
                row.version
            ],
        ),
        Statement::must_change(),
        sending::give_up(scope.tenant(), &row.id),
    ]
}

/// Replaces the secret of an endpoint of that version; the present one becomes the one before.
pub(super) fn rotate(
    scope: &Scope,
    id: &WebhookId,
    version: i64,
    sealed_secret: &str,
    until: Timestamp,
) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE webhooks SET sealed_previous = sealed_secret, previous_until = ?4, sealed_secret = ?3,
               version = version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND version = ?5",
            values![id.as_str(), sealed_secret, until, version],
        ),
        Statement::must_change(),
    ]
}

/// Deletes an endpoint with all that hangs on it.
pub(super) fn delete(scope: &Scope, id: &WebhookId) -> Vec<Statement> {
    vec![
        scope.statement("DELETE FROM webhooks WHERE tenant_id = ?1 AND id = ?2", values![id.as_str()]),
        Statement::must_change(),
    ]
}

/// A delivery with its attempts as JSON.
#[derive(Deserialize)]
pub(super) struct DeliveryRow {
    pub(super) id: WebhookDeliveryId,
    pub(super) message_id: String,
    pub(super) event: String,
    pub(super) body: String,
    pub(super) state: String,
    pub(super) next_at: Option<i64>,
    pub(super) created_at: i64,
    pub(super) log: String,
}

macro_rules! deliveries {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.message_id, d.event, d.body, d.state, d.next_at, d.created_at,
                    (SELECT json_group_array(json_object('number', a.number, 'at', a.at, 'millis', a.millis,
                       'status', a.status, 'fault', a.fault, 'answer', a.answer))
                     FROM webhook_attempts a
                     WHERE a.tenant_id = ?1 AND a.webhook_id = ?2 AND a.delivery_id = d.id) AS log
             FROM webhook_deliveries d
             WHERE d.tenant_id = ?1 AND d.webhook_id = ?2 ",
            $rest
        )
    };
}

/// Deliveries before one, newest first; `None` when there is no such endpoint.
pub(super) async fn deliveries(
    services: &Services,
    scope: &Scope,
    webhook: &WebhookId,
    before: Option<&WebhookDeliveryId>,
    most: u32,
) -> Result<Option<Vec<DeliveryRow>>, DbError> {
    let known = scope
        .statement("SELECT id FROM webhooks WHERE tenant_id = ?1 AND id = ?2", values![webhook.as_str()]);
    // No id is after "whe".
    let before = before.map_or("whe", |id| id.as_str());
    let read = scope.statement(
        deliveries!("AND d.id < ?3 ORDER BY d.id DESC LIMIT ?4"),
        values![webhook.as_str(), before, most],
    );
    let mut results = services.db.batch(vec![known, read]).await?.into_iter();
    if results.next().unwrap_or_default().0.is_empty() {
        return Ok(None);
    }
    results.next().unwrap_or_default().all().map(Some)
}

/// One delivery.
pub(super) async fn delivery(
    services: &Services,
    scope: &Scope,
    webhook: &WebhookId,
    id: &WebhookDeliveryId,
) -> Result<Option<DeliveryRow>, DbError> {
    let read = scope.statement(deliveries!("AND d.id = ?3"), values![webhook.as_str(), id.as_str()]);
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}
