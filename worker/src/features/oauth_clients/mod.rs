//! OAuth clients: what an organisation registered at a provider, several per connector. The secret is sealed and
//! never told.

mod change;
mod check;
mod delete;
mod list;
mod read;
mod register;
pub mod store;

use drawbridge_contract::endpoints as api;
use drawbridge_contract::types::Person;
use drawbridge_contract::types::oauth_clients::OAuthClient;
use drawbridge_domain::id::{Id, OAuthClientId, TenantId};
use drawbridge_domain::time::Timestamp;

use crate::features::connectors::redirect_url;
use crate::http::{Facts, Failure, Router};
use crate::vault::Place;

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    router
        .scoped::<api::ListOAuthClients, _, _>(list::handle)
        .scoped::<api::RegisterOAuthClient, _, _>(register::handle)
        .scoped::<api::ReadOAuthClient, _, _>(read::handle)
        .scoped::<api::ChangeOAuthClientSettings, _, _>(change::handle)
        .scoped::<api::DeleteOAuthClient, _, _>(delete::handle)
}

/// Where a client's secret belongs.
pub fn secret_place<'a>(tenant: &'a TenantId, client: &'a OAuthClientId) -> Place<'a> {
    Place { tenant: tenant.as_str(), record: client.as_str(), field: "client_secret" }
}

/// A row in the words of the contract.
fn client(row: store::ClientRow, facts: &Facts) -> OAuthClient {
    OAuthClient {
        id: row.id,
        connector: row.connector,
        name: row.name,
        client_id: row.client_id,
        redirect_url: redirect_url(facts),
        connections: row.connections,
        created_by: Person { id: row.created_by, name: row.created_by_name },
        created_at: Timestamp::from_millis(row.created_at),
    }
}

fn unknown() -> Failure {
    Failure::not_found("OAuth client")
}

#[cfg(test)]
mod tests;
