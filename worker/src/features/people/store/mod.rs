//! The SQL of accounts and users.

mod accounts;
mod holdings;
mod list;
mod users;

pub use accounts::*;
pub(crate) use holdings::*;
pub(crate) use list::list;
pub(crate) use users::*;
