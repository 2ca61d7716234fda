//! One user.

use drawbridge_contract::endpoints::ReadUser;
use drawbridge_contract::types::people::UserDetails;

use super::{store, unknown, user};
use crate::http::{Call, Failure, Reply, Scope};

/// Reads it, with groups and sessions.
pub(super) async fn handle(call: Call<ReadUser, Scope>) -> Result<Reply<UserDetails>, Failure> {
    let found = store::find_with_groups(&call.services, &call.scope, &call.params.user).await?;
    let (row, groups) = found.ok_or_else(unknown)?;
    let answer = UserDetails {
        user: user(&row.user)?,
        groups,
        sessions: row.sessions,
        last_global_administrator: row.is_last()?,
        last_way_in: row.is_last_way_in()?,
    };
    Ok(Reply::versioned(answer, row.user.version))
}
