//! The SQL of grants.

mod access;

pub(super) use access::{AccessRow, GroupRow, access};

use drawbridge_domain::id::{ConnectionId, Id};
use serde::Deserialize;

use crate::http::Scope;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

/// Something that was given.
#[derive(Deserialize)]
pub(super) struct GrantRow {
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) detail: String,
    pub(super) level: String,
}

macro_rules! members {
    () => {
        "r.member_count || iif(r.member_count = 1, ' member', ' members')"
    };
}

/// Grants with names, from a source of kind, id and level; who is not there any more is left out.
macro_rules! named {
    ($source:literal) => {
        concat!(
            "WITH given AS (",
            $source,
            ")
             SELECT 0 AS place, kind, id, '' AS name, '' AS detail, level FROM given
             WHERE kind = 'everyone' AND id = ''
             UNION ALL
             SELECT 1, given.kind, given.id, r.name, ",
            members!(),
            ", given.level
             FROM given JOIN groups r ON r.tenant_id = ?1 AND r.id = given.id WHERE given.kind = 'group'
             UNION ALL
             SELECT 2, given.kind, given.id, u.first_name || ' ' || u.last_name, u.email, given.level
             FROM given JOIN users u ON u.tenant_id = ?1 AND u.id = given.id WHERE given.kind = 'user'
             ORDER BY 1, 4, 3"
        )
    };
}

fn present(scope: &Scope, connection: &ConnectionId) -> Statement {
    scope.statement(
        named!(
            "SELECT principal_type AS kind, principal_id AS id, level FROM connection_grants
             WHERE tenant_id = ?1 AND connection_id = ?2"
        ),
        values![connection.as_str()],
    )
}

/// What was given on a connection.
pub(super) async fn grants(
    services: &Services,
    scope: &Scope,
    connection: &ConnectionId,
) -> Result<Vec<GrantRow>, DbError> {
    let read = vec![present(scope, connection)];
    services.db.batch(read).await?.into_iter().next().unwrap_or_default().all()
}

/// What is known before grants are saved.
pub(super) struct Look {
    pub(super) before: Vec<GrantRow>,
    pub(super) after: Vec<GrantRow>,
    /// Whether somebody who can sign in owns the connection afterwards.
    pub(super) has_owner: bool,
}

#[derive(Deserialize)]
struct Exists {
    one: i64,
}

/// Looks at the grants that are there, those that are to be, and who owns the connection then.
pub(super) async fn look(
    services: &Services,
    scope: &Scope,
    connection: &ConnectionId,
    wanted: &str,
) -> Result<Look, DbError> {
    let after = scope.statement(
        named!(
            "SELECT json_each.value ->> 'kind' AS kind, json_each.value ->> 'id' AS id,
               json_each.value ->> 'level' AS level
             FROM json_each(?2) WHERE ?1 <> ''"
        ),
        values![wanted],
    );
    let owner = scope.statement(
        "SELECT EXISTS (
           SELECT 1 FROM json_each(?2), users u
           WHERE u.tenant_id = ?1 AND u.state = 'active' AND u.role <> 'participant'
             AND json_each.value ->> 'level' = 'owner' AND json_each.value ->> 'kind' = 'user'
             AND u.id = json_each.value ->> 'id'
           UNION ALL
           SELECT 1 FROM json_each(?2), group_members m, users u
           WHERE m.tenant_id = ?1 AND m.group_id = json_each.value ->> 'id'
             AND u.tenant_id = ?1 AND u.id = m.user_id AND u.state = 'active' AND u.role <> 'participant'
             AND json_each.value ->> 'level' = 'owner' AND json_each.value ->> 'kind' = 'group'
           UNION ALL
           SELECT 1 FROM json_each(?2)
           WHERE json_each.value ->> 'level' = 'owner' AND json_each.value ->> 'kind' = 'everyone'
         ) AS one",
        values![wanted],
    );
    let mut results = services.db.batch(vec![present(scope, connection), after, owner]).await?.into_iter();
    let mut next = || results.next().unwrap_or_default();
    let (before, after) = (next().all()?, next().all()?);
    let owner: Option<Exists> = next().first()?;
    Ok(Look { before, after, has_owner: owner.is_some_and(|found| found.one != 0) })
}

/// Puts grants in the place of those that are there, which must still be of that version.
pub(super) fn save(scope: &Scope, connection: &ConnectionId, version: i64, wanted: &str) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE connections SET grants_version = grants_version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND grants_version = ?3 AND deleted_at IS NULL",
            values![connection.as_str(), version],
        ),
        Statement::must_change(),
        scope.statement(
            "DELETE FROM connection_grants WHERE tenant_id = ?1 AND connection_id = ?2",
            values![connection.as_str()],
        ),
        scope.statement(
            "INSERT INTO connection_grants (tenant_id, connection_id, principal_type, principal_id, level)
             SELECT ?1, ?2, json_each.value ->> 'kind', json_each.value ->> 'id', json_each.value ->> 'level'
             FROM json_each(?3)",
            values![connection.as_str(), wanted],
        ),
        // Whoever was deleted since the look is given nothing: look again.
        scope.statement(
            "INSERT INTO must_change (changed) SELECT NOT EXISTS (
               SELECT 1 FROM connection_grants g
               LEFT JOIN groups r ON r.tenant_id = ?1 AND r.id = g.principal_id
               LEFT JOIN users u ON u.tenant_id = ?1 AND u.id = g.principal_id
               WHERE g.tenant_id = ?1 AND g.connection_id = ?2
                 AND ((g.principal_type = 'group' AND r.id IS NULL) OR (g.principal_type = 'user' AND u.id IS NULL)))",
            values![connection.as_str()],
        ),
    ]
}

/// A user or a group.
#[derive(Deserialize)]
pub(super) struct PrincipalRow {
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) detail: String,
}

/// Groups and users whose name or email holds a text, at most 20 of each.
pub(super) async fn principals(
    services: &Services,
    scope: &Scope,
    search: Option<&str>,
) -> Result<Vec<PrincipalRow>, DbError> {
    let groups = scope.statement(
        concat!(
            "SELECT 'group' AS kind, r.id, r.name, ", members!(), " AS detail
             FROM groups r
             WHERE r.tenant_id = ?1 AND (?2 IS NULL OR instr(lower(r.name), ?2) > 0) ORDER BY r.name_key, r.id LIMIT 20"
        ),
        values![search],
    );
    let users = scope.statement(
        "SELECT 'user' AS kind, u.id, u.first_name || ' ' || u.last_name AS name, u.email AS detail
         FROM users u
         WHERE u.tenant_id = ?1
           AND (?2 IS NULL OR instr(u.email, ?2) > 0 OR instr(lower(u.first_name || ' ' || u.last_name), ?2) > 0)
         ORDER BY u.email LIMIT 20",
        values![search],
    );
    let mut results = services.db.batch(vec![groups, users]).await?.into_iter();
    let mut found: Vec<PrincipalRow> = results.next().unwrap_or_default().all()?;
    found.extend(results.next().unwrap_or_default().all::<PrincipalRow>()?);
    Ok(found)
}
