//! One module for each page; a feature adds its own here, so that there is one binary to link.

mod account;
mod add_connection;
mod apps_and_tokens;
mod connections;
mod edit_connection;
mod frame;
mod gateways;
mod live;
mod palette;
mod people;
mod settings;
mod sign_in;
mod webhooks;
mod windows;
