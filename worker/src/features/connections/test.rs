//! The test of a connection: the proof, run now.

use drawbridge_contract::endpoints::TestConnection;
use drawbridge_contract::types::connections::Connection;
use drawbridge_domain::access::ConnectionAction;
use drawbridge_domain::connection::Proof;
use drawbridge_domain::id::ConnectionId;

use super::examine::examine;
use super::record::Row;
use super::{read, settle};
use crate::features::audit;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::DbError;
use crate::services::Services;

/// How often a finding is written again when somebody else changed the connection meanwhile: another Test changes it
/// too, and so many at the same moment all find their place.
const TRIES: u32 = 24;

/// Tests it.
pub(super) async fn handle(call: Call<TestConnection, Scope>) -> Result<Reply<Connection>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    let row = read::find(services, scope, &call.params.connection).await?;
    settle::allow(scope, &row, ConnectionAction::Test)?;
    run(services, scope, &call.params.connection, row).await
}

/// Proves it and writes down what was found.
pub(super) async fn run(
    services: &Services,
    scope: &Scope,
    id: &ConnectionId,
    mut row: Row,
) -> Result<Reply<Connection>, Failure> {
    let finding = examine(services, scope, &mut row).await?;
    for _ in 0..TRIES {
        let (statements, to) = settle::statements(services, scope, &row, &finding)?;
        let changes = settle::status_change(row.summary.status()?, to);
        let mut record = settle::record(scope, &row, "connection.tested", changes);
        if finding.proof != Proof::Proved {
            record = record.refused();
        }
        match audit::commit(services, scope, statements, &[record]).await {
            Err(DbError::Guard) => {
                row = read::find(services, scope, id).await?;
                settle::allow(scope, &row, ConnectionAction::Test)?;
            }
            result => {
                result?;
                return read::fresh(services, scope, id).await;
            }
        }
    }
    Err(DbError::Guard.into())
}
