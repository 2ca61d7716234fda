//! The list of users: filtered, in one of two orders, from a key on; and the counts above it.

use drawbridge_contract::types::people::{ListUsersQuery, UserSort};
use serde::Deserialize;

use super::keyset::{edge, keyset};
use super::users::{UserRow, user_columns};
use crate::features::people::page;
use crate::http::Scope;
use crate::ports::{DbError, Value};
use crate::services::Services;
use crate::values;

macro_rules! list {
    ($key:literal, $compare:literal, $direction:literal) => {
        keyset!(
            select user_columns!(), from "users" as "u",
            where "(?2 IS NULL OR instr(u.name_key, ?2) > 0 OR instr(u.email, ?2) > 0)
               AND (?3 IS NULL OR u.role = ?3)
               AND (?4 IS NULL OR u.state = ?4)",
            by $key $direction, after $compare "(?5, ?6)", limit "?7"
        )
    };
}

#[derive(Deserialize)]
pub(crate) struct StateCount {
    pub(crate) state: String,
    pub(crate) number: u32,
}

/// One page and the counts: one round trip.
pub(crate) async fn list(
    services: &Services,
    scope: &Scope,
    query: &ListUsersQuery,
    after: Option<(Value, String)>,
    limit: u32,
) -> Result<(Vec<UserRow>, Vec<StateCount>), DbError> {
    use UserSort as By;
    let sort = query.sort.unwrap_or_default();
    let sql = match sort {
        By::Name => list!("name_key", ">", "ASC"),
        By::NameDescending => list!("name_key", "<", "DESC"),
        By::Created => list!("created_at", ">", "ASC"),
        By::CreatedDescending => list!("created_at", "<", "DESC"),
    };
    let by_text = matches!(sort, By::Name | By::NameDescending);
    let descending = matches!(sort, By::NameDescending | By::CreatedDescending);
    let (key, id) = after.unwrap_or_else(|| edge(by_text, descending));
    let page = scope.statement(
        sql,
        values![
            page::wanted(query.search.as_deref()),
            query.role.map(drawbridge_domain::role::Role::code),
            query.state.map(drawbridge_domain::user::UserState::code),
            key,
            id,
            limit
        ],
    );
    let counts = scope
        .statement("SELECT state, number FROM user_counts WHERE tenant_id = ?1 AND number > 0", values![]);
    let mut results = services.db.batch(vec![page, counts]).await?.into_iter();
    Ok((results.next().unwrap_or_default().all()?, results.next().unwrap_or_default().all()?))
}
