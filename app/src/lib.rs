//! The console of Drawbridge.

pub mod client;
pub mod features;
mod pages;
mod part;
pub mod paths;
pub mod routes;
pub mod shell;
pub mod ui;
