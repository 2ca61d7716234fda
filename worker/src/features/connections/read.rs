//! One connection.

use drawbridge_contract::endpoints::ReadConnection;
use drawbridge_contract::types::connections::Connection;
use drawbridge_domain::id::ConnectionId;

use super::record::{Row, not_found};
use super::store;
use crate::http::{Call, Failure, Reply, Scope};
use crate::services::Services;

/// Reads it.
pub(super) async fn handle(call: Call<ReadConnection, Scope>) -> Result<Reply<Connection>, Failure> {
    let row = find(&call.services, &call.scope, &call.params.connection).await?;
    reply(&call.scope, &row)
}

/// The connection, when the caller may know of it.
pub(super) async fn find(services: &Services, scope: &Scope, id: &ConnectionId) -> Result<Row, Failure> {
    let row = store::find(services, scope, id, false).await?.ok_or_else(not_found)?;
    row.summary.level(scope)?;
    Ok(row)
}

/// The deleted connection, when the caller may know of it.
pub(super) async fn find_deleted(
    services: &Services,
    scope: &Scope,
    id: &ConnectionId,
) -> Result<Row, Failure> {
    let row = store::find(services, scope, id, true).await?.ok_or_else(not_found)?;
    row.summary.level(scope)?;
    Ok(row)
}

/// The connection as it is now.
pub(super) async fn fresh(
    services: &Services,
    scope: &Scope,
    id: &ConnectionId,
) -> Result<Reply<Connection>, Failure> {
    reply(scope, &find(services, scope, id).await?)
}

fn reply(scope: &Scope, row: &Row) -> Result<Reply<Connection>, Failure> {
    Ok(Reply::versioned(row.connection(scope)?, row.version))
}
