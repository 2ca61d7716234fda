//! Changes of connections.

use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::id::{ConnectionEventId, ConnectionId, Id, OAuthClientId, TenantId};
use drawbridge_domain::limits::Limited;
use drawbridge_domain::time::Timestamp;

use crate::http::Scope;
use crate::ports::Statement;
use crate::values;

/// A connection that is about to be.
pub(crate) struct NewConnection<'a> {
    pub(crate) id: &'a ConnectionId,
    pub(crate) name: &'a str,
    pub(crate) connector: &'a str,
    pub(crate) auth: &'a str,
    pub(crate) settings: String,
    pub(crate) secrets_set: String,
    pub(crate) oauth_client: Option<&'a str>,
    pub(crate) status: Status,
    pub(crate) reason: Reason,
    pub(crate) pending_until: Option<Timestamp>,
    pub(crate) sealed: &'a str,
}

/// Adds a connection with its secrets, its maker's ownership and the first entry of its history; fails when the
/// tenant has as many as it may.
pub(crate) fn add(
    scope: &Scope,
    new: &NewConnection<'_>,
    event: &ConnectionEventId,
    now: Timestamp,
) -> Vec<Statement> {
    let me = scope.user().as_str();
    vec![
        scope.statement(
            "DELETE FROM connections WHERE tenant_id = ?1 AND status = 'pending' AND pending_until <= ?2",
            values![now],
        ),
        scope.statement(
            "INSERT INTO must_be_under (used, most)
             SELECT COUNT(*), ?2 FROM connections WHERE tenant_id = ?1 AND deleted_at IS NULL",
            values![Limited::Connections.most()],
        ),
        scope.statement(
            "INSERT INTO connections (tenant_id, id, name, name_key, connector, auth, settings, secrets_set,
               oauth_client_id, status, reason, status_since, created_by, created_at, pending_until)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?12, ?14)",
            values![
                new.id.as_str(),
                new.name,
                new.name.to_lowercase(),
                new.connector,
                new.auth,
                new.settings.as_str(),
                new.secrets_set.as_str(),
                new.oauth_client,
                new.status.code(),
                new.reason.code(),
                now,
                me,
                new.pending_until
            ],
        ),
        scope.statement(
            "INSERT INTO connection_secrets (tenant_id, connection_id, sealed) VALUES (?1, ?2, ?3)",
            values![new.id.as_str(), new.sealed],
        ),
        scope.statement(
            // Who made the app that makes this may have left.
            "INSERT INTO connection_grants (tenant_id, connection_id, principal_type, principal_id, level)
             SELECT ?1, ?2, 'user', id, 'owner' FROM users WHERE tenant_id = ?1 AND id = ?3",
            values![new.id.as_str(), me],
        ),
        event_of(scope.tenant(), new.id, event, now, new.status, new.reason, None, Some(me)),
    ]
}

/// An entry of a connection's history.
#[expect(clippy::too_many_arguments, reason = "one per column")]
pub(crate) fn event_of(
    tenant: &TenantId,
    connection: &ConnectionId,
    event: &ConnectionEventId,
    at: Timestamp,
    status: Status,
    reason: Reason,
    words: Option<&str>,
    user: Option<&str>,
) -> Statement {
    Statement::of(
        tenant,
        "INSERT INTO connection_events (tenant_id, connection_id, id, at, status, reason, provider_words, user_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        values![connection.as_str(), event.as_str(), at, status.code(), reason.code(), words, user],
    )
}

/// Fails the batch when the client was deleted meanwhile; once the batch has the connection, it cannot be.
pub(crate) fn client_is_there(scope: &Scope, client: &OAuthClientId) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE oauth_clients SET version = version WHERE tenant_id = ?1 AND id = ?2",
            values![client.as_str()],
        ),
        Statement::must_change(),
    ]
}

/// What a proof or a sign-in changes.
pub(crate) struct Settled<'a> {
    pub(crate) status: Status,
    pub(crate) reason: Reason,
    pub(crate) words: Option<&'a str>,
    pub(crate) since: Timestamp,
    pub(crate) connected_as: Option<String>,
    pub(crate) verified_at: i64,
    pub(crate) verified_by: Option<&'a str>,
    pub(crate) pending_until: Option<i64>,
}

/// Writes what a proof found; the connection must still be of that version.
pub(crate) fn settle(tenant: &TenantId, id: &ConnectionId, version: i64, to: &Settled<'_>) -> Vec<Statement> {
    vec![
        Statement::of(
            tenant,
            "UPDATE connections SET status = ?4, reason = ?5, provider_words = ?6, status_since = ?7,
               connected_as = COALESCE(?8, connected_as), last_verified_at = MAX(last_verified_at, ?9),
               verified_by = COALESCE(?10, verified_by), pending_until = ?11, version = version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND version = ?3",
            values![
                id.as_str(),
                version,
                to.status.code(),
                to.reason.code(),
                to.words,
                to.since,
                to.connected_as.as_deref(),
                to.verified_at,
                to.verified_by,
                to.pending_until
            ],
        ),
        Statement::must_change(),
    ]
}

/// New tokens of a connection, which must still have the secrets that they replace.
pub(crate) struct NewTokens<'a> {
    pub(crate) sealed: &'a str,
    pub(crate) replaces: i64,
    pub(crate) scopes: Option<String>,
    pub(crate) expires: Option<Timestamp>,
    pub(crate) refresh: Option<Timestamp>,
}

/// Writes new tokens.
pub(crate) fn replace_tokens(tenant: &TenantId, id: &ConnectionId, new: &NewTokens<'_>) -> Vec<Statement> {
    vec![
        Statement::of(
            tenant,
            "UPDATE connection_secrets SET sealed = ?3, version = version + 1
             WHERE tenant_id = ?1 AND connection_id = ?2 AND version = ?4",
            values![id.as_str(), new.sealed, new.replaces],
        ),
        Statement::must_change(),
        Statement::of(
            tenant,
            "UPDATE connections SET scopes = COALESCE(?3, scopes), token_expires_at = ?4, next_refresh_at = ?5
             WHERE tenant_id = ?1 AND id = ?2",
            values![id.as_str(), new.scopes.as_deref(), new.expires, new.refresh],
        ),
    ]
}

/// Removes a connection that is still pending, with all that hangs on it.
pub(crate) fn discard(scope: &Scope, id: &ConnectionId) -> Vec<Statement> {
    vec![
        scope.statement(
            "DELETE FROM connections WHERE tenant_id = ?1 AND id = ?2 AND status = 'pending'",
            values![id.as_str()],
        ),
        Statement::must_change(),
    ]
}
