//! The console of Drawbridge.

pub mod client;
pub mod features;
pub mod paths;
pub mod routes;
pub mod shell;
pub mod ui;
