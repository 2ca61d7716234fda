mod bytes;
mod calls;
mod flow;
mod fuzz;
mod hostile;
mod json;
mod proofs;
#[cfg(feature = "sealing")]
mod sealed;
mod sql;

use super::frame::CallId;

fn id(number: u32) -> CallId {
    CallId::new(number).unwrap()
}
