//! The end of a gateway.

use drawbridge_contract::endpoints::DisconnectGateway;
use drawbridge_contract::types::Nothing;
use drawbridge_domain::id::Id;
use serde_json::json;

use super::{erasure, order, store, unknown};
use crate::features::audit::{self, Context, Record};
use crate::features::connections::of_gateway;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::{DbError, GatewayOrder};

/// Removes it with its agents' keys and turns the connections through it invalid, all at once, and notes what is to be
/// recorded of that; then its agents are told to erase their keys.
pub(super) async fn handle(call: Call<DisconnectGateway, Scope>) -> Result<Reply<Nothing>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.gateway);
    let (row, replicas) = store::find(services, scope, id).await?.ok_or_else(unknown)?;
    let now = services.now();
    let name = &row.gateway.name;
    let record = Record::done("gateway.disconnected", "gateway", id.as_str(), name).with_changes(json!({
        "name": { "before": name },
        "machines": { "before": replicas.iter().map(|agent| agent.machine.as_str()).collect::<Vec<_>>() },
        "connections": { "before": row.connections },
    }));
    let mut changes = vec![store::send_away(scope, id, None, now)];
    changes.extend(of_gateway::cut_off(scope, id, now));
    changes.extend(store::delete(scope, id));
    match audit::commit(services, scope, changes, &[record]).await {
        Err(DbError::Guard) => return Err(unknown()),
        result => result?,
    };
    // It is done. What cannot be recorded just now, upkeep records.
    let context = Context::from(scope);
    erasure::later(services, id, of_gateway::record_cuts(services, &context, id).await);
    let state = order(services, id, GatewayOrder::Disconnect).await;
    erasure::later(services, id, erasure::note(services, &context, id, now, &state).await);
    Ok(Reply::new(Nothing {}))
}
