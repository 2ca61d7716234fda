//! The Worker's side of the gateways' link: how agents join and leave, and the hub that holds a gateway's links.

mod connect;
pub mod hub;
mod join;
mod leave;
mod signed;
mod store;

use drawbridge_contract::endpoints as api;

use crate::http::Router;

/// The routes that agents call.
pub(super) fn routes(router: Router) -> Router {
    router
        .open::<api::JoinGateway, _, _>(join::handle)
        .open::<api::LeaveGateway, _, _>(leave::handle)
        .open::<api::OpenGatewayLink, _, _>(connect::handle)
}

#[cfg(test)]
mod tests;
