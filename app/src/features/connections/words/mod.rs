//! What the pages of connections say.

mod fixed;
mod gateway;
mod life;
mod made;
mod trying;

pub(super) use fixed::*;
pub(super) use gateway::*;
pub(super) use life::*;
pub(super) use made::*;
pub(super) use trying::*;
