//! Another name for a gateway, and switching it off and on.

use drawbridge_contract::endpoints::{ChangeGatewaySettings, DisableGateway, EnableGateway};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::gateways::Gateway;
use drawbridge_domain::gateway::{self, GatewayAction, action};
use drawbridge_domain::id::{GatewayId, Id};
use serde_json::json;

use super::{order, read, record, store, unknown};
use crate::features::audit::{self, Record};
use crate::http::call::lost_race;
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::{DbError, GatewayOrder};
use crate::services::Services;

/// Renames one.
pub(super) async fn handle(call: Call<ChangeGatewaySettings, Scope>) -> Result<Reply<Gateway>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.gateway);
    let mut faults = Faults::default();
    let name =
        call.body.name.as_deref().map(|name| faults.text("name", gateway::name(name).map(str::to_owned)));
    faults.check()?;
    let (row, _) = store::find(services, scope, id).await?.ok_or_else(unknown)?;
    if row.gateway.version != call.if_match {
        return Err(lost_race());
    }
    if let Some(name) = name.filter(|name| *name != row.gateway.name) {
        let record = Record::done("gateway.changed", "gateway", id.as_str(), &name)
            .with_changes(json!({ "name": { "before": row.gateway.name, "after": name } }));
        let changes = store::rename(scope, id, call.if_match, &name);
        match audit::commit(services, scope, changes, &[record]).await {
            Err(DbError::Guard) => return Err(lost_race()),
            result => result?,
        };
    }
    let (gateway, version) = read::present(services, scope, id).await?;
    Ok(Reply::versioned(gateway, version))
}

/// Switches one off.
pub(super) async fn disable(call: Call<DisableGateway, Scope>) -> Result<Reply<Gateway>, Failure> {
    turn(&call.services, &call.scope, &call.params.gateway, true).await
}

/// Switches one on.
pub(super) async fn enable(call: Call<EnableGateway, Scope>) -> Result<Reply<Gateway>, Failure> {
    turn(&call.services, &call.scope, &call.params.gateway, false).await
}

async fn turn(
    services: &Services,
    scope: &Scope,
    id: &GatewayId,
    disabled: bool,
) -> Result<Reply<Gateway>, Failure> {
    let (row, replicas) = store::find(services, scope, id).await?.ok_or_else(unknown)?;
    let wish = if disabled { GatewayAction::Disable } else { GatewayAction::Enable };
    action::check(wish, record::standing(&row, &replicas))
        .map_err(|words| Failure::new(ProblemCode::Conflict, words))?;
    let done = if disabled { "gateway.disabled" } else { "gateway.enabled" };
    let record = Record::done(done, "gateway", id.as_str(), &row.gateway.name);
    audit::commit(services, scope, store::switch(scope, id, disabled), &[record]).await?;
    if disabled {
        order(services, id, GatewayOrder::Disable).await;
    }
    let (gateway, version) = read::present(services, scope, id).await?;
    Ok(Reply::versioned(gateway, version))
}
