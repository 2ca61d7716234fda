//! Accounts and users: the tenant's people, and what set-up and sign-in need of them.

mod change;
mod compatible;
mod holdings;
mod invite;
mod list;
pub(crate) mod page;
pub mod password;
mod read;
mod record;
mod remove;
pub mod store;
mod suspend;

pub(crate) use holdings::told as told_holdings;
pub(crate) use record::{unknown, user};

use drawbridge_contract::endpoints as api;

use crate::http::Router;

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    router
        .scoped::<api::ListUsers, _, _>(list::handle)
        .scoped::<api::InviteToTenant, _, _>(invite::handle)
        .scoped::<api::ReadUser, _, _>(read::handle)
        .scoped::<api::ChangeUserSettings, _, _>(change::handle)
        .scoped::<api::RemoveUser, _, _>(remove::handle)
        .scoped::<api::ResendInvitation, _, _>(invite::again)
        .scoped::<api::SuspendUser, _, _>(suspend::handle)
        .scoped::<api::ReactivateUser, _, _>(suspend::reactivate)
        .scoped::<api::ReadUserHoldings, _, _>(holdings::handle)
        .scoped::<api::ListTenantUsers, _, _>(compatible::handle)
        .scoped::<api::RemoveTenantUser, _, _>(remove::compatible)
}

#[cfg(test)]
mod tests;
