//! The later life of a connection: changed, switched off, deleted, restored.

use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::id::{ConnectionId, Id};
use drawbridge_domain::limits::Limited;
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use crate::http::Scope;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

/// Renames a connection, which must still be of that version.
pub(crate) fn rename(scope: &Scope, id: &ConnectionId, version: i64, name: &str) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE connections SET name = ?4, name_key = ?5, version = version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND version = ?3 AND deleted_at IS NULL",
            values![id.as_str(), version, name, name.to_lowercase()],
        ),
        Statement::must_change(),
    ]
}

/// Other settings, secrets and OAuth client.
pub(crate) struct NewSettings<'a> {
    pub(crate) settings: &'a str,
    pub(crate) secrets_set: &'a str,
    pub(crate) oauth_client: Option<&'a str>,
}

/// Writes other settings; what is written with them guards the version.
pub(crate) fn set_settings(scope: &Scope, id: &ConnectionId, new: &NewSettings<'_>) -> Statement {
    scope.statement(
        "UPDATE connections SET settings = ?3, secrets_set = ?4, oauth_client_id = ?5
         WHERE tenant_id = ?1 AND id = ?2",
        values![id.as_str(), new.settings, new.secrets_set, new.oauth_client],
    )
}

/// Forgets as whom a connection was signed in, so that another identity takes its place.
pub(crate) fn forget_identity(scope: &Scope, id: &ConnectionId) -> Statement {
    scope.statement(
        "UPDATE connections SET connected_as = NULL WHERE tenant_id = ?1 AND id = ?2",
        values![id.as_str()],
    )
}

/// Notes a sign-in that was refused while the connection stayed as it was; `None`: none was.
pub(crate) fn note_refused(scope: &Scope, id: &ConnectionId, refused: Option<&str>) -> Statement {
    scope.statement(
        "UPDATE connections SET refused_sign_in = ?3 WHERE tenant_id = ?1 AND id = ?2",
        values![id.as_str(), refused],
    )
}

/// Switches a connection off, when its grants are still those that were read.
pub(crate) fn disable(scope: &Scope, id: &ConnectionId, grants: i64, now: Timestamp) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE connections SET status = ?4, reason = ?5, provider_words = NULL, status_since = ?6,
               version = version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND grants_version = ?3 AND deleted_at IS NULL
               AND status NOT IN ('pending', 'disabled')",
            values![id.as_str(), grants, Status::Disabled.code(), Reason::SwitchedOff.code(), now],
        ),
        Statement::must_change(),
        end_sign_ins(scope, id),
    ]
}

fn end_sign_ins(scope: &Scope, id: &ConnectionId) -> Statement {
    scope.statement(
        "DELETE FROM reconnect_links WHERE tenant_id = ?1 AND connection_id = ?2 AND used_at IS NULL",
        values![id.as_str()],
    )
}

/// Deletes a connection, to be restored until `destroyed`, when its grants are still those that were read. Whatever
/// writes what it found out meanwhile comes too late: the version is another one.
pub(crate) fn delete(
    scope: &Scope,
    id: &ConnectionId,
    grants: i64,
    now: Timestamp,
    destroyed: Timestamp,
) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE connections SET deleted_at = ?4, deleted_by = ?5, destroy_at = ?6, version = version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND grants_version = ?3 AND deleted_at IS NULL
               AND status <> 'pending'",
            values![id.as_str(), grants, now, scope.user().as_str(), destroyed],
        ),
        Statement::must_change(),
        scope.statement(
            "DELETE FROM oauth_flows WHERE tenant_id = ?1 AND connection_id = ?2 AND used_at IS NULL",
            values![id.as_str()],
        ),
        end_sign_ins(scope, id),
    ]
}

/// Takes a deleted connection back; fails when the tenant has as many as it may.
pub(crate) fn restore(scope: &Scope, id: &ConnectionId) -> Vec<Statement> {
    vec![
        scope.statement(
            "INSERT INTO must_be_under (used, most)
             SELECT COUNT(*), ?2 FROM connections WHERE tenant_id = ?1 AND deleted_at IS NULL",
            values![Limited::Connections.most()],
        ),
        scope.statement(
            "UPDATE connections SET deleted_at = NULL, deleted_by = NULL, destroy_at = NULL, revocation_tries = 0,
               version = version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND deleted_at IS NOT NULL AND revocation_tries = 0",
            values![id.as_str()],
        ),
        Statement::must_change(),
    ]
}

/// Keeps a change that waits for a sign-in; the one before it is forgotten.
pub(crate) fn keep_change(scope: &Scope, id: &ConnectionId, sealed: &str, expires: Timestamp) -> Statement {
    scope.statement(
        "INSERT INTO connection_changes (tenant_id, connection_id, sealed, expires_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (tenant_id, connection_id) DO UPDATE SET sealed = ?3, expires_at = ?4",
        values![id.as_str(), sealed, expires],
    )
}

/// Forgets the change that waited.
pub(crate) fn drop_change(scope: &Scope, id: &ConnectionId) -> Statement {
    scope.statement(
        "DELETE FROM connection_changes WHERE tenant_id = ?1 AND connection_id = ?2",
        values![id.as_str()],
    )
}

/// The change that waits for a sign-in, sealed.
pub(crate) async fn find_change(
    services: &Services,
    scope: &Scope,
    id: &ConnectionId,
) -> Result<Option<String>, DbError> {
    #[derive(Deserialize)]
    struct Waiting {
        sealed: String,
    }
    let read = scope.statement(
        "SELECT sealed FROM connection_changes WHERE tenant_id = ?1 AND connection_id = ?2 AND expires_at > ?3",
        values![id.as_str(), services.now()],
    );
    let row: Option<Waiting> =
        services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()?;
    Ok(row.map(|row| row.sealed))
}
