//! The SQL that finds who is to be told.

use drawbridge_domain::id::{Id, TenantId, UserId};
use serde::Deserialize;

use crate::ports::{DbError, Seat, Statement};
use crate::services::Services;
use crate::values;

/// The most users that are named one by one.
pub(super) const MOST: usize = 1000;

/// To whom a connection was given, directly or through a group; an empty text stands for everyone.
pub(super) fn given(tenant: &TenantId, connection: &str) -> Statement {
    Statement::of(
        tenant,
        "SELECT COALESCE(m.user_id, g.principal_id) AS user
         FROM connection_grants g
         LEFT JOIN group_members m
           ON g.principal_type = 'group' AND m.tenant_id = ?1 AND m.group_id = g.principal_id
         WHERE g.tenant_id = ?1 AND g.connection_id = ?2
           AND (g.principal_type <> 'group' OR m.user_id IS NOT NULL)
         LIMIT 1001",
        values![connection],
    )
}

/// A user in one of the tenants of an account.
#[derive(Deserialize)]
pub(super) struct Membership {
    pub(super) tenant_id: TenantId,
    pub(super) id: UserId,
}

/// The same person in all of their tenants.
pub(super) fn everywhere(tenant: &TenantId, user: &str) -> Statement {
    Statement::across(
        "a session may be in any tenant of its account",
        "SELECT o.tenant_id, o.id FROM users u JOIN users o ON o.account_id = u.account_id
         WHERE u.tenant_id = ?1 AND u.id = ?2",
        values![Id::as_str(tenant), user],
    )
}

/// Whether the session, token or app is there, in this tenant, of this user, with this role.
pub(super) async fn is_theirs(services: &Services, seat: &Seat) -> Result<bool, DbError> {
    let read = Statement::of(
        &seat.tenant,
        "SELECT u.id FROM sessions s
         JOIN users u ON u.account_id = s.account_id AND u.tenant_id = s.tenant_id AND u.state = 'active'
         WHERE s.tenant_id = ?1 AND s.id = ?2 AND u.id = ?3 AND u.role = ?4
         UNION ALL
         SELECT u.id FROM tokens t
         JOIN users u ON u.tenant_id = ?1 AND u.id = t.user_id AND u.state = 'active'
         WHERE t.tenant_id = ?1 AND t.id = ?2 AND u.id = ?3 AND u.role = ?4 AND t.revoked_at IS NULL
         UNION ALL
         SELECT created_by AS id FROM apps WHERE tenant_id = ?1 AND id = ?2 AND created_by = ?3 AND disabled = 0",
        values![seat.by.as_str(), seat.user.as_str(), seat.role.code()],
    );
    let found: Option<Sitting> =
        services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()?;
    Ok(found.is_some_and(|found| found.id == seat.user))
}

#[derive(Deserialize)]
struct Sitting {
    id: UserId,
}
