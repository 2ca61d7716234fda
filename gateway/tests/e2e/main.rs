//! The agent as a program, against a server that speaks the protocol and targets that speak HTTP.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what goes wrong ends the test that asked"
)]

mod agent;
mod calls;
mod certificate;
mod changes;
mod joining;
mod life;
mod line;
mod peer;
mod proxy;
mod real;
mod released;
mod target;
mod tls;
mod weather;

use std::time::Duration;

/// What takes longer than this will not come.
const PATIENCE: Duration = Duration::from_secs(30);

/// The outcome of something that comes soon.
async fn soon<T>(what: &str, doing: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, doing).await.unwrap_or_else(|_| panic!("{what} did not come"))
}
