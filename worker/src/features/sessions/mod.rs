//! Sign-in, sessions, the caller's own password.

mod begin;
mod end;
mod list;
mod password;
mod sign_in;
mod store;
pub mod throttle;
pub mod who_am_i;

pub use begin::{begin, begin_by_sso};
pub use store::forget_old;
pub(crate) use store::switch as switch_statements;

use drawbridge_contract::endpoints as api;

use crate::http::Router;

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    router
        .open::<api::SignInWithPassword, _, _>(sign_in::handle)
        .scoped::<api::ReadSession, _, _>(who_am_i::handle)
        .scoped::<api::SignOut, _, _>(end::own)
        .scoped::<api::ListSessions, _, _>(list::handle)
        .scoped::<api::EndSession, _, _>(end::one)
        .scoped::<api::ChangeOwnPassword, _, _>(password::handle)
}

#[cfg(test)]
mod tests;
