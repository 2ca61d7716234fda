//! What uses a connection. Each kind of thing that can use one is asked here; so far nothing of the product can.

use drawbridge_contract::endpoints::ListConnectionUses;
use drawbridge_contract::types::life::ConnectionUses;

use super::read;
use crate::http::{Call, Failure, Reply, Scope};

/// Lists it.
pub(super) async fn handle(call: Call<ListConnectionUses, Scope>) -> Result<Reply<ConnectionUses>, Failure> {
    read::find(&call.services, &call.scope, &call.params.connection).await?;
    Ok(Reply::new(ConnectionUses::default()))
}
