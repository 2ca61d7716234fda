//! The SQL of groups and their members.

use drawbridge_domain::id::{GroupId, Id, UserId};
use drawbridge_domain::limits::Limited;
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use crate::features::people::store::{UserRow, user_columns};
use crate::http::Scope;
use crate::ports::{DbError, Statement, Value};
use crate::services::Services;
use crate::values;

/// A group with the number of its members.
#[derive(Deserialize)]
pub(super) struct GroupRow {
    pub(super) id: GroupId,
    pub(super) name: String,
    pub(super) name_key: String,
    pub(super) description: String,
    pub(super) created_at: i64,
    pub(super) version: i64,
    pub(super) members: u32,
}

macro_rules! group_columns {
    () => {
        "SELECT g.id, g.name, g.name_key, g.description, g.created_at, g.version, g.member_count AS members
         FROM groups g WHERE g.tenant_id = ?1"
    };
}

fn start(after: Option<(Value, String)>) -> (Value, String) {
    after.unwrap_or_else(|| (Value::from(""), String::new()))
}

/// One page of the groups, by name.
pub(super) async fn list(
    services: &Services,
    scope: &Scope,
    search: Option<String>,
    after: Option<(Value, String)>,
    limit: u32,
) -> Result<Vec<GroupRow>, DbError> {
    let (key, id) = start(after);
    let read = scope.statement(
        concat!(
            group_columns!(),
            " AND (g.name_key, g.id) > (?3, ?4) AND (?2 IS NULL OR instr(g.name_key, ?2) > 0)
              ORDER BY g.name_key, g.id LIMIT ?5"
        ),
        values![search, key, id, limit],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

fn find_statement(scope: &Scope, id: &GroupId) -> Statement {
    scope.statement(concat!(group_columns!(), " AND g.id = ?2"), values![id.as_str()])
}

/// One group; `None` when it is not there.
pub(super) async fn find(
    services: &Services,
    scope: &Scope,
    id: &GroupId,
) -> Result<Option<GroupRow>, DbError> {
    let read = find_statement(scope, id);
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// Whether a group other than `but` has this name.
pub(super) async fn has_name(
    services: &Services,
    scope: &Scope,
    name: &str,
    but: &str,
) -> Result<bool, DbError> {
    let read = scope.statement(
        "SELECT 1 AS found FROM groups WHERE tenant_id = ?1 AND name_key = ?2 AND id <> ?3",
        values![name.to_lowercase(), but],
    );
    let rows = services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default();
    Ok(!rows.0.is_empty())
}

/// A new group, where the tenant may have one more.
pub(super) fn add(
    scope: &Scope,
    id: &GroupId,
    name: &str,
    description: &str,
    now: Timestamp,
) -> Vec<Statement> {
    vec![
        scope.statement(
            "INSERT INTO must_be_under (used, most) SELECT COUNT(*), ?2 FROM groups WHERE tenant_id = ?1",
            values![Limited::Groups.most()],
        ),
        scope.statement(
            "INSERT INTO groups (tenant_id, id, name, name_key, description, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            values![id.as_str(), name, name.to_lowercase(), description, now],
        ),
    ]
}

/// Writes a group's name and description; it must still be of the row's version.
pub(super) fn change(scope: &Scope, row: &GroupRow) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE groups SET name = ?3, name_key = ?4, description = ?5, version = version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND version = ?6",
            values![
                row.id.as_str(),
                row.name.as_str(),
                row.name.to_lowercase(),
                row.description.as_str(),
                row.version
            ],
        ),
        Statement::must_change(),
    ]
}

/// Deletes a group, its members' places and all that it was given.
pub(super) fn delete(scope: &Scope, id: &GroupId) -> Vec<Statement> {
    vec![
        // Whoever has the permissions of such a connection open is to see that they are others now.
        scope.statement(
            "UPDATE connections SET grants_version = grants_version + 1 WHERE tenant_id = ?1 AND id IN
               (SELECT connection_id FROM connection_grants
                WHERE tenant_id = ?1 AND principal_type = 'group' AND principal_id = ?2)",
            values![id.as_str()],
        ),
        scope.statement(
            "DELETE FROM connection_grants WHERE tenant_id = ?1 AND principal_type = 'group' AND principal_id = ?2",
            values![id.as_str()],
        ),
        scope.statement("DELETE FROM groups WHERE tenant_id = ?1 AND id = ?2", values![id.as_str()]),
        Statement::must_change(),
    ]
}

/// A group with one page of its members, by name. Up to a thousand members are looked up and sorted; in a larger group
/// all users are walked along by name until the page is full, which is soon. The way that is not taken costs nothing:
/// its range begins after all texts.
pub(super) async fn members(
    services: &Services,
    scope: &Scope,
    group: &GroupId,
    search: Option<String>,
    after: Option<(Value, String)>,
    limit: u32,
) -> Result<Option<Vec<UserRow>>, DbError> {
    let (key, id) = start(after);
    let page = scope.statement(
        concat!(
            "WITH large AS MATERIALIZED (
               SELECT g.member_count > 1000 AS yes FROM groups g WHERE g.tenant_id = ?1 AND g.id = ?2),
             found AS MATERIALIZED (
               SELECT id FROM (
                 SELECT u.id FROM users u
                 WHERE u.tenant_id = ?1 AND u.name_key >= iif((SELECT yes FROM large), ?4, x'')
                   AND (u.name_key, u.id) > (?4, ?5)
                   AND (?3 IS NULL OR instr(u.name_key, ?3) > 0 OR instr(u.email, ?3) > 0)
                   AND EXISTS (SELECT 1 FROM group_members m
                               WHERE m.tenant_id = ?1 AND m.group_id = ?2 AND m.user_id = u.id)
                 ORDER BY u.name_key, u.id LIMIT ?6)
               UNION ALL
               SELECT id FROM (
                 SELECT u.id FROM large
                 CROSS JOIN group_members m ON m.tenant_id = ?1 AND m.group_id = ?2 AND NOT large.yes
                 CROSS JOIN users u ON u.tenant_id = ?1 AND u.id = m.user_id
                 WHERE (u.name_key, u.id) > (?4, ?5)
                   AND (?3 IS NULL OR instr(u.name_key, ?3) > 0 OR instr(u.email, ?3) > 0)
                 ORDER BY u.name_key, u.id LIMIT ?6))
             SELECT ",
            user_columns!(),
            " FROM found CROSS JOIN users u ON u.tenant_id = ?1 AND u.id = found.id
             ORDER BY u.name_key, u.id"
        ),
        values![group.as_str(), search, key, id, limit],
    );
    let mut results = services.db.batch(vec![find_statement(scope, group), page]).await?.into_iter();
    let known = !results.next().unwrap_or_default().0.is_empty();
    let rows = results.next().unwrap_or_default().all()?;
    Ok(known.then_some(rows))
}

/// A group and a user, by name, and whether the one is a member of the other.
#[derive(Deserialize)]
pub(super) struct Membership {
    pub(super) group_name: String,
    pub(super) user_name: String,
    pub(super) is_member: u32,
}

/// `None` when the group or the user is not there.
pub(super) async fn membership(
    services: &Services,
    scope: &Scope,
    group: &GroupId,
    user: &UserId,
) -> Result<Option<Membership>, DbError> {
    let read = scope.statement(
        "SELECT g.name AS group_name, u.first_name || ' ' || u.last_name AS user_name,
           EXISTS (SELECT 1 FROM group_members m WHERE m.tenant_id = ?1 AND m.group_id = ?2 AND m.user_id = ?3)
             AS is_member
         FROM groups g JOIN users u ON u.tenant_id = ?1 AND u.id = ?3
         WHERE g.tenant_id = ?1 AND g.id = ?2",
        values![group.as_str(), user.as_str()],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// Makes a user a member, where both are there and it is none yet.
pub(super) fn add_member(scope: &Scope, group: &GroupId, user: &UserId) -> Vec<Statement> {
    vec![
        scope.statement(
            "INSERT INTO group_members (tenant_id, group_id, user_id)
             SELECT ?1, g.id, u.id FROM groups g JOIN users u ON u.tenant_id = ?1 AND u.id = ?3
             WHERE g.tenant_id = ?1 AND g.id = ?2
             ON CONFLICT DO NOTHING",
            values![group.as_str(), user.as_str()],
        ),
        Statement::must_change(),
    ]
}

/// Takes a member out.
pub(super) fn remove_member(scope: &Scope, group: &GroupId, user: &UserId) -> Vec<Statement> {
    vec![
        scope.statement(
            "DELETE FROM group_members WHERE tenant_id = ?1 AND group_id = ?2 AND user_id = ?3",
            values![group.as_str(), user.as_str()],
        ),
        Statement::must_change(),
    ]
}
