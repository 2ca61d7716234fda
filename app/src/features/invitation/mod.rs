//! The page that an invitation's link leads to; it ends signed in, in the tenant.

pub mod page;
mod words;

pub use page::InvitationPage;
