//! Who was given what on a connection, and who can use it.

mod access;
mod find;
mod read;
mod save;
mod store;

use drawbridge_contract::endpoints as api;

use crate::http::Router;

/// The routes.
pub(super) fn routes(router: Router) -> Router {
    router
        .scoped::<api::ReadConnectionPermissions, _, _>(read::handle)
        .scoped::<api::SaveConnectionPermissions, _, _>(save::handle)
        .scoped::<api::ListConnectionAccess, _, _>(access::handle)
        .scoped::<api::FindPrincipals, _, _>(find::handle)
}
