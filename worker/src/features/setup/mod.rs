//! The first set-up of a deployment; once done, it is as if it had never been there.

mod set_up;
mod store;

pub use store::is_open;

use drawbridge_contract::endpoints::{ReadSetup, SetUpDeployment};
use drawbridge_contract::types::sessions::SetupState;

use crate::http::{Call, Failure, Reply, Router};

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    router.open::<ReadSetup, _, _>(read).open::<SetUpDeployment, _, _>(set_up::handle)
}

async fn read(call: Call<ReadSetup, ()>) -> Result<Reply<SetupState>, Failure> {
    if is_open(&call.services).await? { Ok(Reply::new(SetupState { open: true })) } else { Err(done()) }
}

fn done() -> Failure {
    Failure::not_found("page")
}

#[cfg(test)]
mod tests;
