//! Apps: machine identities of a tenant, with a secret that an authorization server takes.

mod change;
mod delete;
mod list;
mod make;
mod rotate;
mod show;
mod store;
mod switch;

use drawbridge_contract::endpoints as api;
use drawbridge_contract::types::Person;
use drawbridge_contract::types::apps::{App, TokenAlgorithm};
use drawbridge_domain::credential::AppStatus;
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::Timestamp;

use crate::features::credentials::{bounds, networks, within};
use crate::http::{Failure, Router, Scope};
use crate::services::Services;

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    router
        .scoped::<api::ListApps, _, _>(list::handle)
        .scoped::<api::MakeApp, _, _>(make::handle)
        .scoped::<api::ReadApp, _, _>(list::read)
        .scoped::<api::ChangeAppSettings, _, _>(change::handle)
        .scoped::<api::DeleteApp, _, _>(delete::handle)
        .scoped::<api::ReadAppSecret, _, _>(show::handle)
        .scoped::<api::RotateAppSecret, _, _>(rotate::handle)
        .scoped::<api::DisableApp, _, _>(switch::disable)
        .scoped::<api::ActivateApp, _, _>(switch::activate)
}

/// A row in the words of the contract.
fn app(row: store::AppRow, now: Timestamp) -> Result<App, Failure> {
    let expires_at = row.expires_at.map(Timestamp::from_millis);
    Ok(App {
        status: AppStatus::of(row.disabled == 1, expires_at, now),
        scopes: ApiScopes::from_stored(&row.scopes),
        addresses: networks(&row.addresses)?,
        expires_at,
        token_algorithm: algorithm(&row.token_algorithm)?,
        secrets: row.uses.secrets(now),
        last_used: row.uses.last_used(),
        created_by: Person { id: row.created_by, name: row.created_by_name },
        created_at: Timestamp::from_millis(row.created_at),
        id: row.id,
        name: row.name,
        description: row.description,
    })
}

fn algorithm(code: &str) -> Result<TokenAlgorithm, Failure> {
    Ok(crate::json::from_tree(&code.into())?)
}

const fn algorithm_code(algorithm: TokenAlgorithm) -> &'static str {
    match algorithm {
        TokenAlgorithm::EdDsa => "EdDSA",
        TokenAlgorithm::Rs256 => "RS256",
    }
}

/// Refuses an app or a token that would get hold of an app with these scopes and addresses, or let it work, where that
/// is more than itself.
async fn must_be_within(
    services: &Services,
    scope: &Scope,
    scopes: &str,
    addresses: &str,
) -> Result<(), Failure> {
    let bounds = bounds(services, scope).await?;
    within(bounds.may_give(ApiScopes::from_stored(scopes)))?;
    within(bounds.may_open(&networks(addresses)?))
}

fn unknown() -> Failure {
    Failure::not_found("app")
}

#[cfg(test)]
mod tests;
