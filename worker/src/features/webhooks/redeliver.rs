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

/// Delivers it under its `webhook-id` of before; if that fails, it is tried as any other.
pub(super) async fn handle(call: Call<Redeliver, Scope>) -> Result<Reply<WebhookDelivery>, Failure> {
    let (services, scope, webhook) = (&call.services, &call.scope, &call.params.webhook);
    let row = store::read(services, scope, webhook).await?.ok_or_else(unknown)?;
    let old = store::delivery(services, scope, webhook, &call.params.delivery).await?;
    let old = old.ok_or_else(deliveries::unknown)?;
    let state =
        DeliveryState::from_code(&old.state).ok_or_else(|| Failure::internal("a state that is none"))?;
    may_redeliver(row.enabled == 1, state)
        .map_err(|refusal| Failure::new(ProblemCode::Conflict, refusal.words()))?;
    let (id, now) = (new_id!(services, WebhookDeliveryId)?, services.now());
    let changes = store::sending::queue_one(scope, webhook, &id, &old.message_id, &old.event, &old.body, now);
    let record = Record::done("webhook.redelivered", "webhook", webhook.as_str(), &row.name)
        .with_changes(json!({ "message": { "after": old.message_id }, "event": { "after": old.event } }));
    audit::commit(services, scope, changes, &[record]).await?;
    deliver::attempt(services, scope.tenant(), webhook, &id).await?;
    deliveries::read(services, scope, webhook, &id).await
}
