//! Sign-ins under way.

use drawbridge_domain::id::{FlowId, Id, SessionId, TenantId};
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use super::SsoRow;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

/// How many sign-ins may be under way from one network address, and in one tenant.
const MOST_OF_ADDRESS: u32 = 60;
const MOST_OF_TENANT: u32 = 2000;

/// A sign-in that begins.
pub(crate) struct NewFlow<'a> {
    pub(crate) id: &'a FlowId,
    pub(crate) state_hash: &'a str,
    pub(crate) browser_hash: &'a str,
    pub(crate) address_hash: &'a str,
    pub(crate) purpose: &'a str,
    pub(crate) session: Option<&'a SessionId>,
    pub(crate) invitation_hash: Option<&'a str>,
    pub(crate) sealed: &'a str,
    pub(crate) redirect_url: &'a str,
    pub(crate) return_path: &'a str,
    pub(crate) expires: Timestamp,
}

/// Records a sign-in, where not too many are under way.
pub(crate) fn add_flow(row: &SsoRow, flow: &NewFlow<'_>, now: Timestamp) -> Vec<Statement> {
    vec![
        Statement::across(
            "one network address can start sign-ins in all tenants",
            "INSERT INTO must_be_under (used, most) SELECT COUNT(*), ?2 FROM sso_flows
             WHERE address_hash = ?1 AND expires_at > ?3 AND used_at IS NULL",
            values![flow.address_hash, MOST_OF_ADDRESS, now],
        ),
        Statement::of(
            &row.tenant_id,
            "INSERT INTO must_be_under (used, most) SELECT COUNT(*), ?2 FROM sso_flows
             WHERE tenant_id = ?1 AND expires_at > ?3 AND used_at IS NULL",
            values![MOST_OF_TENANT, now],
        ),
        Statement::of(
            &row.tenant_id,
            "INSERT INTO sso_flows (tenant_id, id, state_hash, browser_hash, address_hash, purpose, session_id,
               invitation_hash, settings_version, issuer, client_id, sealed, redirect_url, return_path, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            values![
                flow.id.as_str(),
                flow.state_hash,
                flow.browser_hash,
                flow.address_hash,
                flow.purpose,
                flow.session.map(Id::as_str),
                flow.invitation_hash,
                row.version,
                row.issuer.as_str(),
                row.client_id.as_str(),
                flow.sealed,
                flow.redirect_url,
                flow.return_path,
                flow.expires
            ],
        ),
    ]
}

#[derive(Deserialize)]
pub(crate) struct SsoFlowRow {
    pub(crate) tenant_id: TenantId,
    pub(crate) id: FlowId,
    pub(crate) browser_hash: String,
    pub(crate) purpose: String,
    pub(crate) session_id: Option<SessionId>,
    pub(crate) invitation_hash: Option<String>,
    pub(crate) settings_version: i64,
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) sealed: String,
    pub(crate) redirect_url: String,
    pub(crate) return_path: String,
    pub(crate) expires_at: i64,
    pub(crate) used_at: Option<i64>,
}

/// The sign-in with this `state`, in whatever tenant: who brings it is checked against it.
pub(crate) async fn find_flow(services: &Services, state_hash: &str) -> Result<Option<SsoFlowRow>, DbError> {
    let read = Statement::across(
        "a callback names a flow, and the flow names the tenant",
        "SELECT tenant_id, id, browser_hash, purpose, session_id, invitation_hash, settings_version, issuer, client_id,
           sealed, redirect_url, return_path, expires_at, used_at
         FROM sso_flows WHERE state_hash = ?1",
        values![state_hash],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// Uses a sign-in up; of two callbacks at the same moment, one fails.
pub(crate) fn use_flow(flow: &SsoFlowRow, now: Timestamp) -> Vec<Statement> {
    vec![
        Statement::of(
            &flow.tenant_id,
            "UPDATE sso_flows SET used_at = ?3 WHERE tenant_id = ?1 AND id = ?2 AND used_at IS NULL",
            values![flow.id.as_str(), now],
        ),
        Statement::must_change(),
    ]
}

/// Forgets the sign-ins that ended long enough ago that nobody brings an answer to them.
pub(crate) fn forget_old(before: Timestamp) -> Statement {
    Statement::across(
        "the daily run forgets in all tenants",
        "DELETE FROM sso_flows WHERE expires_at <= ?1",
        values![before],
    )
}

/// Sign-ins under way that were sealed with another master key cannot be finished; people start again.
pub(crate) fn drop_old_flows(current: &str) -> Statement {
    Statement::across(
        "a new master key seals all tenants' secrets",
        "DELETE FROM sso_flows WHERE substr(sealed, 1, length(?1)) <> ?1",
        values![current],
    )
}
