//! The product over HTTP on the real runtime, with a real authorization server.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what goes wrong ends the test that asked"
)]

mod authority;
mod callback;
mod cli;
mod crash;
mod credentials;
mod database;
mod edges;
mod endings;
mod faults;
mod flow;
mod gateway;
mod idempotency;
mod keeper;
mod keys;
mod list;
mod live;
mod oauth;
mod outward;
mod properties;
mod proxy;
mod refresh;
mod refusals;
mod secrets;
mod sso;
mod strangers;
mod upkeep;
mod webhooks;
mod writers;
