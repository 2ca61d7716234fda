//! Groups of users: given permissions wherever a user can.

mod change;
mod delete;
mod list;
mod make;
mod members;
mod read;
mod store;

use drawbridge_contract::endpoints as api;
use drawbridge_contract::types::groups::Group;
use drawbridge_domain::time::Timestamp;

use crate::http::{Failure, Router};

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    router
        .scoped::<api::ListGroups, _, _>(list::handle)
        .scoped::<api::MakeGroup, _, _>(make::handle)
        .scoped::<api::ReadGroup, _, _>(read::handle)
        .scoped::<api::ChangeGroupSettings, _, _>(change::handle)
        .scoped::<api::DeleteGroup, _, _>(delete::handle)
        .scoped::<api::ReadGroupHoldings, _, _>(read::holdings)
        .scoped::<api::ListMembers, _, _>(members::list)
        .scoped::<api::AddMember, _, _>(members::add)
        .scoped::<api::RemoveMember, _, _>(members::remove)
}

/// A row in the words of the contract.
fn group(row: store::GroupRow) -> Group {
    Group {
        id: row.id,
        name: row.name,
        description: row.description,
        members: row.members,
        created_at: Timestamp::from_millis(row.created_at),
    }
}

fn unknown() -> Failure {
    Failure::not_found("group")
}

fn taken() -> Failure {
    Failure::field("name", "taken", "The tenant has a group with this name already.")
}

#[cfg(test)]
mod tests;
