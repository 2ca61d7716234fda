//! The SQL of connections.

mod flows;
mod gateway;
mod life;
mod links;
mod list;
mod read;
pub(super) mod through;
pub(super) mod upkeep;
mod uses;
mod write;

pub(super) use flows::*;
pub(super) use gateway::*;
pub(super) use life::*;
pub(super) use links::*;
pub(super) use list::*;
pub(super) use read::*;
pub(super) use uses::*;
pub(super) use write::*;
