//! The SQL of who can use a connection.

use drawbridge_domain::id::{ConnectionId, Id, UserId};
use serde::Deserialize;

use crate::http::Scope;
use crate::ports::DbError;
use crate::services::Services;
use crate::values;

/// A user who may be able to use a connection.
#[derive(Deserialize)]
pub(in super::super) struct AccessRow {
    pub(in super::super) id: UserId,
    pub(in super::super) name: String,
    pub(in super::super) email: String,
    pub(in super::super) role: String,
    pub(in super::super) everyone: Option<String>,
    pub(in super::super) direct: Option<String>,
    pub(in super::super) groups: String,
}

/// A group through which a user has something.
#[derive(Deserialize)]
pub(in super::super) struct GroupRow {
    pub(in super::super) name: String,
    pub(in super::super) level: String,
}

/// Active users who can use a connection, by email.
///
/// There are two ways to them. Where few were given it, those are looked up: the administrators, the users named, the
/// members of the groups named. Where it was given to Everyone, or to groups with more than a thousand members, all
/// users are walked along by email until the page is full, which is soon. Either way the walk that is not taken costs
/// nothing: its range begins after all texts.
pub(in super::super) async fn access(
    services: &Services,
    scope: &Scope,
    connection: &ConnectionId,
    search: Option<&str>,
    after: &str,
    limit: u32,
) -> Result<Vec<AccessRow>, DbError> {
    let read = scope.statement(
        "WITH given AS MATERIALIZED (
           SELECT g.principal_type AS kind, g.principal_id AS id, g.level FROM connection_grants g
           WHERE g.tenant_id = ?1 AND g.connection_id = ?2),
         everyone AS MATERIALIZED (SELECT MAX(level) AS level FROM given WHERE kind = 'everyone'),
         members AS NOT MATERIALIZED (
           SELECT m.user_id FROM given CROSS JOIN group_members m ON m.tenant_id = ?1 AND m.group_id = given.id
           WHERE given.kind = 'group'),
         many AS MATERIALIZED (
           SELECT everyone.level IS NOT NULL OR (SELECT COUNT(*) FROM (SELECT 1 FROM members LIMIT 1001)) > 1000 AS yes
           FROM everyone),
         few AS (
           SELECT u.id FROM users u
           WHERE u.tenant_id = ?1 AND u.role IN ('automationAdministrator', 'globalAdministrator')
             AND u.state = 'active'
           UNION SELECT given.id FROM given WHERE given.kind = 'user'
           UNION SELECT user_id FROM many CROSS JOIN members WHERE NOT many.yes),
         found AS MATERIALIZED (
           SELECT id FROM (
             SELECT u.id FROM users u
             WHERE u.tenant_id = ?1 AND u.email > iif((SELECT yes FROM many), ?4, x'')
               AND u.state = 'active' AND u.role <> 'participant'
               AND (?3 IS NULL OR instr(u.email, ?3) > 0 OR instr(lower(u.first_name || ' ' || u.last_name), ?3) > 0)
               AND ((SELECT level FROM everyone) IS NOT NULL
                 OR u.role IN ('automationAdministrator', 'globalAdministrator')
                 OR EXISTS (SELECT 1 FROM connection_grants g WHERE g.tenant_id = ?1 AND g.connection_id = ?2
                      AND g.principal_type = 'user' AND g.principal_id = u.id)
                 OR EXISTS (SELECT 1 FROM group_members m CROSS JOIN connection_grants g
                        ON g.tenant_id = ?1 AND g.connection_id = ?2
                        AND g.principal_type = 'group' AND g.principal_id = m.group_id
                      WHERE m.tenant_id = ?1 AND m.user_id = u.id))
             ORDER BY u.email LIMIT ?5)
           UNION ALL
           SELECT id FROM (
             SELECT u.id FROM many CROSS JOIN few CROSS JOIN users u ON u.tenant_id = ?1 AND u.id = few.id
             WHERE NOT many.yes AND u.email > ?4 AND u.state = 'active' AND u.role <> 'participant'
               AND (?3 IS NULL OR instr(u.email, ?3) > 0 OR instr(lower(u.first_name || ' ' || u.last_name), ?3) > 0)
             ORDER BY u.email LIMIT ?5))
         SELECT u.id, u.first_name || ' ' || u.last_name AS name, u.email, u.role,
           (SELECT level FROM everyone) AS everyone,
           (SELECT g.level FROM connection_grants g WHERE g.tenant_id = ?1 AND g.connection_id = ?2
              AND g.principal_type = 'user' AND g.principal_id = u.id) AS direct,
           (SELECT json_group_array(json_object('name', r.name, 'level', g.level))
            FROM group_members m
            CROSS JOIN connection_grants g ON g.tenant_id = ?1 AND g.connection_id = ?2
              AND g.principal_type = 'group' AND g.principal_id = m.group_id
            JOIN groups r ON r.tenant_id = ?1 AND r.id = m.group_id
            WHERE m.tenant_id = ?1 AND m.user_id = u.id) AS groups
         FROM found CROSS JOIN users u ON u.tenant_id = ?1 AND u.id = found.id
         ORDER BY u.email",
        values![connection.as_str(), search, after, limit],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}
