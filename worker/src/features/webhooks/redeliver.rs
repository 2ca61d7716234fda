//! A message delivered again.

use drawbridge_contract::endpoints::Redeliver;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::webhooks::WebhookDelivery;
use drawbridge_domain::id::{Id, WebhookDeliveryId};
use drawbridge_domain::webhook::{DeliveryState, may_redeliver};
use serde_json::json;

use super::{deliver, deliveries, store, unknown};
use crate::features::audit::{self, Record};
use crate::http::{Call, Failure, Reply, Scope};
use crate::new_id;
use crate::ports::DbError;

const SENDING: &str =
    "The message is being sent at this moment, or has just been. Look at its delivery again.";

/// Delivers it under its `webhook-id` of before; if that fails, it is tried as any other. One that waits for its next
/// attempt has it now.
pub(super) async fn handle(call: Call<Redeliver, Scope>) -> Result<Reply<WebhookDelivery>, Failure> {
    let (services, scope, webhook) = (&call.services, &call.scope, &call.params.webhook);
    let row = store::read(services, scope, webhook).await?.ok_or_else(unknown)?;
    let old = store::delivery(services, scope, webhook, &call.params.delivery).await?;
    let old = old.ok_or_else(deliveries::unknown)?;
    may_redeliver(row.enabled == 1).map_err(|why| Failure::new(ProblemCode::Conflict, why))?;
    let now = services.now();
    let (id, changes) = if old.state == DeliveryState::Pending.code() {
        let hurry = store::sending::hurry(scope, webhook, &old.id, now);
        (old.id, hurry)
    } else {
        let id = new_id!(services, WebhookDeliveryId)?;
        let queue =
            store::sending::queue_one(scope, webhook, &id, &old.message_id, &old.event, &old.body, now);
        (id, queue)
    };
    let record = Record::done("webhook.redelivered", "webhook", webhook.as_str(), &row.name)
        .with_changes(json!({ "message": { "after": old.message_id }, "event": { "after": old.event } }));
    match audit::commit(services, scope, changes, &[record]).await {
        Err(DbError::Guard) => return Err(Failure::new(ProblemCode::Conflict, SENDING)),
        result => result?,
    };
    deliver::attempt(services, scope.tenant(), webhook, &id).await?;
    deliveries::read(services, scope, webhook, &id).await
}
