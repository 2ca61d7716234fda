//! The list: what the caller may see, filtered, in one of three orders, from a key on; and the counts above it.

use drawbridge_contract::types::connections::{ConnectionSort, ConnectionView, ListConnectionsQuery};
use drawbridge_domain::id::Id;
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use super::super::record::SummaryRow;
use crate::features::people::store::keyset::{edge, keyset};
use crate::http::Scope;
use crate::ports::{DbError, Value};
use crate::services::Services;
use crate::values;

/// What the caller was given: the highest of what they, their groups and everyone were given.
macro_rules! granted {
    () => {
        "(SELECT MAX(CASE g.level WHEN 'owner' THEN 2 ELSE 1 END) FROM connection_grants g
          WHERE g.tenant_id = ?1 AND g.connection_id = c.id AND (
            g.principal_type = 'everyone'
            OR (g.principal_type = 'user' AND g.principal_id = ?2)
            OR (g.principal_type = 'group' AND g.principal_id IN
                (SELECT m.group_id FROM group_members m WHERE m.tenant_id = ?1 AND m.user_id = ?2))))"
    };
}
pub(super) use granted;

macro_rules! summary_columns {
    () => {
        "c.id, c.name, c.name_key, c.connector, c.auth, c.status, c.reason, c.provider_words, c.status_since, c.created_by,
         c.created_at, c.last_verified_at,
         (SELECT u.first_name || ' ' || u.last_name FROM users u WHERE u.tenant_id = ?1 AND u.id = c.created_by)
           AS owner_name,
         c.deleted_at, c.deleted_by, c.destroy_at,
         (SELECT u.first_name || ' ' || u.last_name FROM users u WHERE u.tenant_id = ?1 AND u.id = c.deleted_by)
           AS deleter_name"
    };
}
pub(super) use summary_columns;

macro_rules! list {
    ($key:literal, $compare:literal, $direction:literal) => {
        keyset!(
            select concat!(summary_columns!(), ", ", granted!(), " AS granted"), from "connections" as "c",
            where concat!(
                "(?3 = 1 OR ",
                granted!(),
                " >= ?12)
               AND (c.deleted_at IS NOT NULL) = ?13 AND c.revocation_tries = 0
               AND (c.status <> 'pending' OR c.pending_until > ?4)
               AND (?5 IS NULL OR instr(c.name_key, ?5) > 0)
               AND (?6 IS NULL OR c.connector = ?6)
               AND (?7 IS NULL OR c.status = ?7)
               AND (?8 IS NULL OR c.created_by = ?8)"
            ),
            by $key $direction, after $compare "(?9, ?10)", limit "?11"
        )
    };
}

#[derive(Deserialize)]
pub(crate) struct Count {
    pub(crate) status: String,
    pub(crate) number: u32,
}

/// One page and the counts: one round trip. Without those whose making is not finished where `finished` says so.
pub(crate) async fn list(
    services: &Services,
    scope: &Scope,
    query: &ListConnectionsQuery,
    finished: bool,
    after: Option<(Value, String)>,
    limit: u32,
) -> Result<(Vec<SummaryRow>, Vec<Count>), DbError> {
    use ConnectionSort as By;
    let sort = query.sort.unwrap_or_default();
    let sql = match sort {
        By::Name => list!("name_key", ">", "ASC"),
        By::NameDescending => list!("name_key", "<", "DESC"),
        By::Created => list!("created_at", ">", "ASC"),
        By::CreatedDescending => list!("created_at", "<", "DESC"),
        By::LastVerified => list!("last_verified_at", ">", "ASC"),
        By::LastVerifiedDescending => list!("last_verified_at", "<", "DESC"),
    };
    let by_text = matches!(sort, By::Name | By::NameDescending);
    let descending = matches!(sort, By::NameDescending | By::CreatedDescending | By::LastVerifiedDescending);
    let (key, id) = after.unwrap_or_else(|| edge(by_text, descending));
    let deleted = query.view == Some(ConnectionView::Deleted);
    let now = services.now();
    let (me, admin) = (scope.user().as_str(), scope.role().is_administrator());
    let page = scope.statement(
        sql,
        values![
            me,
            admin,
            // No making lasts so long; the database's numbers are exact as far as this.
            if finished { Timestamp::from_millis(1 << 52) } else { now },
            query.search.as_ref().map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty()),
            query.connector.as_deref(),
            query.status.map(drawbridge_domain::connection::Status::code),
            query.owner.as_ref().map(Id::as_str),
            key,
            id,
            limit,
            // Only owners can restore, and only they are shown what is deleted.
            if deleted { 2_u32 } else { 1 },
            deleted
        ],
    );
    let counts = scope.statement(
        concat!(
            "SELECT c.status, COUNT(*) AS number FROM connections c
             WHERE c.tenant_id = ?1 AND c.deleted_at IS NULL AND (?3 = 1 OR ",
            granted!(),
            " IS NOT NULL)
               AND (c.status <> 'pending' OR c.pending_until > ?4)
             GROUP BY c.status"
        ),
        values![me, admin, now],
    );
    let mut results = services.db.batch(vec![page, counts]).await?.into_iter();
    let page = results.next().unwrap_or_default().all()?;
    let counts = results.next().unwrap_or_default().all()?;
    Ok((page, counts))
}
