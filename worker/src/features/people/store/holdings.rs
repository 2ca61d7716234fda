//! The SQL of what users and groups own.

use drawbridge_domain::id::{ConnectionId, GroupId, Id, UserId};
use serde::Deserialize;

use crate::http::Scope;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

/// A connection that a user or a group was given.
#[derive(Deserialize)]
pub(crate) struct HoldingRow {
    pub(crate) id: ConnectionId,
    pub(crate) name: String,
    pub(crate) level: String,
    pub(crate) only_owner: u32,
}

#[derive(Deserialize)]
struct Total {
    total: u32,
}

/// Whether a connection `g.connection_id` that user ?2 owns has no other owner: no other user, not everyone, and no
/// group with another member.
macro_rules! owned_by_nobody_else {
    () => {
        "NOT EXISTS (SELECT 1 FROM connection_grants o WHERE o.tenant_id = ?1 AND o.connection_id = g.connection_id
           AND o.level = 'owner' AND (
             o.principal_type = 'everyone'
             OR (o.principal_type = 'user' AND o.principal_id <> ?2)
             OR (o.principal_type = 'group' AND EXISTS
                  (SELECT 1 FROM group_members m WHERE m.tenant_id = ?1 AND m.group_id = o.principal_id
                   AND m.user_id <> ?2))))"
    };
}

/// The connections that nobody but this user owns.
macro_rules! only_of_user {
    () => {
        concat!(
            " FROM connection_grants g
              JOIN connections c ON c.tenant_id = ?1 AND c.id = g.connection_id AND c.deleted_at IS NULL
                AND c.status <> 'pending'
              WHERE g.tenant_id = ?1 AND g.principal_type = 'user' AND g.principal_id = ?2 AND g.level = 'owner' AND ",
            owned_by_nobody_else!()
        )
    };
}

async fn read(
    services: &Services,
    items: Statement,
    total: Statement,
) -> Result<(Vec<HoldingRow>, u32), DbError> {
    let mut results = services.db.batch(vec![items, total]).await?.into_iter();
    let items = results.next().unwrap_or_default().all()?;
    let total: Option<Total> = results.next().unwrap_or_default().first()?;
    Ok((items, total.map_or(0, |row| row.total)))
}

/// The first connections by name that nobody but this user owns, and how many there are.
pub(crate) async fn only_of_user(
    services: &Services,
    scope: &Scope,
    user: &UserId,
) -> Result<(Vec<HoldingRow>, u32), DbError> {
    let items = scope.statement(
        concat!(
            "SELECT c.id, c.name, g.level, 1 AS only_owner",
            only_of_user!(),
            " ORDER BY c.name_key, c.id LIMIT 50"
        ),
        values![user.as_str()],
    );
    let total = scope.statement(concat!("SELECT COUNT(*) AS total", only_of_user!()), values![user.as_str()]);
    read(services, items, total).await
}

/// The first connections by name that a group was given, and how many there are.
pub(crate) async fn of_group(
    services: &Services,
    scope: &Scope,
    group: &GroupId,
) -> Result<(Vec<HoldingRow>, u32), DbError> {
    let items = scope.statement(
        "SELECT c.id, c.name, g.level,
           g.level = 'owner' AND NOT EXISTS (SELECT 1 FROM connection_grants o WHERE o.tenant_id = ?1
             AND o.connection_id = g.connection_id AND o.level = 'owner'
             AND NOT (o.principal_type = 'group' AND o.principal_id = ?2)) AS only_owner
         FROM connection_grants g
         JOIN connections c ON c.tenant_id = ?1 AND c.id = g.connection_id AND c.deleted_at IS NULL
                AND c.status <> 'pending'
         WHERE g.tenant_id = ?1 AND g.principal_type = 'group' AND g.principal_id = ?2
         ORDER BY c.name_key, c.id LIMIT 50",
        values![group.as_str()],
    );
    let total = scope.statement(
        "SELECT COUNT(*) AS total FROM connection_grants g
         JOIN connections c ON c.tenant_id = ?1 AND c.id = g.connection_id AND c.deleted_at IS NULL
                AND c.status <> 'pending'
         WHERE g.tenant_id = ?1 AND g.principal_type = 'group' AND g.principal_id = ?2",
        values![group.as_str()],
    );
    read(services, items, total).await
}

/// Who becomes the owner of what a removed user leaves.
pub(crate) enum Heir<'a> {
    /// A user, who must still be active.
    User(&'a UserId),
    /// A group, which must still be there.
    Group(&'a GroupId),
}

/// Hands what only `user` owns over; there must still be exactly as many connections as were looked at.
pub(crate) fn hand_over(
    scope: &Scope,
    user: &UserId,
    to: Option<&Heir<'_>>,
    expected: u32,
) -> Vec<Statement> {
    let mut statements = vec![scope.statement(
        concat!("INSERT INTO must_change (changed) SELECT COUNT(*) = ?3", only_of_user!()),
        values![user.as_str(), expected],
    )];
    let (kind, id, there) = match to {
        None => return statements,
        Some(Heir::User(id)) => (
            "user",
            id.as_str(),
            "INSERT INTO must_change (changed) SELECT COUNT(*) FROM users
             WHERE tenant_id = ?1 AND id = ?2 AND state = 'active' AND role <> 'participant'",
        ),
        Some(Heir::Group(id)) => (
            "group",
            id.as_str(),
            "INSERT INTO must_change (changed) SELECT COUNT(*) FROM groups WHERE tenant_id = ?1 AND id = ?2",
        ),
    };
    statements.extend([
        scope.statement(there, values![id]),
        scope.statement(
            concat!(
                "INSERT INTO connection_grants (tenant_id, connection_id, principal_type, principal_id, level)
                 SELECT ?1, g.connection_id, ?3, ?4, 'owner'",
                only_of_user!(),
                " ON CONFLICT DO UPDATE SET level = 'owner'"
            ),
            values![user.as_str(), kind, id],
        ),
    ]);
    statements
}

/// The name of a user who can own connections: active, and more than a Participant.
pub(crate) async fn user_heir(
    services: &Services,
    scope: &Scope,
    id: &UserId,
) -> Result<Option<String>, DbError> {
    name(
        services,
        scope.statement(
            "SELECT first_name || ' ' || last_name AS name FROM users
         WHERE tenant_id = ?1 AND id = ?2 AND state = 'active' AND role <> 'participant'",
            values![id.as_str()],
        ),
    )
    .await
}

/// The name of a group.
pub(crate) async fn group_heir(
    services: &Services,
    scope: &Scope,
    id: &GroupId,
) -> Result<Option<String>, DbError> {
    name(
        services,
        scope.statement("SELECT name FROM groups WHERE tenant_id = ?1 AND id = ?2", values![id.as_str()]),
    )
    .await
}

async fn name(services: &Services, read: Statement) -> Result<Option<String>, DbError> {
    #[derive(Deserialize)]
    struct Row {
        name: String,
    }
    let row: Option<Row> =
        services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()?;
    Ok(row.map(|row| row.name))
}
