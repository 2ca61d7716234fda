//! Who can use a connection, and why.

use drawbridge_contract::endpoints::ListConnectionAccess;
use drawbridge_contract::types::permissions::{AccessReason, ConnectionAccess};
use drawbridge_contract::types::{List, Person};
use drawbridge_domain::access::{ConnectionAction, Level};
use drawbridge_domain::grants::{Ground, level_by};
use drawbridge_domain::limits::{MAX_SEARCH, PAGE_SIZE};
use drawbridge_domain::role::Role;

use super::super::{read, settle};
use super::store::{self, AccessRow};
use crate::encoding::{base64url, from_base64url};
use crate::http::{Call, Failure, Reply, Scope};
use crate::json;

/// Lists them by email.
pub(super) async fn handle(
    call: Call<ListConnectionAccess, Scope>,
) -> Result<Reply<List<ConnectionAccess>>, Failure> {
    let (services, scope, query) = (&call.services, &call.scope, &call.query);
    let search = searched(query.search.as_deref())?;
    let row = read::find(services, scope, &call.params.connection).await?;
    settle::allow(scope, &row, ConnectionAction::ChangePermissions)?;
    let after = match query.cursor.as_deref() {
        None => String::new(),
        Some(cursor) => from_base64url(cursor)
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .ok_or_else(|| Failure::field("cursor", "bad_value", "Use the nextCursor of the page before."))?,
    };
    let size = query.page_size.unwrap_or(PAGE_SIZE);
    let mut rows =
        store::access(services, scope, &row.summary.id, search.as_deref(), &after, size + 1).await?;
    let more = rows.len() > size as usize;
    rows.truncate(size as usize);
    let next_cursor = rows.last().filter(|_| more).map(|last| base64url(last.email.as_bytes()));
    let items = rows.into_iter().filter_map(|row| told(row).transpose()).collect::<Result<_, _>>()?;
    Ok(Reply::new(List { items, next_cursor }))
}

/// A search as the statements take it.
pub(super) fn searched(search: Option<&str>) -> Result<Option<String>, Failure> {
    let Some(text) = search else { return Ok(None) };
    if text.chars().count() > MAX_SEARCH {
        return Err(Failure::field("search", "too_long", format!("Use at most {MAX_SEARCH} characters.")));
    }
    Ok(Some(text.trim().to_lowercase()).filter(|text| !text.is_empty()))
}

fn told(row: AccessRow) -> Result<Option<ConnectionAccess>, Failure> {
    let role = Role::from_code(&row.role).ok_or_else(|| Failure::internal("a role that is none"))?;
    let groups: Vec<store::GroupRow> = json::read(&row.groups)?;
    let level = |code: &Option<String>| code.as_deref().and_then(Level::from_code);
    let mut reasons = Vec::new();
    if role.is_administrator() {
        reasons.push(AccessReason { ground: Ground::Role, level: Level::Owner, group: None });
    }
    if let Some(level) = level(&row.everyone) {
        reasons.push(AccessReason { ground: Ground::Everyone, level, group: None });
    }
    for group in groups {
        if let Some(level) = Level::from_code(&group.level) {
            reasons.push(AccessReason { ground: Ground::Group, level, group: Some(group.name) });
        }
    }
    if let Some(level) = level(&row.direct) {
        reasons.push(AccessReason { ground: Ground::Direct, level, group: None });
    }
    let granted = reasons.iter().filter(|reason| reason.ground != Ground::Role).map(|reason| reason.level);
    Ok(level_by(role, granted).map(|level| ConnectionAccess {
        user: Person { id: row.id, name: row.name },
        email: row.email,
        level,
        reasons,
    }))
}
