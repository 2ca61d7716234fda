//! The removal of a connection whose making was not finished.

use drawbridge_contract::endpoints::DiscardConnection;
use drawbridge_contract::types::Nothing;
use drawbridge_domain::access::ConnectionAction;
use drawbridge_domain::id::Id;

use super::{read, settle, store};
use crate::features::audit::{self, Record};
use crate::http::{Call, Failure, Reply, Scope};

/// Discards it.
pub(super) async fn handle(call: Call<DiscardConnection, Scope>) -> Result<Reply<Nothing>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    let row = read::find(services, scope, &call.params.connection).await?;
    settle::allow(scope, &row, ConnectionAction::Discard)?;
    let record =
        Record::done("connection.discarded", "connection", row.summary.id.as_str(), &row.summary.name);
    audit::commit(services, scope, store::discard(scope, &row.summary.id), &[record]).await?;
    Ok(Reply::new(Nothing {}))
}
