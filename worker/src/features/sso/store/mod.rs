//! The SQL of single sign-on.

mod domains;
mod flows;
mod identities;
mod settings;

pub(crate) use domains::*;
pub(crate) use flows::*;
pub(crate) use identities::*;
pub(crate) use settings::*;
