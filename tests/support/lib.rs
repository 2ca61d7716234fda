//! What the tests over HTTP need: the runtime and the sandbox provider as processes of their own, a typed client,
//! people and tenants to begin with, and a look into the database while nothing runs.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "all of this is test code: what goes wrong ends the test that asked"
)]

pub mod answer;
pub mod audit;
pub mod browser;
pub mod call;
pub mod database;
pub mod fixtures;
pub mod gateway;
pub mod log;
pub mod places;
pub mod process;
pub mod provider;
pub mod sandbox;
pub mod secrets;
pub mod server;
pub mod socket;
pub mod wait;
