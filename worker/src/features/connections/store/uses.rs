//! How connections are used, and which of them wait for a new token.

use drawbridge_domain::id::{ConnectionId, Id, TenantId};
use drawbridge_domain::time::{HOUR, Timestamp};
use serde::Deserialize;

use crate::http::Scope;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

/// Adds to the counts of a connection, where it is still there.
pub(crate) fn count(
    tenant: &TenantId,
    id: &ConnectionId,
    last: Timestamp,
    calls: i64,
    failures: i64,
) -> Statement {
    Statement::of(
        tenant,
        "INSERT INTO connection_uses (tenant_id, connection_id, last_used_at, calls, failures)
         SELECT tenant_id, id, ?3, ?4, ?5 FROM connections WHERE tenant_id = ?1 AND id = ?2
         ON CONFLICT (tenant_id, connection_id) DO UPDATE SET
           last_used_at = MAX(last_used_at, excluded.last_used_at), calls = calls + excluded.calls,
           failures = failures + excluded.failures",
        values![id.as_str(), last, calls, failures],
    )
}

/// Notes that the caller's use by role alone is on record; fails when it was within the last hour.
pub(crate) fn used_by_role(scope: &Scope, id: &ConnectionId, now: Timestamp) -> Vec<Statement> {
    vec![
        scope.statement(
            "INSERT INTO connection_role_uses (tenant_id, connection_id, user_id, recorded_at)
             VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (tenant_id, connection_id, user_id) DO UPDATE SET recorded_at = excluded.recorded_at
             WHERE recorded_at <= ?5",
            values![id.as_str(), scope.user().as_str(), now, now.plus(-HOUR)],
        ),
        Statement::must_change(),
    ]
}

/// A connection whose token is due.
#[derive(Deserialize)]
pub(crate) struct Due {
    pub(crate) tenant_id: TenantId,
    pub(crate) id: ConnectionId,
}

/// Some of the connections whose tokens are due, the longest due first.
pub(crate) async fn due(services: &Services, now: Timestamp) -> Result<Vec<Due>, DbError> {
    let read = Statement::across(
        "the tokens of all tenants are refreshed by the clock",
        "SELECT tenant_id, id FROM connections
         WHERE next_refresh_at <= ?1 AND status IN ('active', 'degraded') AND deleted_at IS NULL
         ORDER BY next_refresh_at LIMIT 500",
        values![now],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}
