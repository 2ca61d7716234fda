//! Accounts and users: what set-up and sign-in need of them.

pub mod password;
pub mod store;
