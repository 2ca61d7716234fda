//! Whether agents that were sent away have erased their keys, for the audit log.

use drawbridge_domain::id::{GatewayId, Id};
use serde_json::json;

use super::store::ReplicaRow;
use crate::features::audit::{self, Record};
use crate::http::{Failure, Scope};
use crate::ports::GatewayState;
use crate::services::Services;

/// Records which machines confirmed it and which did not; nothing where there were none. Those that did not have keys
/// that are worth nothing any more.
pub(super) async fn note(
    services: &Services,
    scope: &Scope,
    id: &GatewayId,
    name: &str,
    agents: &[ReplicaRow],
    state: &GatewayState,
) -> Result<(), Failure> {
    if agents.is_empty() {
        return Ok(());
    }
    let did = |agent: &&ReplicaRow| state.links.iter().any(|link| link.replica == agent.id && link.done);
    let (confirmed, silent): (Vec<_>, Vec<_>) = agents.iter().partition(did);
    let machines =
        |agents: &[&ReplicaRow]| agents.iter().map(|agent| agent.machine.clone()).collect::<Vec<_>>();
    let record = Record::done("gateway.keys_erased", "gateway", id.as_str(), name).with_changes(json!({
        "confirmedBy": { "after": machines(&confirmed) },
        "notConfirmedBy": { "after": machines(&silent) },
    }));
    let record = if confirmed.is_empty() { record.refused() } else { record };
    audit::commit(services, scope, Vec::new(), &[record]).await?;
    Ok(())
}
