//! The list of users as Nintex Automation Cloud's public API has it.

use drawbridge_contract::endpoints::ListTenantUsers;
use drawbridge_contract::types::compatible::{
    MOST_NAMED, PAGE_SIZE, RoleName, TenantUser, TenantUsers, TenantUsersQuery,
};
use drawbridge_contract::types::people::UserSort;
use drawbridge_domain::id::Id;
use drawbridge_domain::limits::MAX_SEARCH;
use drawbridge_domain::role::Role;
use serde_json::Value as Json;

use super::store::{UserRow, Wanted};
use super::{page, store};
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};

/// The order of the list, in its cursors.
const ORDER: &str = "name";

/// Lists them by name, page by page.
pub(super) async fn handle(call: Call<ListTenantUsers, Scope>) -> Result<Reply<TenantUsers>, Failure> {
    let query = &call.query;
    check(query)?;
    let after = query.cursor.as_deref().map(|cursor| page::read_cursor(cursor, ORDER, true)).transpose()?;
    let size = query.limit.unwrap_or(PAGE_SIZE);
    let ids: Vec<_> = query.ids.iter().chain(&query.id).cloned().collect();
    // As they are kept; what is no address is nobody's.
    let emails: Vec<String> =
        query.emails.iter().chain(&query.email).map(|email| email.trim().to_lowercase()).collect();
    let roles: Vec<Role> = query.roles.iter().chain(&query.role).map(|role| role.0).collect();
    let wanted = Wanted {
        search: query.filter.as_deref(),
        roles: &roles,
        state: None,
        ids: &ids,
        emails: &emails,
        sort: UserSort::Name,
    };
    // One more than the page tells whether there is another page.
    let (mut rows, _) = store::list(&call.services, &call.scope, &wanted, after, size + 1).await?;
    let more = page::cut(&mut rows, size);
    let next_link = rows.last().filter(|_| more).map(|last| {
        let cursor = page::cursor(ORDER, Json::from(last.name_key.clone()), last.id.as_str());
        let next = TenantUsersQuery { cursor: Some(cursor), ..query.clone() };
        page::link::<ListTenantUsers>(&call.facts, &next)
    });
    let users = rows.into_iter().map(|row| user(row, &call.scope)).collect::<Result<_, _>>()?;
    Ok(Reply::new(TenantUsers { users, next_link }))
}

fn check(query: &TenantUsersQuery) -> Result<(), Failure> {
    let mut faults = Faults::default();
    for (path, number) in [("id[]", query.ids.len()), ("email[]", query.emails.len())] {
        if number > MOST_NAMED {
            faults.add(path, "too_many", format!("Send at most {MOST_NAMED} of them."));
        }
    }
    if query.filter.as_ref().is_some_and(|text| text.chars().count() > MAX_SEARCH) {
        faults.add("filter", "too_long", format!("Use at most {MAX_SEARCH} characters."));
    }
    faults.check()
}

fn user(row: UserRow, scope: &Scope) -> Result<TenantUser, Failure> {
    Ok(TenantUser {
        role: RoleName(row.role()?),
        id: row.id,
        email: row.email,
        first_name: row.first_name,
        last_name: row.last_name,
        is_guest: false,
        organization_id: scope.tenant().clone(),
    })
}
