//! Switching a user off and on again. Off is at once: the sessions in this tenant end in the same batch.

use drawbridge_contract::endpoints::{ReactivateUser, SuspendUser};
use drawbridge_contract::types::people::User;
use drawbridge_domain::id::{Id, UserId};
use drawbridge_domain::user::{UserAction, UserState};

use super::{store, unknown, user};
use crate::features::audit::Record;
use crate::features::authority::{self, Affected};
use crate::http::{Call, Failure, Reply, Scope};
use crate::services::Services;

/// Suspends.
pub(super) async fn handle(call: Call<SuspendUser, Scope>) -> Result<Reply<User>, Failure> {
    turn(&call.services, &call.scope, &call.params.user, UserAction::Suspend).await
}

/// Reactivates.
pub(super) async fn reactivate(call: Call<ReactivateUser, Scope>) -> Result<Reply<User>, Failure> {
    turn(&call.services, &call.scope, &call.params.user, UserAction::Reactivate).await
}

async fn turn(
    services: &Services,
    scope: &Scope,
    id: &UserId,
    action: UserAction,
) -> Result<Reply<User>, Failure> {
    let mut row = store::find(services, scope, id).await?.ok_or_else(unknown)?;
    row.check(scope, action)?;
    let (done, state) = match action {
        UserAction::Suspend => ("user.suspended", UserState::Suspended),
        _ => ("user.reactivated", UserState::Active),
    };
    state.code().clone_into(&mut row.user.state);
    let mut changes = store::change(scope, &row.user);
    if let (UserState::Suspended, Some(account)) = (state, &row.user.account_id) {
        changes.push(store::end_sessions(scope, account));
    }
    let record = Record::done(done, "user", id.as_str(), &row.user.name());
    authority::commit(services, scope, &[Affected::User(id.clone())], changes, &[record]).await?;
    Ok(Reply::new(user(&row.user)?))
}
