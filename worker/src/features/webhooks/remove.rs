//! The end of an endpoint.

use drawbridge_contract::endpoints::DeleteWebhook;
use drawbridge_contract::types::Nothing;
use drawbridge_domain::id::Id;
use serde_json::json;

use super::{check, store, unknown};
use crate::features::audit::{self, Record};
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::DbError;

/// Deletes it, its secrets and deliveries with it.
pub(super) async fn handle(call: Call<DeleteWebhook, Scope>) -> Result<Reply<Nothing>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.webhook);
    let row = store::read(services, scope, id).await?.ok_or_else(unknown)?;
    let record = Record::done("webhook.deleted", "webhook", id.as_str(), &row.name)
        .with_changes(json!({ "name": { "before": row.name }, "host": { "before": check::host(&row.url) } }));
    match audit::commit(services, scope, store::delete(scope, id), &[record]).await {
        Err(DbError::Guard) => Err(unknown()),
        result => result.map(|_| Reply::new(Nothing {})).map_err(Failure::from),
    }
}
