//! The list of users: filtered, in one of two orders, from a key on; and the counts above it.

use drawbridge_contract::types::people::UserSort;
use drawbridge_domain::id::UserId;
use drawbridge_domain::role::Role;
use drawbridge_domain::user::UserState;
use serde::{Deserialize, Serialize};

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
               AND (?3 IS NULL OR u.role IN (SELECT value FROM json_each(?3)))
               AND (?4 IS NULL OR u.state = ?4)",
            by $key $direction, after $compare "(?5, ?6)", limit "?7"
        )
    };
}

/// Those who are named by their ids or email addresses, which are few.
const NAMED: &str = concat!(
    "WITH named (id) AS MATERIALIZED (
       SELECT value FROM json_each(?8)
       UNION SELECT e.id FROM users e
         WHERE ?8 IS NULL AND e.tenant_id = ?1 AND e.email IN (SELECT value FROM json_each(?9)))
     SELECT ",
    user_columns!(),
    " FROM named CROSS JOIN users u ON u.tenant_id = ?1 AND u.id = named.id
     WHERE (u.name_key, u.id) > (?5, ?6)
       AND (?2 IS NULL OR instr(u.name_key, ?2) > 0 OR instr(u.email, ?2) > 0)
       AND (?3 IS NULL OR u.role IN (SELECT value FROM json_each(?3)))
       AND (?4 IS NULL OR u.state = ?4)
       AND (?9 IS NULL OR u.email IN (SELECT value FROM json_each(?9)))
     ORDER BY u.name_key, u.id LIMIT ?7"
);

/// Which users are wanted. An empty list narrows nothing.
#[derive(Default)]
pub(crate) struct Wanted<'a> {
    pub(crate) search: Option<&'a str>,
    pub(crate) roles: &'a [Role],
    pub(crate) state: Option<UserState>,
    /// Only the first order is made for those who are named.
    pub(crate) ids: &'a [UserId],
    pub(crate) emails: &'a [String],
    pub(crate) sort: UserSort,
}

impl Wanted<'_> {
    fn is_named(&self) -> bool {
        !(self.ids.is_empty() && self.emails.is_empty())
    }
}

/// The values as the statement takes them apart; `None` where there are none.
fn listed<T: Serialize>(values: &[T]) -> Option<String> {
    let some = Some(values).filter(|values| !values.is_empty());
    some.and_then(|values| serde_json::to_string(values).ok())
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
    wanted: &Wanted<'_>,
    after: Option<(Value, String)>,
    limit: u32,
) -> Result<(Vec<UserRow>, Vec<StateCount>), DbError> {
    use UserSort as By;
    let sort = wanted.sort;
    let sql = match sort {
        _ if wanted.is_named() => NAMED,
        By::Name => list!("name_key", ">", "ASC"),
        By::NameDescending => list!("name_key", "<", "DESC"),
        By::Created => list!("created_at", ">", "ASC"),
        By::CreatedDescending => list!("created_at", "<", "DESC"),
    };
    let by_text = matches!(sort, By::Name | By::NameDescending);
    let descending = matches!(sort, By::NameDescending | By::CreatedDescending);
    let (key, id) = after.unwrap_or_else(|| edge(by_text, descending));
    let mut values = values![
        page::wanted(wanted.search),
        listed(wanted.roles),
        wanted.state.map(UserState::code),
        key,
        id,
        limit
    ];
    if wanted.is_named() {
        values.extend(values![listed(wanted.ids), listed(wanted.emails)]);
    }
    let page = scope.statement(sql, values);
    let counts = scope
        .statement("SELECT state, number FROM user_counts WHERE tenant_id = ?1 AND number > 0", values![]);
    let mut results = services.db.batch(vec![page, counts]).await?.into_iter();
    Ok((results.next().unwrap_or_default().all()?, results.next().unwrap_or_default().all()?))
}
