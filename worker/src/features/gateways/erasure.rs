//! What is recorded once a gateway, or a machine of one, was sent away.

use drawbridge_domain::id::{GatewayId, Id};
use drawbridge_domain::time::{MINUTE, Timestamp};
use serde_json::json;

use super::{order, store};
use crate::features::audit::{self, Actor, ChainEnd, Context, Record};
use crate::features::connections::of_gateway;
use crate::ports::{DbError, GatewayOrder, GatewayState};
use crate::services::Services;

/// How old something must be before it counts as left behind, in milliseconds: agents have four seconds to confirm.
const LEFT_BEHIND: i64 = MINUTE;

/// Records which machines confirmed that they erased their keys, and which did not within their time; nothing where there
/// were none. Those that did not have keys that are worth nothing any more.
pub(super) async fn note(
    services: &Services,
    context: &Context<'_>,
    id: &GatewayId,
    at: Timestamp,
    state: &GatewayState,
) -> Result<(), DbError> {
    let agents = store::farewells(services, context.tenant, id, at).await?;
    let Some(first) = agents.first() else { return Ok(()) };
    let did = |agent: &&store::FarewellRow| {
        agent.erased == 1 || state.links.iter().any(|link| link.replica == agent.replica_id && link.done)
    };
    let (confirmed, silent): (Vec<_>, Vec<_>) = agents.iter().partition(did);
    let machines =
        |agents: &[&store::FarewellRow]| agents.iter().map(|agent| agent.machine.clone()).collect::<Vec<_>>();
    let record =
        Record::done("gateway.keys_erased", "gateway", id.as_str(), &first.name).with_changes(json!({
            "confirmedBy": { "after": machines(&confirmed) },
            "notConfirmedBy": { "after": machines(&silent) },
        }));
    let record = if confirmed.is_empty() { record.refused() } else { record };
    let changes = store::forget_farewells(context.tenant, id, at, &first.replica_id);
    let context = Context { end: ChainEnd::unread(), ..context.clone() };
    match audit::commit(services, context, changes, &[record]).await {
        // Somebody else has recorded it.
        Ok(_) | Err(DbError::Guard) => Ok(()),
        Err(error) => Err(error),
    }
}

/// What could not be recorded is in the log, and left to upkeep.
pub(super) fn later(services: &Services, id: &GatewayId, recorded: Result<(), DbError>) {
    if let Err(error) = recorded {
        let cause = error.to_string();
        let line = json!({ "event": "gateway", "level": "error", "gateway": id, "cause": cause });
        services.log.line(&line.to_string());
    }
}

/// Records what was left behind when a process broke, or whoever had asked went away; the agents may not have been told
/// yet either. One that cannot be recorded keeps no other from it.
pub async fn record_left_behind(services: &Services) -> Result<(), DbError> {
    let mut failed = None;
    for end in store::left_behind(services, services.now().plus(-LEFT_BEHIND)).await? {
        if let Err(error) = record_end(services, &end).await {
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

async fn record_end(services: &Services, end: &store::EndRow) -> Result<(), DbError> {
    let context =
        Context { tenant: &end.tenant_id, actor: Actor::system(), facts: None, end: ChainEnd::unread() };
    let (id, at) = (&end.gateway_id, Timestamp::from_millis(end.at));
    of_gateway::record_cuts(services, &context, id).await?;
    let agents = store::farewells(services, context.tenant, id, at).await?;
    if agents.is_empty() {
        return Ok(());
    }
    let agents = agents.into_iter().map(|agent| agent.replica_id).collect();
    let state = order(services, id, GatewayOrder::Dismiss(agents)).await;
    note(services, &context, id, at, &state).await
}
