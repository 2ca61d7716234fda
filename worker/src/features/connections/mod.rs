//! Connections: making, proving, listing; the sign-in at the provider.

mod authorize;
mod callback;
mod callback_page;
mod credentials;
mod discard;
mod events;
pub mod keeper;
mod list;
mod make;
mod outward;
mod plan;
mod prove;
mod read;
mod record;
mod refresh;
mod reseal;
mod secrets;
mod settle;
mod store;
mod test;
mod token;
mod using;

pub use reseal::reseal;
pub use store::upkeep::sweep;

use drawbridge_contract::endpoints as api;
use drawbridge_contract::plain;

use crate::http::Router;

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    router
        .scoped::<api::ListConnections, _, _>(list::handle)
        .scoped::<api::MakeConnection, _, _>(make::handle)
        .scoped::<api::ReadConnection, _, _>(read::handle)
        .scoped::<api::DiscardConnection, _, _>(discard::handle)
        .scoped::<api::AuthorizeConnection, _, _>(authorize::handle)
        .scoped::<api::TestConnection, _, _>(test::handle)
        .scoped::<api::ListConnectionEvents, _, _>(events::handle)
        .scoped::<api::RunOperation, _, _>(using::operation::handle)
        .streamed::<api::PassThrough, _, _>(using::proxy::handle)
        .plain(plain::OAUTH_CALLBACK.path, callback::handle)
}

#[cfg(test)]
mod tests;
