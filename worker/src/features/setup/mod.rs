//! The first set-up of a deployment; once done, it is as if it had never been there.

mod set_up;
mod store;

pub use store::is_open;

use drawbridge_contract::endpoint::Endpoint;
use drawbridge_contract::endpoints::{ReadSetup, SetUpDeployment};
use drawbridge_contract::types::sessions::SetupState;

use crate::http::{Call, Failure, Reply, Router};
use crate::ports::Pending;
use crate::services::Services;

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    router
        .open::<ReadSetup, _, _>(read)
        .open::<SetUpDeployment, _, _>(set_up::handle)
        .only_while(SetUpDeployment::INFO.path, while_open)
}

async fn read(_call: Call<ReadSetup, ()>) -> Result<Reply<SetupState>, Failure> {
    Ok(Reply::new(SetupState { open: true }))
}

/// Once it is done, nothing is answered but 404, whatever is sent.
fn while_open(services: Services) -> Pending<'static, Result<(), Failure>> {
    Box::pin(async move { if is_open(&services).await? { Ok(()) } else { Err(done()) } })
}

fn done() -> Failure {
    Failure::not_found("page")
}

#[cfg(test)]
mod tests;
