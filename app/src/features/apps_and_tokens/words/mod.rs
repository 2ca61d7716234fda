//! The words of Settings → Apps and tokens.

mod fixed;
mod made;

pub(super) use fixed::*;
pub(super) use made::*;
