//! Gateways: agents on the premises, through which connections reach what stands there.

mod failure;

pub(crate) use failure::failed;
