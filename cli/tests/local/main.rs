//! The program itself, against a server that answers what the test says.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what goes wrong ends the test")]

mod answers;
mod fake;
mod gateways;
mod lists;
mod sign_in;
mod tls;
mod trouble;
mod writes;
