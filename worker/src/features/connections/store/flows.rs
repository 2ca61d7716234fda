//! Sign-ins under way at a provider.

use drawbridge_domain::id::{ConnectionId, FlowId, Id, SessionId, TenantId};
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use crate::http::Scope;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

/// A sign-in that begins.
pub(crate) struct NewFlow<'a> {
    pub(crate) id: &'a FlowId,
    pub(crate) state_hash: &'a str,
    pub(crate) connection: &'a ConnectionId,
    /// The session that began it; a reconnect link has none.
    pub(crate) session: Option<&'a SessionId>,
    /// The link that began it, with the hash of the browser's cookie.
    pub(crate) link: Option<(&'a str, &'a str)>,
    pub(crate) accept_other: bool,
    pub(crate) with_change: bool,
    pub(crate) in_page: bool,
    pub(crate) sealed_verifier: &'a str,
    pub(crate) redirect_url: &'a str,
    pub(crate) expires: Timestamp,
}

/// Records a sign-in.
pub(crate) fn add_flow(scope: &Scope, flow: &NewFlow<'_>, now: Timestamp) -> Statement {
    scope.statement(
        "INSERT INTO oauth_flows (tenant_id, id, state_hash, connection_id, session_id, in_page, sealed_verifier,
           redirect_url, created_at, expires_at, link_id, browser_hash, accept_other, with_change)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        values![
            flow.id.as_str(),
            flow.state_hash,
            flow.connection.as_str(),
            flow.session.map_or("", Id::as_str),
            flow.in_page,
            flow.sealed_verifier,
            flow.redirect_url,
            now,
            flow.expires,
            flow.link.map(|(link, _)| link),
            flow.link.map(|(_, browser)| browser),
            flow.accept_other,
            flow.with_change
        ],
    )
}

/// Forgets how the last sign-in ended: another one is under way.
pub(crate) fn await_sign_in(scope: &Scope, connection: &ConnectionId) -> Vec<Statement> {
    let pending = scope.statement(
        "UPDATE connections SET reason = 'awaiting_sign_in', provider_words = NULL, version = version + 1
         WHERE tenant_id = ?1 AND id = ?2 AND status = 'pending' AND reason <> 'awaiting_sign_in'",
        values![connection.as_str()],
    );
    vec![pending, super::note_refused(scope, connection, None)]
}

#[derive(Deserialize)]
pub(crate) struct FlowRow {
    pub(crate) tenant_id: TenantId,
    pub(crate) id: FlowId,
    pub(crate) connection_id: ConnectionId,
    pub(crate) session_id: String,
    pub(crate) link_id: Option<String>,
    pub(crate) browser_hash: Option<String>,
    pub(crate) accept_other: i64,
    pub(crate) with_change: i64,
    pub(crate) in_page: i64,
    pub(crate) sealed_verifier: String,
    pub(crate) redirect_url: String,
    pub(crate) expires_at: i64,
    pub(crate) used_at: Option<i64>,
}

/// The sign-in with this `state`, in whatever tenant: who brings it is checked against it.
pub(crate) async fn find_flow(services: &Services, state_hash: &str) -> Result<Option<FlowRow>, DbError> {
    let read = Statement::across(
        "a callback names a flow, and the flow names the tenant",
        "SELECT tenant_id, id, connection_id, session_id, in_page, sealed_verifier, redirect_url, expires_at, used_at,
           link_id, browser_hash, accept_other, with_change
         FROM oauth_flows WHERE state_hash = ?1",
        values![state_hash],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// Uses a sign-in up; of two callbacks at the same moment, one fails.
pub(crate) fn use_flow(scope: &Scope, flow: &FlowId, now: Timestamp) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE oauth_flows SET used_at = ?3 WHERE tenant_id = ?1 AND id = ?2 AND used_at IS NULL",
            values![flow.as_str(), now],
        ),
        Statement::must_change(),
    ]
}
