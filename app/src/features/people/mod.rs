//! Settings → User management: users and groups, each with a list and a page of its own.

mod add;
mod desk;
mod editing;
pub mod group;
pub mod groups;
mod holdings;
mod link;
mod list;
mod members;
mod pick;
mod remove;
mod thing;
pub mod user;
pub mod users;
mod words;

pub use group::GroupPage;
pub use groups::GroupsPage;
pub use user::UserPage;
pub use users::UsersPage;
