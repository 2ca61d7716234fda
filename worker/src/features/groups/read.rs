//! One group, and what it was given.

use drawbridge_contract::endpoints::{ReadGroup, ReadGroupHoldings};
use drawbridge_contract::types::groups::Group;
use drawbridge_contract::types::people::Holdings;

use super::{group, store, unknown};
use crate::features::people::store as people;
use crate::features::people::told_holdings;
use crate::http::{Call, Failure, Reply, Scope};

/// Reads it.
pub(super) async fn handle(call: Call<ReadGroup, Scope>) -> Result<Reply<Group>, Failure> {
    let row = store::find(&call.services, &call.scope, &call.params.group).await?.ok_or_else(unknown)?;
    let version = row.version;
    Ok(Reply::versioned(group(row), version))
}

/// Reads what it was given.
pub(super) async fn holdings(call: Call<ReadGroupHoldings, Scope>) -> Result<Reply<Holdings>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.group);
    store::find(services, scope, id).await?.ok_or_else(unknown)?;
    let (rows, total) = people::of_group(services, scope, id).await?;
    Ok(Reply::new(told_holdings(rows, total)?))
}
