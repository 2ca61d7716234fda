//! The deletion of a connection: use stops at once, and it can be restored for 30 days. One whose making was not
//! finished is removed for good.

use drawbridge_contract::endpoints::DeleteConnection;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_domain::access::ConnectionAction;
use drawbridge_domain::connection::Status;
use drawbridge_domain::life::destroyed_at;
use serde_json::{Map, json};

use super::{read, settle, store};
use crate::features::audit;
use crate::http::{Call, Failure, Reply, Scope};

/// Deletes or discards it.
pub(super) async fn handle(call: Call<DeleteConnection, Scope>) -> Result<Reply<Nothing>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    let row = read::find(services, scope, &call.params.connection).await?;
    let (id, status) = (&row.summary.id, row.summary.status()?);
    let pending = status == Status::Pending;
    let action = if pending || call.query.status == Some(Status::Pending) {
        ConnectionAction::Discard
    } else {
        ConnectionAction::Delete
    };
    settle::allow(scope, &row, action)?;
    if call.query.status.is_some_and(|wanted| wanted != status) {
        let detail = "The connection has another status meanwhile. Look at it again.";
        return Err(Failure::new(ProblemCode::Conflict, detail));
    }
    if pending {
        let record = settle::record(scope, &row, "connection.discarded", Map::new());
        audit::commit(services, scope, store::discard(scope, id), &[record]).await?;
        return Ok(Reply::new(Nothing {}));
    }
    let now = services.now();
    let until = destroyed_at(now);
    let mut changes = Map::new();
    changes.insert("restorableUntil".to_owned(), json!({ "after": until }));
    let record = settle::record(scope, &row, "connection.deleted", changes);
    audit::commit(services, scope, store::delete(scope, id, row.grants_version, now, until), &[record])
        .await?;
    Ok(Reply::new(Nothing {}))
}
