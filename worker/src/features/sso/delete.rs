//! Forgetting the settings.

use drawbridge_contract::endpoints::DeleteSso;
use drawbridge_contract::types::Nothing;

use super::{may_change, not_set_up, store};
use crate::features::audit::{self, Record};
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::DbError;

/// Deletes them; the sessions that they began end.
pub(super) async fn handle(call: Call<DeleteSso, Scope>) -> Result<Reply<Nothing>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    may_change(scope)?;
    let row = store::find(services, scope.tenant()).await?.ok_or_else(not_set_up)?;
    let mut changes = store::delete(scope);
    changes.push(store::end_sessions(scope));
    let record = Record::done("sso.deleted", "sso", "", &row.label)
        .with_changes(serde_json::json!({ "issuer": { "before": row.issuer } }));
    match audit::commit(services, scope, changes, &[record]).await {
        Err(DbError::Guard) => Err(not_set_up()),
        result => result.map(|_| Reply::new(Nothing {})).map_err(Failure::from),
    }
}
