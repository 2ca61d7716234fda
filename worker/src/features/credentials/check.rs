//! Checks of what is asked for.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::credential::{self, HOLDS_MORE};
use drawbridge_domain::id::Id;
use drawbridge_domain::network::Network;
use drawbridge_domain::scopes::ApiScopes;

use crate::http::failure::Faults;
use crate::http::{Failure, Scope};

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

/// Refuses an app or a token that would give, or get hold of, scopes that it does not have itself.
pub fn may_give(scope: &Scope, given: ApiScopes) -> Result<(), Failure> {
    credential::may_give(scope.scopes(), given).map_err(|missing| {
        Failure::new(ProblemCode::InsufficientScope, format!("{HOLDS_MORE} Missing: {missing}."))
    })
}

/// After which id a page begins, from a cursor.
pub fn start_of_page<I: Id>(cursor: Option<&str>) -> Result<Option<I>, Failure> {
    cursor.map(I::parse).transpose().map_err(|_| {
        Failure::field("cursor", "bad_cursor", "Send a nextCursor as a list answered it, or none.")
    })
}
