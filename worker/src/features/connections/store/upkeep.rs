//! The system's own work on all tenants' connections.

use drawbridge_domain::time::{DAY, Timestamp};
use serde::Deserialize;

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

/// Forgets the checks of keys that seal nothing any more, so that they may be taken out of `MASTER_KEYS`.
pub(crate) fn drop_old_checks(current_id: &str, current: &str) -> Statement {
    Statement::across(
        RESEAL,
        "DELETE FROM master_key_checks WHERE key_id <> ?1
           AND NOT EXISTS (SELECT 1 FROM connection_secrets WHERE substr(sealed, 1, length(?2)) <> ?2)
           AND NOT EXISTS (SELECT 1 FROM oauth_clients WHERE substr(sealed_secret, 1, length(?2)) <> ?2)",
        values![current_id, current],
    )
}
