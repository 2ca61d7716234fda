//! Taking a user out of the tenant: what only they own goes to an heir or is left to the administrators, all in one
//! batch. The audit log keeps the name.

use drawbridge_contract::endpoints::{RemoveTenantUser, RemoveUser};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::people::RemoveUserQuery;
use drawbridge_domain::id::{Id, UserId};
use drawbridge_domain::user::UserAction;
use serde_json::json;

use super::store::Heir;
use super::{store, unknown};
use crate::features::audit::Record;
use crate::features::authority::{self, Affected};
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::DbError;
use crate::services::Services;

/// Removes the user.
pub(super) async fn handle(call: Call<RemoveUser, Scope>) -> Result<Reply<Nothing>, Failure> {
    remove(&call.services, &call.scope, &call.params.user, &call.query).await
}

/// The same, where scripts for Nintex Automation Cloud look for it.
pub(super) async fn compatible(call: Call<RemoveTenantUser, Scope>) -> Result<Reply<Nothing>, Failure> {
    remove(&call.services, &call.scope, &call.params.user, &call.query).await
}

async fn remove(
    services: &Services,
    scope: &Scope,
    id: &UserId,
    query: &RemoveUserQuery,
) -> Result<Reply<Nothing>, Failure> {
    let row = store::find(services, scope, id).await?.ok_or_else(unknown)?;
    row.check(scope, UserAction::Remove)?;
    let (heir, heir_name) = heir(services, scope, id, query).await?;
    let (held, total) = store::only_of_user(services, scope, id).await?;

    let mut changes = store::hand_over(scope, id, heir.as_ref(), total);
    changes.extend(store::remove(scope, &row.user));
    let names: Vec<&str> = held.iter().map(|holding| holding.name.as_str()).collect();
    let heir_name = heir_name.as_deref().unwrap_or("administrators");
    let about = json!({
        "email": { "before": row.user.email }, "role": { "before": row.user.role },
        "state": { "before": row.user.state },
        "onlyOwnerOf": { "count": total, "first": names, "after": heir_name },
    });
    let record = Record::done("user.removed", "user", id.as_str(), &row.user.name()).with_changes(about);
    // Their tokens go with them.
    match authority::commit(services, scope, &[Affected::User(id.clone())], changes, &[record]).await {
        Err(DbError::Guard) => Err(Failure::new(
            ProblemCode::Conflict,
            "Meanwhile the user, what they own, or who gets it became another. Look at it again, then try again.",
        )),
        result => result.map(|_| Reply::new(Nothing {})).map_err(Failure::from),
    }
}

/// Who gets what only this user owns, with the name; nobody: the administrators have it anyway.
async fn heir<'a>(
    services: &Services,
    scope: &Scope,
    leaving: &UserId,
    query: &'a RemoveUserQuery,
) -> Result<(Option<Heir<'a>>, Option<String>), Failure> {
    match (&query.to_user, &query.to_group) {
        (None, None) => Ok((None, None)),
        (Some(_), Some(_)) => Err(Failure::field("toGroup", "repeated", "Name a user or a group, not both.")),
        (Some(user), None) => {
            let name = match store::user_heir(services, scope, user).await? {
                Some(name) if user != leaving => name,
                _ => {
                    let words = "Name another user who is active and at least a Designer.";
                    return Err(Failure::field("toUser", "unknown_value", words));
                }
            };
            Ok((Some(Heir::User(user)), Some(name)))
        }
        (None, Some(group)) => match store::group_heir(services, scope, group).await? {
            Some(name) => Ok((Some(Heir::Group(group)), Some(name))),
            None => Err(Failure::field("toGroup", "unknown_value", "There is no such group.")),
        },
    }
}
