//! Connections: making, proving, listing; the sign-in at the provider.

mod authorize;
mod callback;
mod callback_page;
mod change;
mod check;
mod compatible;
mod credentials;
mod delete;
mod destroy;
mod events;
mod examine;
mod finish;
pub mod keeper;
mod known;
mod link;
mod list;
mod make;
pub(crate) mod of_gateway;
mod outward;
mod permissions;
mod plan;
mod prove;
mod read;
mod record;
mod refresh;
mod reseal;
mod restore;
mod revoke;
mod secrets;
mod settle;
mod store;
mod switch;
mod test;
mod through;
mod token;
mod typed;
mod uses;
mod using;
mod waiting;

pub(crate) use callback::Parameters as CallbackParameters;
pub(crate) use callback_page::escaped;
pub use check::check_due;
pub use destroy::destroy_due;
pub use known::KnownUses;
pub(crate) use known::told_of_use;
pub use reseal::reseal;
pub(crate) use store::through::gateway_is_back;
pub use store::upkeep::sweep;

use drawbridge_contract::endpoints as api;
use drawbridge_contract::plain;

use crate::http::Router;

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    let router = permissions::routes(router);
    router
        .scoped::<api::ListConnections, _, _>(list::handle)
        .scoped::<api::ListWorkflowConnections, _, _>(compatible::handle)
        .scoped::<api::MakeConnection, _, _>(make::handle)
        .scoped::<api::ReadConnection, _, _>(read::handle)
        .scoped::<api::ChangeConnectionSettings, _, _>(change::handle)
        .scoped::<api::DeleteConnection, _, _>(delete::handle)
        .scoped::<api::DisableConnection, _, _>(switch::disable)
        .scoped::<api::EnableConnection, _, _>(switch::enable)
        .scoped::<api::RestoreConnection, _, _>(restore::handle)
        .scoped::<api::ListConnectionUses, _, _>(uses::handle)
        .scoped::<api::MakeReconnectLink, _, _>(link::make)
        .open::<api::ReadReconnectLink, _, _>(link::show)
        .open::<api::StartReconnect, _, _>(link::start)
        .scoped::<api::AuthorizeConnection, _, _>(authorize::handle)
        .scoped::<api::TestConnection, _, _>(test::handle)
        .scoped::<api::ListConnectionEvents, _, _>(events::handle)
        .scoped::<api::ListGatewayConnections, _, _>(of_gateway::handle)
        .scoped::<api::RunOperation, _, _>(using::operation::handle)
        .streamed::<api::PassThrough, _, _>(using::proxy::handle)
        .plain(&plain::OAUTH_CALLBACK, callback::handle)
}

#[cfg(test)]
mod tests;
