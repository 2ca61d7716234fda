//! A new secret for an endpoint.

use drawbridge_contract::endpoints::RotateWebhookSecret;
use drawbridge_contract::types::webhooks::WebhookWithSecret;
use drawbridge_domain::id::Id;
use drawbridge_domain::webhook::ROTATION_GRACE;
use serde_json::json;

use super::{secret_place, sign, store, unknown, webhook};
use crate::features::audit::{self, Record};
use crate::http::{Call, Failure, Reply, Scope};

/// Makes it. The secret until now signs too for a day; one that is older ends.
pub(super) async fn handle(
    call: Call<RotateWebhookSecret, Scope>,
) -> Result<Reply<WebhookWithSecret>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.webhook);
    let mut row = store::read(services, scope, id).await?.ok_or_else(unknown)?;
    let version = row.version;
    let secret = sign::new_secret(services)?;
    let place = secret_place(scope.tenant(), id.as_str());
    let sealed = services.vault.seal(&*services.random, place, secret.as_bytes())?;
    let until = services.now().plus(ROTATION_GRACE);
    let mut changes = store::rotate(scope, id, version, &sealed, until);
    let record = Record::done("webhook.secret_rotated", "webhook", id.as_str(), &row.name)
        .with_changes(json!({ "secret": { "changed": true }, "previousSecretUntil": { "after": until } }));
    row.previous_until = Some(until.millis());
    let mut answer = WebhookWithSecret { webhook: webhook(row, services.now())?, secret: None };
    if let Some(key) = &call.idempotency {
        // Without the secret: it is told once.
        changes.push(key.remember(services, scope, serde_json::to_string(&answer)?, Some(version + 1)));
    }
    audit::commit(services, scope, changes, &[record]).await?;
    answer.secret = Some(secret);
    Ok(Reply::versioned(answer, version + 1))
}
