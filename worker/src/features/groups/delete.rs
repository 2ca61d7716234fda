//! The end of a group: what it was given goes with it, in the same batch.

use drawbridge_contract::endpoints::DeleteGroup;
use drawbridge_contract::types::Nothing;
use drawbridge_domain::id::Id;
use serde_json::json;

use super::{store, unknown};
use crate::features::audit::{self, Record};
use crate::features::people::store as people;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::DbError;

/// Deletes it.
pub(super) async fn handle(call: Call<DeleteGroup, Scope>) -> Result<Reply<Nothing>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.group);
    let row = store::find(services, scope, id).await?.ok_or_else(unknown)?;
    let (held, total) = people::of_group(services, scope, id).await?;
    let names: Vec<&str> = held.iter().map(|holding| holding.name.as_str()).collect();
    let about = json!({
        "name": { "before": row.name }, "members": { "before": row.members },
        "connections": { "count": total, "first": names },
    });
    let record = Record::done("group.deleted", "group", id.as_str(), &row.name).with_changes(about);
    match audit::commit(services, scope, store::delete(scope, id), &[record]).await {
        Err(DbError::Guard) => Err(unknown()),
        result => result.map(|_| Reply::new(Nothing {})).map_err(Failure::from),
    }
}
