//! A new group.

use drawbridge_contract::endpoints::MakeGroup;
use drawbridge_contract::types::groups::Group;
use drawbridge_domain::id::{GroupId, Id};
use drawbridge_domain::limits::Limited;
use drawbridge_domain::text;
use serde_json::json;

use super::{store, taken};
use crate::features::audit::{self, Record};
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::new_id;
use crate::ports::DbError;

/// The version of what was just made.
const FIRST: i64 = 1;

/// Makes it.
pub(super) async fn handle(call: Call<MakeGroup, Scope>) -> Result<Reply<Group>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    let mut faults = Faults::default();
    let name = faults.text("name", text::plain_name(&call.body.name).map(str::to_owned));
    let description =
        faults.text("description", text::description(&call.body.description).map(str::to_owned));
    faults.check()?;
    if store::has_name(services, scope, &name, "").await? {
        return Err(taken());
    }
    let now = services.now();
    let group = Group { id: new_id!(services, GroupId)?, name, description, members: 0, created_at: now };
    let mut changes = store::add(scope, &group.id, &group.name, &group.description, now);
    if let Some(key) = &call.idempotency {
        changes.push(key.remember(services, scope, serde_json::to_string(&group)?, Some(FIRST)));
    }
    let record = Record::done("group.created", "group", group.id.as_str(), &group.name)
        .with_changes(json!({ "name": { "after": group.name } }));
    match audit::commit(services, scope, changes, &[record]).await {
        Err(DbError::Limit) => Err(Failure::quota(Limited::Groups)),
        result => result.map(|_| Reply::versioned(group, FIRST)).map_err(Failure::from),
    }
}
