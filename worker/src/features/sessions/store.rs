//! The SQL of sessions and throttles.

use drawbridge_domain::id::{AccountId, Id, SessionId, TenantId};
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use crate::http::SessionRow as Own;
use crate::http::authenticate::IDLE_LIFE;
use crate::ports::{DbError, Statement, Value};
use crate::services::Services;
use crate::values;

const WHY: &str = "sessions and throttles belong to accounts, not to tenants";

#[derive(Deserialize)]
pub(super) struct SessionRow {
    pub(super) id: SessionId,
    pub(super) created_at: i64,
    pub(super) last_used_at: i64,
    pub(super) user_agent: String,
    pub(super) address: Option<String>,
    pub(super) country: Option<String>,
}

/// The account's sessions that are still good, last used first; where single sign-on began the one that asks, those
/// of the same single sign-on only.
pub(super) async fn sessions(services: &Services, own: &Own) -> Result<Vec<SessionRow>, DbError> {
    let now = services.now();
    let read = Statement::across(
        WHY,
        "SELECT id, created_at, last_used_at, user_agent, address, country FROM sessions
         WHERE account_id = ?1 AND expires_at > ?2 AND last_used_at > ?3 AND (?4 IS NULL OR sso_tenant_id = ?4)
         ORDER BY last_used_at DESC, id DESC LIMIT 200",
        values![own.account_id.as_str(), now, now.plus(-IDLE_LIFE), sso(own)],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

fn sso(own: &Own) -> Option<&str> {
    own.sso_tenant_id.as_ref().map(Id::as_str)
}

/// Ends one of the sessions that [`sessions`] lists; it must be there.
pub(super) fn end_session(own: &Own, session: &SessionId) -> Vec<Statement> {
    vec![
        Statement::across(
            WHY,
            "DELETE FROM sessions WHERE account_id = ?1 AND id = ?2 AND (?3 IS NULL OR sso_tenant_id = ?3)",
            values![own.account_id.as_str(), session.as_str(), sso(own)],
        ),
        Statement::must_change(),
    ]
}

/// Ends all sessions of an account but one.
pub(super) fn end_others(account: &AccountId, but: &SessionId) -> Statement {
    Statement::across(
        WHY,
        "DELETE FROM sessions WHERE account_id = ?1 AND id <> ?2",
        values![account.as_str(), but.as_str()],
    )
}

/// Makes another tenant the session's current one, where the account has an active user.
pub(crate) fn switch(own: &Own, tenant: &TenantId) -> Vec<Statement> {
    vec![
        Statement::across(
            WHY,
            "UPDATE sessions SET tenant_id = ?2 WHERE id = ?1 AND (sso_tenant_id IS NULL OR sso_tenant_id = ?2) AND EXISTS
               (SELECT 1 FROM users u WHERE u.account_id = sessions.account_id AND u.tenant_id = ?2
                AND u.state = 'active')",
            values![own.session_id.as_str(), tenant.as_str()],
        ),
        Statement::must_change(),
    ]
}

#[derive(Deserialize)]
pub(super) struct ThrottleRow {
    pub(super) key: String,
    pub(super) failures: u32,
    pub(super) blocked_until: i64,
    pub(super) last_at: i64,
}

pub(super) async fn throttles(services: &Services, keys: &[String]) -> Result<Vec<ThrottleRow>, DbError> {
    let mut values: Vec<Value> = keys.iter().take(2).map(|key| Value::from(key.as_str())).collect();
    values.resize(2, Value::Null);
    let read = Statement::across(
        WHY,
        "SELECT key, failures, blocked_until, last_at FROM throttles WHERE key IN (?1, ?2)",
        values,
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

/// Counts a try as a failure, where nobody else was counted since `known` was read.
pub(super) fn claim_try(
    key: &str,
    failures: u32,
    until: Timestamp,
    now: Timestamp,
    known: Option<u32>,
) -> Vec<Statement> {
    let claim = Statement::across(
        WHY,
        "INSERT INTO throttles (key, failures, blocked_until, last_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (key) DO UPDATE SET
           failures = excluded.failures, blocked_until = excluded.blocked_until, last_at = excluded.last_at
         WHERE failures = ?5",
        values![key, failures, until, now, known],
    );
    vec![claim, Statement::must_change()]
}

/// Counts a failure. Of two at the same moment each counts.
pub(super) fn count_failure(key: &str, failures: u32, until: Timestamp, now: Timestamp) -> Statement {
    Statement::across(
        WHY,
        "INSERT INTO throttles (key, failures, blocked_until, last_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (key) DO UPDATE SET
           failures = CASE WHEN failures >= excluded.failures THEN failures + 1 ELSE excluded.failures END,
           blocked_until = MAX(blocked_until, excluded.blocked_until), last_at = excluded.last_at",
        values![key, failures, until, now],
    )
}

/// Takes a failure back that was none, and the delay that it brought, where nobody else was counted since.
pub(super) fn take_back(key: &str, failures: u32) -> Statement {
    Statement::across(
        WHY,
        "UPDATE throttles SET failures = MAX(failures - 1, 0),
           blocked_until = CASE WHEN failures = ?2 THEN 0 ELSE blocked_until END
         WHERE key = ?1",
        values![key, failures],
    )
}

pub(super) fn forgive(key: &str) -> Statement {
    Statement::across(WHY, "DELETE FROM throttles WHERE key = ?1", values![key])
}

pub(super) fn forget_throttles(before: Timestamp) -> Statement {
    Statement::across(WHY, "DELETE FROM throttles WHERE last_at < ?1", values![before])
}

/// Forgets the sessions that ended by themselves.
pub fn forget_old(now: Timestamp) -> Statement {
    Statement::across(
        WHY,
        "DELETE FROM sessions WHERE expires_at <= ?1 OR last_used_at <= ?2",
        values![now, now.plus(-IDLE_LIFE)],
    )
}
