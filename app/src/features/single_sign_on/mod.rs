//! Settings → Single sign-on: the tenant's OpenID Connect provider and its email domains.

mod desk;
mod domains;
mod form;
pub mod page;
mod status;
mod words;

pub use page::SingleSignOnPage;
