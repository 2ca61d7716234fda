//! Connections: the list, the making of one, signing in, and each connection's own page.

mod add;
mod address;
mod beside;
mod deleted;
mod desk;
mod discard;
mod filters;
mod gateway;
mod life;
pub mod list;
mod listing;
mod menu;
pub mod page;
mod row;
mod sign_in;
mod status;
mod switch;
mod test;
mod words;

pub use list::ConnectionsPage;
pub use page::ConnectionPage;
