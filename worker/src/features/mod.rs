//! The product's nouns, each with its handlers by verb and its own SQL.

pub mod apps;
pub mod audit;
pub mod authority;
pub mod connections;
pub mod connectors;
pub mod credentials;
pub mod gateways;
pub mod groups;
pub mod invitations;
pub mod live;
pub mod oauth_clients;
pub mod oauth_server;
pub mod operations;
pub mod people;
pub mod sessions;
pub mod setup;
pub mod sso;
pub mod tenants;
pub mod tokens;
pub mod upkeep;
pub mod webhooks;

use crate::http::Router;

/// All routes of the product.
pub fn router() -> Router {
    let router = Router::default();
    let router = operations::routes(router);
    let router = setup::routes(router);
    let router = sessions::routes(router);
    let router = people::routes(router);
    let router = invitations::routes(router);
    let router = groups::routes(router);
    let router = connectors::routes(router);
    let router = oauth_clients::routes(router);
    let router = connections::routes(router);
    let router = audit::routes(router);
    let router = live::routes(router);
    let router = webhooks::routes(router);
    let router = sso::routes(router);
    let router = apps::routes(router);
    let router = tokens::routes(router);
    let router = gateways::routes(router);
    let router = oauth_server::routes(router);
    tenants::routes(router)
}
