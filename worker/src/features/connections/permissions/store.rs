//! The SQL of grants.

use drawbridge_domain::id::{ConnectionId, Id, UserId};
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
    ($group:literal) => {
        concat!(
            "(SELECT COUNT(*) || CASE COUNT(*) WHEN 1 THEN ' member' ELSE ' members' END FROM group_members m
              WHERE m.tenant_id = ?1 AND m.group_id = ",
            $group,
            ")"
        )
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
            members!("r.id"),
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
    ]
}

/// A user who may be able to use a connection.
#[derive(Deserialize)]
pub(super) struct AccessRow {
    pub(super) id: UserId,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) role: String,
    pub(super) everyone: Option<String>,
    pub(super) direct: Option<String>,
    pub(super) groups: String,
}

/// A group through which a user has something.
#[derive(Deserialize)]
pub(super) struct GroupRow {
    pub(super) name: String,
    pub(super) level: String,
}

/// Active users who can use a connection, by email.
pub(super) async fn access(
    services: &Services,
    scope: &Scope,
    connection: &ConnectionId,
    search: Option<&str>,
    after: &str,
    limit: u32,
) -> Result<Vec<AccessRow>, DbError> {
    let read = scope.statement(
        "SELECT u.id, u.first_name || ' ' || u.last_name AS name, u.email, u.role,
           (SELECT g.level FROM connection_grants g WHERE g.tenant_id = ?1 AND g.connection_id = ?2
              AND g.principal_type = 'everyone') AS everyone,
           (SELECT g.level FROM connection_grants g WHERE g.tenant_id = ?1 AND g.connection_id = ?2
              AND g.principal_type = 'user' AND g.principal_id = u.id) AS direct,
           (SELECT json_group_array(json_object('name', r.name, 'level', g.level))
            FROM group_members m
            JOIN connection_grants g ON g.tenant_id = ?1 AND g.connection_id = ?2
              AND g.principal_type = 'group' AND g.principal_id = m.group_id
            JOIN groups r ON r.tenant_id = ?1 AND r.id = m.group_id
            WHERE m.tenant_id = ?1 AND m.user_id = u.id) AS groups
         FROM users u
         WHERE u.tenant_id = ?1 AND u.email > ?4 AND u.state = 'active' AND u.role <> 'participant'
           AND (?3 IS NULL OR instr(u.email, ?3) > 0 OR instr(lower(u.first_name || ' ' || u.last_name), ?3) > 0)
           AND (u.role IN ('automationAdministrator', 'globalAdministrator')
             OR EXISTS (SELECT 1 FROM connection_grants g WHERE g.tenant_id = ?1 AND g.connection_id = ?2
                  AND (g.principal_type = 'everyone'
                    OR (g.principal_type = 'user' AND g.principal_id = u.id)
                    OR (g.principal_type = 'group' AND g.principal_id IN
                      (SELECT m.group_id FROM group_members m WHERE m.tenant_id = ?1 AND m.user_id = u.id)))))
         ORDER BY u.email LIMIT ?5",
        values![connection.as_str(), search, after, limit],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
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
            "SELECT 'group' AS kind, r.id, r.name, ", members!("r.id"), " AS detail
             FROM groups r
             WHERE r.tenant_id = ?1 AND (?2 IS NULL OR instr(lower(r.name), ?2) > 0) ORDER BY r.name LIMIT 20"
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
