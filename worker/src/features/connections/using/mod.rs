//! Using a connection: operations and calls that pass through, with its credentials added here and nowhere else.

mod answer;
mod exchange;
mod journey;
mod limits;
pub(super) mod operation;
pub(super) mod proxy;
mod ready;
mod through;
