//! What the pages of connections say.

mod fixed;
mod made;
mod trying;

pub(super) use fixed::*;
pub(super) use made::*;
pub(super) use trying::*;
