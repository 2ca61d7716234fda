//! The words of Settings → Gateways.

mod fixed;
mod made;

pub(super) use fixed::*;
pub(super) use made::*;
