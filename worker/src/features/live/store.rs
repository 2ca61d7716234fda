//! The SQL that finds who is to be told.

use drawbridge_domain::id::{Id, TenantId, UserId};
use serde::Deserialize;

use crate::ports::Statement;
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
