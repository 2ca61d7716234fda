//! A change of a group's name or description.

use drawbridge_contract::endpoints::ChangeGroupSettings;
use drawbridge_contract::types::groups::Group;
use drawbridge_domain::id::Id;
use drawbridge_domain::text;
use serde_json::{Map, json};

use super::{group, store, taken, unknown};
use crate::features::audit::{self, Record};
use crate::http::call::lost_race;
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::DbError;

/// Changes it.
pub(super) async fn handle(call: Call<ChangeGroupSettings, Scope>) -> Result<Reply<Group>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.group);
    let mut faults = Faults::default();
    let name = call.body.name.as_deref();
    let name = name.map(|name| faults.text("name", text::plain_name(name).map(str::to_owned)));
    let description = call.body.description.as_deref();
    let description =
        description.map(|words| faults.text("description", text::description(words).map(str::to_owned)));
    faults.check()?;

    let mut row = store::find(services, scope, id).await?.ok_or_else(unknown)?;
    if row.version != call.if_match {
        return Err(lost_race());
    }
    let mut changes = Map::new();
    for (field, slot, new) in
        [("name", &mut row.name, name), ("description", &mut row.description, description)]
    {
        if let Some(new) = new.filter(|new| new != slot) {
            changes.insert(field.to_owned(), json!({ "before": slot, "after": new }));
            *slot = new;
        }
    }
    if changes.is_empty() {
        return Ok(Reply::versioned(group(row), call.if_match));
    }
    if changes.contains_key("name") && store::has_name(services, scope, &row.name, id.as_str()).await? {
        return Err(taken());
    }
    let record = Record::done("group.changed", "group", id.as_str(), &row.name).with_changes(changes.into());
    match audit::commit(services, scope, store::change(scope, &row), &[record]).await {
        Err(DbError::Guard) => Err(lost_race()),
        Err(DbError::Unique) => Err(taken()),
        result => {
            result?;
            Ok(Reply::versioned(group(row), call.if_match + 1))
        }
    }
}
