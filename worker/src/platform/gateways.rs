//! The hubs of gateways: one Durable Object each, with the links of its agents.

use drawbridge_domain::id::GatewayId;

use crate::ports::{
    Asked, GatewayAway, GatewayCall, GatewayFailure, GatewayOrder, GatewayState, Gateways, Pending,
};

/// The way to the objects.
pub(super) struct Objects;

impl Gateways for Objects {
    fn ask(&self, _gateway: &GatewayId, _order: GatewayOrder) -> Pending<'_, Result<GatewayState, String>> {
        Box::pin(std::future::ready(Ok(GatewayState::default())))
    }

    fn call(&self, _gateway: &GatewayId, _call: GatewayCall) -> Pending<'_, Asked> {
        Box::pin(std::future::ready(Err(GatewayFailure::Away(GatewayAway::NotLinked))))
    }
}
