//! Links for signing in again.

use drawbridge_domain::id::{ConnectionId, Id, ReconnectLinkId};
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use crate::http::{Scope, TenantRow};
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

/// The most sign-ins that one link starts.
const MOST_STARTS: u32 = 20;

/// Makes a link; those of the connection that are still open end.
pub(crate) fn add_link(
    scope: &Scope,
    connection: &ConnectionId,
    id: &ReconnectLinkId,
    token_hash: &str,
    now: Timestamp,
    expires: Timestamp,
) -> Vec<Statement> {
    vec![
        scope.statement(
            "DELETE FROM reconnect_links WHERE tenant_id = ?1 AND connection_id = ?2 AND used_at IS NULL",
            values![connection.as_str()],
        ),
        scope.statement(
            "INSERT INTO reconnect_links (tenant_id, id, connection_id, token_hash, created_by, created_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            values![id.as_str(), connection.as_str(), token_hash, scope.user().as_str(), now, expires],
        ),
    ]
}

/// A link with its tenant.
#[derive(Deserialize)]
pub(crate) struct LinkRow {
    #[serde(rename = "..")]
    pub(crate) tenant: TenantRow,
    pub(crate) id: ReconnectLinkId,
    pub(crate) connection_id: ConnectionId,
    pub(crate) expires_at: i64,
    pub(crate) asked_by: Option<String>,
}

macro_rules! link {
    ($where:literal) => {
        concat!(
            "SELECT ",
            "t.id AS tenant_id, t.slug AS tenant_slug, t.name AS tenant_name, t.audit_seq, t.audit_hash,
                    l.id, l.connection_id, l.expires_at,
                    (SELECT u.first_name || ' ' || u.last_name FROM users u
                     WHERE u.tenant_id = l.tenant_id AND u.id = l.created_by) AS asked_by
             FROM reconnect_links l JOIN tenants t ON t.id = l.tenant_id
             WHERE l.used_at IS NULL AND ",
            $where
        )
    };
}

/// The link with this secret, where it is still good.
pub(crate) async fn find_link(services: &Services, token_hash: &str) -> Result<Option<LinkRow>, DbError> {
    let read = Statement::across(
        "a link's secret is what tells the tenant",
        link!("l.token_hash = ?1 AND l.expires_at > ?2"),
        values![token_hash, services.now()],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// The link that a sign-in was started by, where nobody has used it up.
pub(crate) async fn link_of_flow(
    services: &Services,
    tenant: &str,
    link: &str,
) -> Result<Option<LinkRow>, DbError> {
    let read = Statement::across(
        "the sign-in of a link has no session",
        link!("l.tenant_id = ?1 AND l.id = ?2"),
        values![tenant, link],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// Fails when a link has started as many sign-ins as it may.
pub(crate) fn starts_are_few(scope: &Scope, connection: &ConnectionId, link: &str) -> Statement {
    scope.statement(
        "INSERT INTO must_be_under (used, most)
         SELECT COUNT(*), ?4 FROM oauth_flows WHERE tenant_id = ?1 AND connection_id = ?2 AND link_id = ?3",
        values![connection.as_str(), link, MOST_STARTS],
    )
}

/// Uses a link up; of two people at the same moment, one comes too late.
pub(crate) fn use_link(scope: &Scope, link: &str, now: Timestamp) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE reconnect_links SET used_at = ?3 WHERE tenant_id = ?1 AND id = ?2 AND used_at IS NULL",
            values![link, now],
        ),
        Statement::must_change(),
    ]
}
