//! The members of a group.

use drawbridge_contract::endpoints::{AddMember, ListMembers, RemoveMember};
use drawbridge_contract::types::people::User;
use drawbridge_contract::types::{List, Nothing};
use drawbridge_domain::id::Id;
use drawbridge_domain::limits::PAGE_SIZE;
use serde_json::json;

use super::store::Membership;
use super::{store, unknown};
use crate::features::audit::{self, Record};
use crate::features::people::{page, user};
use crate::http::{Call, Failure, Reply, Scope};

/// Lists them by name, page by page.
pub(super) async fn list(call: Call<ListMembers, Scope>) -> Result<Reply<List<User>>, Failure> {
    let (query, group) = (&call.query, &call.params.group);
    page::check_search(query.search.as_deref())?;
    let after = query.cursor.as_deref().map(|cursor| page::read_cursor(cursor, "name", true)).transpose()?;
    let size = query.page_size.unwrap_or(PAGE_SIZE);
    let search = page::wanted(query.search.as_deref());
    let rows = store::members(&call.services, &call.scope, group, search, after, size + 1).await?;
    let mut rows = rows.ok_or_else(unknown)?;
    let more = page::cut(&mut rows, size);
    let last = rows.last().filter(|_| more);
    let next_cursor = last.map(|row| page::cursor("name", row.name_key.clone().into(), row.id.as_str()));
    let items = rows.iter().map(user).collect::<Result<_, _>>()?;
    Ok(Reply::new(List { items, next_cursor }))
}

fn record(action: &'static str, group: &str, membership: &Membership, user: &str) -> Record {
    Record::done(action, "group", group, &membership.group_name)
        .with_changes(json!({ "member": { "id": user, "name": membership.user_name } }))
}

/// Adds one.
pub(super) async fn add(call: Call<AddMember, Scope>) -> Result<Reply<Nothing>, Failure> {
    let (services, scope, group, user) = (&call.services, &call.scope, &call.params.group, &call.params.user);
    let membership = store::membership(services, scope, group, user).await?.ok_or_else(unknown)?;
    if membership.is_member > 0 {
        return Ok(Reply::new(Nothing {}));
    }
    let record = record("group.member_added", group.as_str(), &membership, user.as_str());
    audit::commit(services, scope, store::add_member(scope, group, user), &[record]).await?;
    Ok(Reply::new(Nothing {}))
}

/// Takes one out.
pub(super) async fn remove(call: Call<RemoveMember, Scope>) -> Result<Reply<Nothing>, Failure> {
    let (services, scope, group, user) = (&call.services, &call.scope, &call.params.group, &call.params.user);
    let membership = store::membership(services, scope, group, user).await?;
    let membership = membership.filter(|found| found.is_member > 0).ok_or_else(unknown)?;
    let record = record("group.member_removed", group.as_str(), &membership, user.as_str());
    audit::commit(services, scope, store::remove_member(scope, group, user), &[record]).await?;
    Ok(Reply::new(Nothing {}))
}
