//! What is done with a gateway's agents: new keys, no new calls, the end of one.

use drawbridge_contract::endpoints::{DrainGatewayReplica, RemoveGatewayReplica, RotateGatewayKey};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::gateways::{Gateway, GatewayReplicaPath, GatewayRotation};
use drawbridge_domain::gateway::{GatewayAction, action};
use drawbridge_domain::id::Id;
use serde_json::json;

use super::store::{ReplicaRow, WholeRow};
use super::{erasure, order, read, record, store, unknown};
use crate::features::audit::{self, Context, Record};
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::{DbError, GatewayOrder};
use crate::services::Services;

/// Has all agents that are online make new keys.
pub(super) async fn rotate(call: Call<RotateGatewayKey, Scope>) -> Result<Reply<GatewayRotation>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.gateway);
    let (row, replicas) = store::find(services, scope, id).await?.ok_or_else(unknown)?;
    action::check(GatewayAction::RotateKey, record::standing(&row, &replicas)).map_err(conflict)?;
    let state = services.gateways.ask(id, GatewayOrder::Rotate).await.map_err(unheard)?;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let asked = count(state.links.len());
    let rotated = count(state.links.iter().filter(|link| link.done).count());
    let mut record = Record::done("gateway.key_rotated", "gateway", id.as_str(), &row.gateway.name)
        .with_changes(json!({ "asked": { "after": asked }, "rotated": { "after": rotated } }));
    if rotated == 0 {
        record = record.refused();
    }
    audit::commit(services, scope, Vec::new(), &[record]).await?;
    if rotated == 0 {
        return Err(unheard("no agent has a new key".to_owned()));
    }
    let (gateway, version) = read::present(services, scope, id).await?;
    Ok(Reply::versioned(GatewayRotation { gateway, rotated, asked }, version))
}

/// Has an agent take no new calls.
pub(super) async fn drain(call: Call<DrainGatewayReplica, Scope>) -> Result<Reply<Gateway>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    let GatewayReplicaPath { gateway: id, replica } = &call.params;
    let (row, agent) = one(services, scope, &call.params).await?;
    action::may_drain(agent.linked_since.is_some(), agent.draining == 1).map_err(conflict)?;
    let state = services.gateways.ask(id, GatewayOrder::Drain(replica.clone())).await.map_err(unheard)?;
    if !state.links.iter().any(|link| link.replica == *replica) {
        return Err(action::may_drain(false, false).err().map_or_else(unknown, conflict));
    }
    let record = about(&row, &agent, "gateway.replica_drained");
    audit::commit(services, scope, Vec::new(), &[record]).await?;
    let (gateway, version) = read::present(services, scope, id).await?;
    Ok(Reply::versioned(gateway, version))
}

/// Removes an agent: it erases its key and stops.
pub(super) async fn remove(call: Call<RemoveGatewayReplica, Scope>) -> Result<Reply<Nothing>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    let GatewayReplicaPath { gateway: id, replica } = &call.params;
    let (row, agent) = one(services, scope, &call.params).await?;
    let record = about(&row, &agent, "gateway.replica_removed");
    let now = services.now();
    let mut changes = vec![store::send_away(scope, id, Some(replica), now)];
    changes.extend(store::remove_replica(scope, id, replica));
    match audit::commit(services, scope, changes, &[record]).await {
        Err(DbError::Guard) => return Err(unknown()),
        result => result?,
    };
    let state = order(services, id, GatewayOrder::Dismiss(vec![replica.clone()])).await;
    erasure::later(services, id, erasure::note(services, &Context::from(scope), id, now, &state).await);
    Ok(Reply::new(Nothing {}))
}

/// An agent and its gateway.
async fn one(
    services: &Services,
    scope: &Scope,
    path: &GatewayReplicaPath,
) -> Result<(WholeRow, ReplicaRow), Failure> {
    let (row, replicas) = store::find(services, scope, &path.gateway).await?.ok_or_else(unknown)?;
    let agent = replicas.into_iter().find(|agent| agent.id == path.replica).ok_or_else(unknown)?;
    Ok((row, agent))
}

fn about(row: &WholeRow, agent: &ReplicaRow, action: &'static str) -> Record {
    Record::done(action, "gateway", row.gateway.id.as_str(), &row.gateway.name)
        .with_changes(json!({ "machine": { "after": agent.machine }, "replica": { "after": agent.id } }))
}

fn conflict(words: &'static str) -> Failure {
    Failure::new(ProblemCode::Conflict, words)
}

/// No agent did what it was told, or none could be told.
fn unheard(cause: String) -> Failure {
    let words = "None of the gateway's machines confirmed it within a few seconds. Look whether they are online, then try \
                 again.";
    Failure::new(ProblemCode::GatewayFailed, words).because(cause)
}
