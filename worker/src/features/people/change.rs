//! A change of a user's names or role. What a session may do is read at each request, so that a new role holds from
//! the next one on.

use drawbridge_contract::endpoints::ChangeUserSettings;
use drawbridge_contract::types::people::User;
use drawbridge_domain::id::Id;
use drawbridge_domain::text;
use drawbridge_domain::user::{UserAction, check_gives_role};
use serde_json::{Map, json};

use super::{record, store, unknown, user};
use crate::features::audit::Record;
use crate::features::authority::{self, Affected};
use crate::http::call::lost_race;
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::DbError;

/// Changes it.
pub(super) async fn handle(call: Call<ChangeUserSettings, Scope>) -> Result<Reply<User>, Failure> {
    let (services, scope, body) = (&call.services, &call.scope, &call.body);
    let mut faults = Faults::default();
    let mut name = |path: &str, typed: &Option<String>| {
        typed.as_deref().map(|typed| faults.text(path, text::plain_name(typed).map(str::to_owned)))
    };
    let (first_name, last_name) = (name("firstName", &body.first_name), name("lastName", &body.last_name));
    faults.check()?;

    let mut row = store::find(services, scope, &call.params.user).await?.ok_or_else(unknown)?;
    if row.user.version != call.if_match {
        return Err(lost_race());
    }
    let from = row.user.role()?;
    if let Some(to) = body.role.filter(|to| *to != from) {
        row.check(scope, UserAction::ChangeRole)?;
        check_gives_role(scope.role(), from, to).map_err(record::refused)?;
    }
    let role = body.role.map(|role| role.code().to_owned());
    let mut changes = Map::new();
    for (field, slot, new) in [
        ("firstName", &mut row.user.first_name, first_name),
        ("lastName", &mut row.user.last_name, last_name),
        ("role", &mut row.user.role, role),
    ] {
        if let Some(new) = new.filter(|new| new != slot) {
            changes.insert(field.to_owned(), json!({ "before": slot, "after": new }));
            *slot = new;
        }
    }
    if changes.is_empty() {
        return Ok(Reply::versioned(user(&row.user)?, call.if_match));
    }
    let record = Record::done("user.changed", "user", row.user.id.as_str(), &row.user.name())
        .with_changes(changes.into());
    let affected = [Affected::User(row.user.id.clone())];
    match authority::commit(services, scope, &affected, store::change(scope, &row.user), &[record]).await {
        Err(DbError::Guard) => Err(lost_race()),
        result => {
            result?;
            Ok(Reply::versioned(user(&row.user)?, call.if_match + 1))
        }
    }
}
