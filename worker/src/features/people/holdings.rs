//! What only this user owns: what becomes of it is asked before the user is removed.

use drawbridge_contract::endpoints::ReadUserHoldings;
use drawbridge_contract::types::people::{Holding, Holdings};
use drawbridge_domain::access::Level;

use super::store::HoldingRow;
use super::{store, unknown};
use crate::http::{Call, Failure, Reply, Scope};

/// Reads it.
pub(super) async fn handle(call: Call<ReadUserHoldings, Scope>) -> Result<Reply<Holdings>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.user);
    store::find(services, scope, id).await?.ok_or_else(unknown)?;
    let (rows, total) = store::only_of_user(services, scope, id).await?;
    Ok(Reply::new(told(rows, total)?))
}

/// Rows in the words of the contract.
pub(crate) fn told(rows: Vec<HoldingRow>, total: u32) -> Result<Holdings, Failure> {
    let item = |row: HoldingRow| {
        let level = Level::from_code(&row.level).ok_or_else(|| Failure::internal("a level that is none"))?;
        Ok(Holding { id: row.id, name: row.name, level, only_owner: row.only_owner > 0 })
    };
    Ok(Holdings { items: rows.into_iter().map(item).collect::<Result<_, Failure>>()?, total })
}
