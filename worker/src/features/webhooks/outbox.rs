//! Which acts are events that webhooks are told of, and how their messages get into the queue: in the same batch as
//! the act, for every endpoint of the tenant that chose the event.

use drawbridge_domain::connection::Status;
use drawbridge_domain::id::{TenantId, WebhookDeliveryId, WebhookId};
use drawbridge_domain::time::Timestamp;
use drawbridge_domain::webhook::WebhookEvent;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{deliver, store};
use crate::features::audit::{Outcome, Record};
use crate::new_id;
use crate::ports::{DbError, Rows, Statement};
use crate::services::Services;

/// The event that a record tells of. Whatever changes a connection's status says so in its record, even where what
/// was tried failed.
fn event(record: &Record) -> Option<WebhookEvent> {
    let done = record.outcome == Outcome::Done;
    match record.action {
        "connection.deleted" if done => return Some(WebhookEvent::ConnectionDeleted),
        "user.invited" if done => return Some(WebhookEvent::UserInvited),
        "app.expiring" | "token.expiring" if done => return Some(WebhookEvent::CredentialExpiring),
        "gateway.offline" if done => return Some(WebhookEvent::GatewayOffline),
        "gateway.online" if done => return Some(WebhookEvent::GatewayOnline),
        _ => {}
    }
    let status = record.changes.get("status").filter(|_| record.object_type == "connection")?;
    let side = |name: &str| status.get(name).and_then(Json::as_str).and_then(Status::from_code);
    match (side("before")?, side("after")?) {
        (Status::Invalid, Status::Active) => Some(WebhookEvent::ConnectionRecovered),
        (before, Status::Invalid) if before != Status::Invalid => Some(WebhookEvent::ConnectionInvalid),
        _ => None,
    }
}

/// What a receiver is told of it: ids and names; of a connection its status and the reason; of an app or a token when
/// it ends, and whose token it is; of a gateway its status, and since when it is offline.
fn data(record: &Record) -> Json {
    let mut data = serde_json::Map::new();
    let object = json!({ "id": record.object_id, "name": record.object_name });
    data.insert(record.object_type.to_owned(), object);
    if let Some(owner) = record.changes.get("owner") {
        data.insert("owner".to_owned(), owner.clone());
    }
    let fields: &[&str] = match record.object_type {
        "connection" => &["status", "reason"],
        "app" | "token" => &["expiresAt", "days"],
        "gateway" => &["status", "offlineSince"],
        _ => &[],
    };
    let mut data = Json::Object(data);
    for field in fields {
        if let (Some(value), Some(data)) =
            (record.changes.pointer(&format!("/{field}/after")), data.as_object_mut())
        {
            data.insert((*field).to_owned(), value.clone());
        }
    }
    data
}

/// A message's body: what it is first, for people who read it.
pub(super) fn body(kind: &str, at: Timestamp, data: &Json) -> String {
    ["{\"type\":\"", kind, "\",\"timestamp\":\"", &at.to_string(), "\",\"data\":", &data.to_string(), "}"]
        .concat()
}

/// The statements that queue the messages of what is recorded; each answers the endpoints that will be told.
pub fn events(services: &Services, tenant: &TenantId, records: &[Record]) -> Result<Vec<Statement>, DbError> {
    let mut statements = Vec::new();
    for record in records {
        let Some(event) = event(record) else { continue };
        let now = services.now();
        let id =
            new_id!(services, WebhookDeliveryId).map_err(|_| DbError::Other("no random bytes".to_owned()))?;
        let mut data = data(record);
        if let Some(data) = data.as_object_mut() {
            data.insert("tenant".to_owned(), json!({ "id": tenant }));
        }
        let body = body(event.code(), now, &data);
        statements.push(store::sending::queue(tenant, &id, event.code(), &body, now));
    }
    Ok(statements)
}

#[derive(Deserialize)]
struct Queued {
    webhook_id: WebhookId,
    id: WebhookDeliveryId,
}

/// Sends what was queued as soon as the caller has its answer. What does not arrive is tried again by the scheduled
/// run, and so is what this is kept from sending.
pub fn send_soon(services: &Services, tenant: &TenantId, queued: impl Iterator<Item = Rows>) {
    for one in queued.filter_map(|rows| rows.all::<Queued>().ok()).flatten() {
        let (services, tenant) = (services.clone(), tenant.clone());
        services.clone().background.spawn(Box::pin(async move {
            if let Err(failure) = deliver::attempt(&services, &tenant, &one.webhook_id, &one.id).await {
                deliver::log(&services, &one.webhook_id, &failure);
            }
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(action: &'static str, status: Json) -> Option<WebhookEvent> {
        event(
            &Record::done(action, "connection", "con_1", "CRM")
                .refused()
                .with_changes(json!({ "status": status })),
        )
    }

    #[test]
    fn every_way_to_a_status_is_the_same_event() {
        for action in
            ["connection.tested", "connection.checked", "connection.status_changed", "connection.enabled"]
        {
            let invalid = told(action, json!({ "before": "active", "after": "invalid" }));
            assert_eq!(invalid, Some(WebhookEvent::ConnectionInvalid));
            let recovered = told(action, json!({ "before": "invalid", "after": "active" }));
            assert_eq!(recovered, Some(WebhookEvent::ConnectionRecovered));
        }
        for (before, after) in
            [("pending", "active"), ("degraded", "active"), ("invalid", "invalid"), ("active", "?")]
        {
            assert_eq!(told("connection.tested", json!({ "before": before, "after": after })), None);
        }
        let refused = Record::done("user.invited", "user", "usr_1", "Ada").refused();
        assert_eq!(event(&refused), None);
    }
}
