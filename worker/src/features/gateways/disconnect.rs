//! The end of a gateway.

use drawbridge_contract::endpoints::DisconnectGateway;
use drawbridge_contract::types::Nothing;
use drawbridge_domain::id::Id;
use serde_json::json;

use super::{erasure, order, store, unknown};
use crate::features::audit::{self, Record};
use crate::features::connections::of_gateway;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::{DbError, GatewayOrder};

/// How many connections are recorded in one batch.
const AT_ONCE: usize = 20;

/// Removes it with its agents' keys and turns the connections through it invalid, all at once; then its agents are told
/// to erase their keys.
pub(super) async fn handle(call: Call<DisconnectGateway, Scope>) -> Result<Reply<Nothing>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.gateway);
    let (row, replicas) = store::find(services, scope, id).await?.ok_or_else(unknown)?;
    let name = &row.gateway.name;
    let cut = of_gateway::cut_off(services, scope, id).await?;
    let mut told = cut.records.into_iter();
    let mut records =
        vec![Record::done("gateway.disconnected", "gateway", id.as_str(), name).with_changes(json!({
            "name": { "before": name },
            "machines": { "before": replicas.iter().map(|agent| agent.machine.as_str()).collect::<Vec<_>>() },
            "connections": { "before": row.connections },
        }))];
    records.extend(told.by_ref().take(AT_ONCE));
    let mut changes = store::delete(scope, id);
    changes.extend(cut.changes);
    match audit::commit(services, scope, changes, &records).await {
        Err(DbError::Guard) => return Err(unknown()),
        result => result?,
    };
    // It is done; so many records do not fit one batch.
    let further: Vec<Record> = told.collect();
    for some in further.chunks(AT_ONCE) {
        audit::commit(services, scope, Vec::new(), some).await?;
    }
    let state = order(services, id, GatewayOrder::Disconnect).await;
    erasure::note(services, scope, id, name, &replicas, &state).await?;
    Ok(Reply::new(Nothing {}))
}
