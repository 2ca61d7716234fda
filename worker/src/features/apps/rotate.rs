//! A new secret for an app.

use drawbridge_contract::endpoints::RotateAppSecret;
use drawbridge_contract::types::apps::AppWithSecret;
use drawbridge_domain::credential::{CLIENT_SECRET, Grace};
use drawbridge_domain::id::Id;
use serde_json::json;

use super::{app, must_be_within, store, unknown};
use crate::features::audit::Record;
use crate::features::authority::{self, Affected};
use crate::features::credentials::{NewSecret, rules};
use crate::http::{Call, Failure, Reply, Scope};

/// Makes it. The secret until now works too for the grace; one that is older ends.
pub(super) async fn handle(call: Call<RotateAppSecret, Scope>) -> Result<Reply<AppWithSecret>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.app);
    let now = services.now();
    let mut row = store::read(services, scope, id).await?.ok_or_else(unknown)?;
    must_be_within(services, scope, &row.scopes, &row.addresses).await?;
    let keeps = rules(services, scope, scope.user()).await?.keeps_secrets();
    let version = row.version;
    let grace = call.body.grace;
    let until = (grace != Grace::Now).then(|| now.plus(grace.millis()));
    let secret = NewSecret::make(services, CLIENT_SECRET, scope.tenant(), id.as_str()).await?;
    let mut changes = store::rotate(scope, id, version, &secret, until);
    let record = Record::done("app.secret_rotated", "app", id.as_str(), &row.name)
        .with_changes(json!({ "secret": { "changed": true }, "previousSecretUntil": { "after": until } }));
    row.uses.rotate(&secret.hint, keeps, until);
    let mut answer = AppWithSecret { app: app(row, now)?, secret: None };
    if let Some(key) = &call.idempotency {
        // Without the secret: it is told once.
        changes.push(key.remember(services, scope, serde_json::to_string(&answer)?, Some(version + 1)));
    }
    authority::commit(services, scope, &[Affected::App(id.clone())], changes, &[record]).await?;
    answer.secret = Some(secret.text);
    Ok(Reply::versioned(answer, version + 1))
}
