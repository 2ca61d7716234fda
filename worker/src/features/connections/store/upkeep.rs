//! The system's own work on all tenants' connections.

use drawbridge_domain::id::{ConnectionId, Id};
use drawbridge_domain::time::{DAY, Timestamp};
use serde::Deserialize;

use crate::http::{Scope, TenantRow};
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

const WHY: &str = "what has ended is swept in all tenants alike";

/// Sweeps pending connections that nobody finished, and sign-ins that are long over. A used sign-in is kept for
/// a day, so that a second use of its callback is told from an unknown one.
pub fn sweep(now: Timestamp) -> Vec<Statement> {
    vec![
        Statement::across(
            WHY,
            "DELETE FROM connections WHERE status = 'pending' AND pending_until <= ?1",
            values![now],
        ),
        Statement::across(WHY, "DELETE FROM oauth_flows WHERE expires_at <= ?1", values![now.plus(-DAY)]),
        Statement::across(WHY, "DELETE FROM connection_changes WHERE expires_at <= ?1", values![now]),
        Statement::across(WHY, "DELETE FROM reconnect_links WHERE expires_at <= ?1", values![now.plus(-DAY)]),
    ]
}

/// A connection that the system has work with, and its tenant.
#[derive(Deserialize)]
pub(crate) struct Found {
    #[serde(rename = "..")]
    pub(crate) tenant: TenantRow,
    pub(crate) connection_id: ConnectionId,
    pub(crate) check_at: i64,
    pub(crate) revocation_tries: u32,
}

macro_rules! found {
    ($where:literal) => {
        concat!(
            "SELECT ",
            "t.id AS tenant_id, t.slug AS tenant_slug, t.name AS tenant_name, t.audit_seq, t.audit_hash,
                    c.id AS connection_id, c.check_at, c.revocation_tries
             FROM connections c JOIN tenants t ON t.id = c.tenant_id
             WHERE ",
            $where,
            " LIMIT ?2"
        )
    };
}

/// Connections whose check is due, the longest due first.
pub(crate) async fn to_check(services: &Services, now: Timestamp, most: u32) -> Result<Vec<Found>, DbError> {
    let read = Statement::across(
        "every tenant's connections are checked",
        found!(
            "c.deleted_at IS NULL AND c.status IN ('active', 'degraded', 'invalid') AND c.check_at <= ?1
             ORDER BY c.check_at"
        ),
        values![now, most],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

/// Deleted connections whose time is over.
pub(crate) async fn to_destroy(
    services: &Services,
    now: Timestamp,
    most: u32,
) -> Result<Vec<Found>, DbError> {
    let read = Statement::across(
        "what was deleted is destroyed in all tenants alike",
        found!("c.deleted_at IS NOT NULL AND c.destroy_at <= ?1 ORDER BY c.destroy_at"),
        values![now, most],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

/// Takes a check that was due; of two runs at the same moment, one does.
pub(crate) fn claim_check(scope: &Scope, id: &ConnectionId, was: i64, next: Timestamp) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE connections SET check_at = ?4 WHERE tenant_id = ?1 AND id = ?2 AND check_at = ?3",
            values![id.as_str(), was, next],
        ),
        Statement::must_change(),
    ]
}

/// Notes when the next check is due, and how many in a row learned nothing.
pub(crate) fn check_at(scope: &Scope, id: &ConnectionId, doubts: u32, next: Timestamp) -> Statement {
    scope.statement(
        "UPDATE connections SET check_at = ?4, doubts = ?3 WHERE tenant_id = ?1 AND id = ?2",
        values![id.as_str(), doubts, next],
    )
}

/// Puts a destruction off; from then on the connection cannot be restored.
pub(crate) fn destroy_later(scope: &Scope, id: &ConnectionId, next: Timestamp) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE connections SET destroy_at = ?3, revocation_tries = revocation_tries + 1
             WHERE tenant_id = ?1 AND id = ?2 AND deleted_at IS NOT NULL",
            values![id.as_str(), next],
        ),
        Statement::must_change(),
    ]
}

/// Destroys a deleted connection with all that hangs on it.
pub(crate) fn destroy(scope: &Scope, id: &str) -> Vec<Statement> {
    vec![
        scope.statement(
            "DELETE FROM connections WHERE tenant_id = ?1 AND id = ?2 AND deleted_at IS NOT NULL",
            values![id],
        ),
        Statement::must_change(),
    ]
}

/// A sealed text and where it stands.
#[derive(Deserialize)]
pub(crate) struct Sealed {
    pub(crate) tenant_id: String,
    pub(crate) record: String,
    pub(crate) text: String,
}

const RESEAL: &str = "a new master key seals all tenants' secrets";

/// Some of the connections' secrets that are not sealed with the key `current`.
pub(crate) async fn old_secrets(services: &Services, current: &str) -> Result<Vec<Sealed>, DbError> {
    let read = Statement::across(
        RESEAL,
        "SELECT tenant_id, connection_id AS record, sealed AS text FROM connection_secrets
         WHERE substr(sealed, 1, length(?1)) <> ?1 LIMIT 100",
        values![current],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

/// Some of the OAuth clients' secrets that are not sealed with the key `current`.
pub(crate) async fn old_client_secrets(services: &Services, current: &str) -> Result<Vec<Sealed>, DbError> {
    let read = Statement::across(
        RESEAL,
        "SELECT tenant_id, id AS record, sealed_secret AS text FROM oauth_clients
         WHERE substr(sealed_secret, 1, length(?1)) <> ?1 LIMIT 100",
        values![current],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

/// Replaces a seal, where it is still the one that was opened.
pub(crate) fn reseal_secret(old: &Sealed, new: &str) -> Statement {
    Statement::across(
        RESEAL,
        "UPDATE connection_secrets SET sealed = ?4
         WHERE tenant_id = ?1 AND connection_id = ?2 AND sealed = ?3",
        values![old.tenant_id.as_str(), old.record.as_str(), old.text.as_str(), new],
    )
}

/// Replaces a client's seal, where it is still the one that was opened.
pub(crate) fn reseal_client_secret(old: &Sealed, new: &str) -> Statement {
    Statement::across(
        RESEAL,
        "UPDATE oauth_clients SET sealed_secret = ?4 WHERE tenant_id = ?1 AND id = ?2 AND sealed_secret = ?3",
        values![old.tenant_id.as_str(), old.record.as_str(), old.text.as_str(), new],
    )
}

/// Sign-ins under way that were sealed with another key cannot be finished; their owners start again.
pub(crate) fn drop_old_flows(current: &str) -> Statement {
    Statement::across(
        RESEAL,
        "DELETE FROM oauth_flows WHERE substr(sealed_verifier, 1, length(?1)) <> ?1",
        values![current],
    )
}

/// Changes that wait for a sign-in and were sealed with another key are forgotten; their owners edit again.
pub(crate) fn drop_old_changes(current: &str) -> Statement {
    Statement::across(
        RESEAL,
        "DELETE FROM connection_changes WHERE substr(sealed, 1, length(?1)) <> ?1",
        values![current],
    )
}

/// Forgets the checks of keys that seal nothing any more, so that they may be taken out of `MASTER_KEYS`.
pub(crate) fn drop_old_checks(current_id: &str, current: &str) -> Statement {
    Statement::across(
        RESEAL,
        "DELETE FROM master_key_checks WHERE key_id <> ?1
           AND NOT EXISTS (SELECT 1 FROM connection_secrets WHERE substr(sealed, 1, length(?2)) <> ?2)
           AND NOT EXISTS (SELECT 1 FROM oauth_clients WHERE substr(sealed_secret, 1, length(?2)) <> ?2)
           AND NOT EXISTS (SELECT 1 FROM webhooks WHERE substr(sealed_secret, 1, length(?2)) <> ?2
             OR substr(sealed_previous, 1, length(?2)) <> ?2)
           AND NOT EXISTS (SELECT 1 FROM apps WHERE substr(sealed_secret, 1, length(?2)) <> ?2
             OR substr(sealed_previous, 1, length(?2)) <> ?2)
           AND NOT EXISTS (SELECT 1 FROM tokens WHERE substr(sealed_secret, 1, length(?2)) <> ?2
             OR substr(sealed_previous, 1, length(?2)) <> ?2)
           AND NOT EXISTS (SELECT 1 FROM signing_keys WHERE substr(sealed_private, 1, length(?2)) <> ?2)
           AND NOT EXISTS (SELECT 1 FROM deployment_secrets WHERE substr(sealed, 1, length(?2)) <> ?2)
           AND NOT EXISTS (SELECT 1 FROM sso WHERE substr(sealed_secret, 1, length(?2)) <> ?2)",
        values![current_id, current],
    )
}
