//! A deleted connection, taken back; then it is proved, since nobody knows what became of its credentials meanwhile.

use drawbridge_contract::endpoints::RestoreConnection;
use drawbridge_contract::types::connections::Connection;
use drawbridge_domain::access::{ConnectionAction, check};
use drawbridge_domain::connection::Status;
use drawbridge_domain::limits::Limited;
use serde_json::Map;

use super::{read, settle, store, test};
use crate::features::audit;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::DbError;

/// Restores it.
pub(super) async fn handle(call: Call<RestoreConnection, Scope>) -> Result<Reply<Connection>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.connection);
    let row = read::find_deleted(services, scope, id).await?;
    check(ConnectionAction::Restore, row.summary.level(scope)?, row.summary.status()?)
        .map_err(settle::refused)?;
    let record = settle::record(scope, &row, "connection.restored", Map::new());
    match audit::commit(services, scope, store::restore(scope, id), &[record]).await {
        Err(DbError::Limit) => return Err(Failure::quota(Limited::Connections)),
        result => result?,
    };
    let row = read::find(services, scope, id).await?;
    if row.summary.status()? == Status::Disabled {
        return read::fresh(services, scope, id).await;
    }
    test::run(services, scope, id, row).await
}
