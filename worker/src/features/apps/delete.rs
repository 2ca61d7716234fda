//! The end of an app.

use drawbridge_contract::endpoints::DeleteApp;
use drawbridge_contract::types::Nothing;
use drawbridge_domain::id::Id;
use drawbridge_domain::scopes::ApiScopes;
use serde_json::json;

use super::{store, unknown};
use crate::features::audit::Record;
use crate::features::authority::{self, Affected};
use crate::features::credentials::told_scopes;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::DbError;

/// Deletes it for good, its secrets with it.
pub(super) async fn handle(call: Call<DeleteApp, Scope>) -> Result<Reply<Nothing>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.app);
    let row = store::read(services, scope, id).await?.ok_or_else(unknown)?;
    let scopes = told_scopes(ApiScopes::from_stored(&row.scopes));
    let record = Record::done("app.deleted", "app", id.as_str(), &row.name)
        .with_changes(json!({ "name": { "before": row.name }, "scopes": { "before": scopes } }));
    let affected = [Affected::App(id.clone())];
    match authority::commit(services, scope, &affected, store::delete(scope, id), &[record]).await {
        Err(DbError::Guard) => Err(unknown()),
        result => result.map(|_| Reply::new(Nothing {})).map_err(Failure::from),
    }
}
