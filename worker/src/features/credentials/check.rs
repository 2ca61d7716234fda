//! Checks of what is asked for.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::credential::{self, Beyond, Bounds};
use drawbridge_domain::id::Id;
use drawbridge_domain::network::Network;

use super::store;
use crate::http::failure::Faults;
use crate::http::{Failure, Scope};
use crate::services::Services;

/// The networks that were typed, each fault at its place.
pub fn addresses(faults: &mut Faults, typed: &[String]) -> Vec<Network> {
    credential::addresses(typed).unwrap_or_else(|bad| {
        for (place, fault) in bad {
            let path = place.map_or_else(|| "addresses".to_owned(), |place| format!("addresses.{place}"));
            faults.text::<()>(&path, Err(fault));
        }
        Vec::new()
    })
}

/// How far the caller reaches, as it is now: an app or a token no further than itself, a person as far as they like.
pub async fn bounds(services: &Services, scope: &Scope) -> Result<Bounds, Failure> {
    let Some(credential) = scope.credential() else { return Ok(Bounds::FREE) };
    // One that is gone was told of as gone before this was asked; whoever is quicker than that reaches nothing.
    let stored = store::own_addresses(services, scope).await?.ok_or_else(Failure::bad_token)?;
    Ok(Bounds { scopes: scope.scopes(), networks: super::networks(&stored)?, ends: credential.ends })
}

/// Refuses what would be more than the caller is.
pub fn within(result: Result<(), Beyond>) -> Result<(), Failure> {
    result.map_err(|beyond| Failure::new(ProblemCode::BeyondItself, beyond.to_string()))
}

/// After which id a page begins, from a cursor.
pub fn start_of_page<I: Id>(cursor: Option<&str>) -> Result<Option<I>, Failure> {
    cursor.map(I::parse).transpose().map_err(|_| {
        Failure::field("cursor", "bad_cursor", "Send a nextCursor as a list answered it, or none.")
    })
}
