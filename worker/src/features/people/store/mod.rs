//! The SQL of accounts and users.

mod accounts;
mod holdings;
pub(crate) mod keyset;
mod list;
mod users;

pub use accounts::*;
pub(crate) use holdings::*;
pub(crate) use list::{Wanted, list};
pub(crate) use users::*;
