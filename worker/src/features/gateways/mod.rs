//! Gateways: agents on the premises, through which connections reach what stands there.

mod failure;
pub mod link;

pub(crate) use failure::failed;

use crate::http::Router;

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    link::routes(router)
}
