//! Connectors: what can be connected, what each can do, and the OAuth clients registered for it.

mod clients;
mod connections;
mod delete;
mod desk;
pub mod list;
mod operations;
pub mod page;
mod register;
mod ways;
mod words;

pub use list::ConnectorsPage;
pub use page::ConnectorPage;
