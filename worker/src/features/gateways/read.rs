//! One gateway, and what can be reached through it.

use drawbridge_contract::endpoints::{ListGatewayTargets, ReadGateway};
use drawbridge_contract::types::gateways::{Gateway, GatewayRef, GatewayTargets, SealingKey};
use drawbridge_domain::id::GatewayId;

use super::{record, store, unknown};
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::GatewayOrder;
use crate::services::Services;

/// Reads one.
pub(super) async fn handle(call: Call<ReadGateway, Scope>) -> Result<Reply<Gateway>, Failure> {
    let (gateway, version) = present(&call.services, &call.scope, &call.params.gateway).await?;
    Ok(Reply::versioned(gateway, version))
}

/// A gateway as it is just now, and its version.
pub(super) async fn present(
    services: &Services,
    scope: &Scope,
    id: &GatewayId,
) -> Result<(Gateway, i64), Failure> {
    let (row, replicas) = store::find(services, scope, id).await?.ok_or_else(unknown)?;
    // Nobody is asked about links that cannot be; where the hub does not answer, what was written last counts.
    let live =
        if replicas.is_empty() { None } else { services.gateways.ask(id, GatewayOrder::Look).await.ok() };
    let gateway = record::gateway(&row, replicas, live.as_ref(), services.now())?;
    Ok((gateway, row.gateway.version))
}

/// Lists its targets, for those who make connections.
pub(super) async fn targets(call: Call<ListGatewayTargets, Scope>) -> Result<Reply<GatewayTargets>, Failure> {
    let (services, id) = (&call.services, &call.params.gateway);
    let (row, replicas) = store::find(services, &call.scope, id).await?.ok_or_else(unknown)?;
    let key = |replica: &store::ReplicaRow| {
        Some(SealingKey { replica: replica.id.clone(), key: replica.sealing_key.clone()? })
    };
    let sealing = replicas.iter().filter_map(key).collect();
    let Gateway { summary, targets, .. } = record::gateway(&row, replicas, None, services.now())?;
    let gateway = GatewayRef { id: summary.id, name: summary.name, status: summary.status };
    Ok(Reply::new(GatewayTargets { gateway, items: targets, sealing }))
}
