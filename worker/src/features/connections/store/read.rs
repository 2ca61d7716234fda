//! Reading one connection.

use drawbridge_domain::id::{ConnectionEventId, ConnectionId, Id, TenantId};
use serde::Deserialize;

use super::super::record::Row;
use super::list::{granted, summary_columns};
use crate::http::Scope;
use crate::ports::{DbError, Rows, Statement};
use crate::services::Services;
use crate::values;

/// One connection with its sealed secrets, deleted or not as asked; `None` when it is not there. Whether the caller may know of it is for
/// [`super::super::record::SummaryRow::level`] to say.
pub(crate) async fn find(
    services: &Services,
    scope: &Scope,
    id: &ConnectionId,
    deleted: bool,
) -> Result<Option<Row>, DbError> {
    find_as(services, scope.tenant(), scope.user().as_str(), id, deleted).await
}

/// The same for a user; for nobody where the system itself asks.
pub(crate) async fn find_as(
    services: &Services,
    tenant: &TenantId,
    user: &str,
    id: &ConnectionId,
    deleted: bool,
) -> Result<Option<Row>, DbError> {
    read_as(services, tenant, user, id, deleted).await?.first()
}

/// The same, not read yet.
pub(crate) async fn read_as(
    services: &Services,
    tenant: &TenantId,
    user: &str,
    id: &ConnectionId,
    deleted: bool,
) -> Result<Rows, DbError> {
    let read = Statement::of(
        tenant,
        concat!(
            "SELECT ",
            summary_columns!(),
            ", ",
            granted!(),
            " AS granted,
               c.settings, c.secrets_set, c.oauth_client_id, o.name AS oauth_client_name, g.name AS gateway_name,
               g.status AS gateway_status, c.connected_as,
               c.scopes, c.token_expires_at, c.next_refresh_at, c.verified_by, c.pending_until,
               c.refused_sign_in, c.grants_version, c.doubts, c.version,
               s.sealed, s.version AS secrets_version, u.last_used_at, u.calls, u.failures
             FROM connections c
             LEFT JOIN connection_uses u ON u.tenant_id = ?1 AND u.connection_id = c.id
             LEFT JOIN connection_secrets s ON s.tenant_id = ?1 AND s.connection_id = c.id
             LEFT JOIN oauth_clients o ON o.tenant_id = ?1 AND o.id = c.oauth_client_id
             LEFT JOIN gateways g ON g.tenant_id = ?1 AND g.id = c.gateway_id
             WHERE c.tenant_id = ?1 AND c.id = ?3 AND (c.deleted_at IS NOT NULL) = ?5
               AND (c.status <> 'pending' OR c.pending_until > ?4)"
        ),
        values![user, id.as_str(), services.now(), deleted],
    );
    Ok(services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default())
}

#[derive(Deserialize)]
pub(crate) struct EventRow {
    pub(crate) id: ConnectionEventId,
    pub(crate) at: i64,
    pub(crate) status: String,
    pub(crate) reason: String,
    pub(crate) provider_words: Option<String>,
    pub(crate) user_id: Option<drawbridge_domain::id::UserId>,
    pub(crate) user_name: Option<String>,
}

/// The history of a connection's status, newest first.
pub(crate) async fn events(
    services: &Services,
    scope: &Scope,
    connection: &ConnectionId,
) -> Result<Vec<EventRow>, DbError> {
    let read = scope.statement(
        "SELECT e.id, e.at, e.status, e.reason, e.provider_words, e.user_id,
           (SELECT u.first_name || ' ' || u.last_name FROM users u WHERE u.tenant_id = ?1 AND u.id = e.user_id)
             AS user_name
         FROM connection_events e WHERE e.tenant_id = ?1 AND e.connection_id = ?2 ORDER BY e.id DESC LIMIT 200",
        values![connection.as_str()],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}
