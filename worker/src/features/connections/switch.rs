//! A connection, switched off and on again: no call goes out meanwhile, the credentials are kept.

use drawbridge_contract::endpoints::{DisableConnection, EnableConnection};
use drawbridge_contract::types::connections::Connection;
use drawbridge_domain::access::ConnectionAction;
use drawbridge_domain::connection::{Proof, Reason, Status};
use drawbridge_domain::id::{ConnectionEventId, Id};
use drawbridge_domain::life::after_enable;

use super::examine::examine;
use super::{read, settle, store};
use crate::features::audit;
use crate::http::{Call, Failure, Reply, Scope};
use crate::new_id;

/// Switches it off.
pub(super) async fn disable(call: Call<DisableConnection, Scope>) -> Result<Reply<Connection>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    let row = read::find(services, scope, &call.params.connection).await?;
    settle::allow(scope, &row, ConnectionAction::Disable)?;
    let (id, now) = (&row.summary.id, services.now());
    let mut changes = store::disable(scope, id, row.grants_version, now);
    let event = new_id!(services, ConnectionEventId)?;
    let (to, why) = (Status::Disabled, Reason::SwitchedOff);
    let me = scope.person().map(Id::as_str);
    changes.push(store::event_of(scope.tenant(), id, &event, now, to, why, None, me));
    let told = settle::status_change(row.summary.status()?, to);
    let record = settle::record(scope, &row, "connection.disabled", told);
    audit::commit(services, scope, changes, &[record]).await?;
    read::fresh(services, scope, id).await
}

/// Switches it on, with the status that its proof gives.
pub(super) async fn enable(call: Call<EnableConnection, Scope>) -> Result<Reply<Connection>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.connection);
    let mut row = read::find(services, scope, id).await?;
    settle::allow(scope, &row, ConnectionAction::Enable)?;
    let finding = examine(services, scope, &mut row).await?;
    let (statements, to) =
        settle::written(services, scope, &row, &finding, Some(after_enable(finding.proof)))?;
    let mut told = settle::status_change(row.summary.status()?, to);
    if finding.proof != Proof::Proved {
        // It is on all the same; what the proof found stands in the changes.
        let why = after_enable(finding.proof).1.code();
        told.insert("reason".to_owned(), serde_json::json!({ "after": why }));
    }
    let record = settle::record(scope, &row, "connection.enabled", told);
    audit::commit(services, scope, statements, &[record]).await?;
    read::fresh(services, scope, id).await
}
