//! The features of the console, one folder each; none imports another.

pub mod account;
pub mod apps_and_tokens;
pub mod audit;
pub mod connections;
pub mod connectors;
pub mod gateways;
pub mod invitation;
pub mod palette;
pub mod people;
pub mod settings;
pub mod sign_in;
pub mod single_sign_on;
pub mod webhooks;
