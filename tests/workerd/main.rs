//! The product over HTTP on the real runtime, with a real authorization server.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what goes wrong ends the test that asked"
)]

mod flow;
