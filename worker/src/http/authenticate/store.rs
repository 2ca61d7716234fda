//! The SQL of the session check.

use drawbridge_domain::id::Id;
use drawbridge_domain::time::Timestamp;

use super::{Facts, IDLE_LIFE};
use crate::http::scope::SessionRow;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

const WHY: &str = "a session is what tells the tenant";

/// The session with this secret, with its user, tenant and all its tenants: one statement, on every request.
pub(super) async fn find_session(
    services: &Services,
    secret_hash: &str,
    now: Timestamp,
) -> Result<Option<SessionRow>, DbError> {
    let read = Statement::across(
        WHY,
        "SELECT s.id AS session_id, s.secret_hash, s.account_id, s.expires_at, s.last_used_at,
                t.id AS tenant_id, t.slug AS tenant_slug, t.name AS tenant_name, t.audit_seq, t.audit_hash,
                s.sso_tenant_id, u.id AS user_id, u.email, u.first_name, u.last_name, u.role,
                (SELECT json_group_array(json_object('id', t2.id, 'slug', t2.slug, 'name', t2.name))
                 FROM users u2 JOIN tenants t2 ON t2.id = u2.tenant_id
                 WHERE u2.account_id = s.account_id AND u2.state = 'active'
                 AND (s.sso_tenant_id IS NULL OR u2.tenant_id = s.sso_tenant_id)) AS tenants
         FROM sessions s
         JOIN users u ON u.account_id = s.account_id AND u.tenant_id = s.tenant_id AND u.state = 'active'
         JOIN tenants t ON t.id = s.tenant_id
         WHERE s.secret_hash = ?1 AND s.expires_at > ?2 AND s.last_used_at > ?3
           AND (s.sso_tenant_id IS NULL OR s.sso_tenant_id = s.tenant_id)",
        values![secret_hash, now, now.plus(-IDLE_LIFE)],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// Notes that a session is used.
pub(super) fn touch(row: &SessionRow, now: Timestamp, facts: &Facts) -> Statement {
    Statement::across(
        WHY,
        "UPDATE sessions SET last_used_at = ?2, address = ?3, country = ?4 WHERE id = ?1 AND last_used_at < ?2",
        values![row.session_id.as_str(), now, facts.address.as_str(), facts.country.as_str()],
    )
}
