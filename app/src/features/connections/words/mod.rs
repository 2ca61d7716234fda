//! What the pages of connections say.

mod fixed;
mod life;
mod made;
mod trying;

pub(super) use fixed::*;
pub(super) use life::*;
pub(super) use made::*;
pub(super) use trying::*;
