//! One OAuth client.

use drawbridge_contract::endpoints::ReadOAuthClient;
use drawbridge_contract::types::oauth_clients::OAuthClient;

use super::{client, store, unknown};
use crate::http::{Call, Failure, Reply, Scope};

/// Reads it.
pub(super) async fn handle(call: Call<ReadOAuthClient, Scope>) -> Result<Reply<OAuthClient>, Failure> {
    let row = store::read(&call.services, &call.scope, &call.params.client).await?.ok_or_else(unknown)?;
    let version = row.version;
    Ok(Reply::versioned(client(row, &call.facts), version))
}
