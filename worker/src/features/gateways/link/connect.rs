//! The opening of a link: the hub of the gateway that is named takes it, and finds out whose it is.

use drawbridge_contract::endpoints::OpenGatewayLink;
use drawbridge_contract::types::Nothing;

use crate::http::{Call, Failure, Reply};
use crate::ports::Dialled;

pub(super) async fn handle(call: Call<OpenGatewayLink, ()>) -> Result<Reply<Nothing>, Failure> {
    let dialled = Dialled { gateway: call.query.gateway, origin: call.facts.origin };
    Ok(Reply::new(Nothing {}).with_link(dialled))
}
