//! Invitations, as the invited see them: read by the secret of the link, accepted with a password or a session.

mod accept;
mod join;
mod read;
mod store;

use drawbridge_contract::endpoints as api;
use drawbridge_contract::problem::ProblemCode;

use crate::http::{Failure, Router};

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    router
        .open::<api::ReadInvitation, _, _>(read::handle)
        .open::<api::AcceptTheInvitation, _, _>(accept::handle)
        .scoped::<api::AcceptWithSession, _, _>(join::handle)
}

/// The words for a link that leads nowhere, or nowhere any more.
fn gone() -> Failure {
    Failure::new(
        ProblemCode::NotFound,
        "This invitation was accepted or withdrawn, a newer link took its place, or it has expired. Ask an \
         administrator of the tenant for a new link.",
    )
}

#[cfg(test)]
mod tests;
