//! Gateways: agents on the premises, through which connections reach what stands there.

mod agents;
mod change;
mod disconnect;
mod erasure;
mod failure;
mod happenings;
pub mod link;
mod list;
mod make;
mod read;
mod record;
mod store;

pub use erasure::record_left_behind;
pub(crate) use failure::failed;

use drawbridge_contract::endpoints as api;
use drawbridge_domain::id::GatewayId;
use serde_json::json;

use crate::http::{Failure, Router};
use crate::ports::{GatewayOrder, GatewayState};
use crate::services::Services;

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    link::routes(router)
        .scoped::<api::ListGateways, _, _>(list::handle)
        .scoped::<api::MakeGateway, _, _>(make::handle)
        .scoped::<api::ReadGateway, _, _>(read::handle)
        .scoped::<api::ChangeGatewaySettings, _, _>(change::handle)
        .scoped::<api::DisconnectGateway, _, _>(disconnect::handle)
        .scoped::<api::MakeGatewayCode, _, _>(make::code)
        .scoped::<api::DisableGateway, _, _>(change::disable)
        .scoped::<api::EnableGateway, _, _>(change::enable)
        .scoped::<api::RotateGatewayKey, _, _>(agents::rotate)
        .scoped::<api::RemoveGatewayReplica, _, _>(agents::remove)
        .scoped::<api::DrainGatewayReplica, _, _>(agents::drain)
        .scoped::<api::ListGatewayEvents, _, _>(happenings::handle)
        .scoped::<api::ListGatewayChoices, _, _>(list::choices)
        .scoped::<api::ListGatewayTargets, _, _>(read::targets)
}

/// Tells a gateway's hub what was written. One that cannot be told finds it in the database: nobody has to wait for
/// that.
async fn order(services: &Services, id: &GatewayId, order: GatewayOrder) -> GatewayState {
    for _ in 0..2 {
        match services.gateways.ask(id, order.clone()).await {
            Ok(state) => return state,
            Err(cause) => {
                let line = json!({ "event": "gateway", "level": "error", "gateway": id, "cause": cause });
                services.log.line(&line.to_string());
            }
        }
    }
    GatewayState::default()
}

fn unknown() -> Failure {
    Failure::not_found("gateway")
}

#[cfg(test)]
mod tests;
