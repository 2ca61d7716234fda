//! A message to try an endpoint.

use drawbridge_contract::endpoints::TestWebhook;
use drawbridge_contract::types::webhooks::WebhookDelivery;
use drawbridge_domain::id::{Id, WebhookDeliveryId};
use drawbridge_domain::webhook::TEST_EVENT;
use serde_json::json;

use super::{deliver, deliveries, outbox, store, unknown};
use crate::features::audit::{self, Record};
use crate::http::{Call, Failure, Reply, Scope};
use crate::new_id;

/// Sends it, once; an endpoint that is switched off can be tried too.
pub(super) async fn handle(call: Call<TestWebhook, Scope>) -> Result<Reply<WebhookDelivery>, Failure> {
    let (services, scope, webhook) = (&call.services, &call.scope, &call.params.webhook);
    let row = store::read(services, scope, webhook).await?.ok_or_else(unknown)?;
    let (id, now) = (new_id!(services, WebhookDeliveryId)?, services.now());
    let data = json!({
        "tenant": { "id": scope.tenant() }, "webhook": { "id": webhook, "name": row.name },
    });
    let body = outbox::body(TEST_EVENT, now, &data);
    let changes = store::sending::queue_one(scope, webhook, &id, id.as_str(), TEST_EVENT, &body, now);
    let record = Record::done("webhook.tested", "webhook", webhook.as_str(), &row.name);
    audit::commit(services, scope, changes, &[record]).await?;
    deliver::attempt(services, scope.tenant(), webhook, &id).await?;
    deliveries::read(services, scope, webhook, &id).await
}
