//! Changes as they happen. Whoever commits one tells the feed of the tenant, which knows the open sockets and
//! nothing else. What is told is that something changed; what it is now, the API says to those who may read it.

mod audience;
mod feed;
mod notice;
mod open;
mod store;
mod tell;

pub use feed::{Given, Room, given, room};
pub use notice::Notice;
pub use open::look_again;
#[cfg(test)]
pub(crate) use tell::KINDS;
pub(crate) use tell::{Teller, connection_changed, gateway_changed, webhook_changed};

use drawbridge_contract::endpoints as api;

use crate::http::Router;

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    router.scoped::<api::FollowChanges, _, _>(open::handle)
}

#[cfg(test)]
mod tests;
