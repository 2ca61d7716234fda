//! What the pages of connections say.

mod fixed;
mod made;

pub(super) use fixed::*;
pub(super) use made::*;
