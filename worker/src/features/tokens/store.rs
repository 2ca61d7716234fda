//! The SQL of personal access tokens.

use drawbridge_contract::types::tokens::Token;
use drawbridge_domain::id::{Id, TokenId, UserId};
use drawbridge_domain::limits::{Limited, TOKENS_PER_USER};
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use crate::features::credentials::{NewSecret, UseColumns, notices::told_at_first, use_columns};
use crate::http::Scope;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

/// A token without its secrets, with all that decides how it stands.
#[derive(Deserialize)]
pub(super) struct TokenRow {
    pub(super) id: TokenId,
    pub(super) user_id: UserId,
    pub(super) user_name: String,
    pub(super) user_state: String,
    pub(super) max_token_days: u16,
    pub(super) name: String,
    pub(super) scopes: String,
    pub(super) addresses: String,
    pub(super) made_at: i64,
    pub(super) expires_at: i64,
    pub(super) revoked_at: Option<i64>,
    #[serde(rename = "..")]
    pub(super) uses: UseColumns,
    pub(super) created_at: i64,
    pub(super) version: i64,
}

macro_rules! tokens {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.user_id, c.name, c.scopes, c.addresses, c.made_at, c.expires_at, c.revoked_at, ",
            use_columns!(),
            ", c.created_at, c.version, n.max_token_days, u.state AS user_state,
               u.first_name || ' ' || u.last_name AS user_name
             FROM tokens c
             CROSS JOIN users u ON u.tenant_id = ?1 AND u.id = c.user_id
             CROSS JOIN tenants n ON n.id = ?1
             WHERE c.tenant_id = ?1 ",
            $rest
        )
    };
}

/// Which tokens are wanted.
pub(super) struct Filter {
    pub(super) search: Option<String>,
    pub(super) ends_before: Option<Timestamp>,
}

/// Tokens before one, of a user or of all, the newest first.
pub(super) async fn list(
    services: &Services,
    scope: &Scope,
    of: Option<&UserId>,
    filter: Filter,
    before: Option<&TokenId>,
    most: u32,
) -> Result<Vec<TokenRow>, DbError> {
    // No id is after "pat~".
    let before = before.map_or("pat~", |id| id.as_str());
    let mut values = values![before, filter.search, filter.ends_before, services.now(), most];
    let sql = if let Some(user) = of {
        values.push(user.as_str().into());
        tokens!(
            "AND c.user_id = ?7 AND c.id < ?2
             AND (?3 IS NULL OR instr(c.name_key, ?3) > 0 OR c.id = ?3)
             AND (?4 IS NULL OR (c.revoked_at IS NULL AND c.expires_at > ?5 AND c.expires_at < ?4))
             ORDER BY c.id DESC LIMIT ?6"
        )
    } else {
        tokens!(
            "AND c.id < ?2
             AND (?3 IS NULL OR instr(c.name_key, ?3) > 0 OR c.id = ?3)
             AND (?4 IS NULL OR (c.revoked_at IS NULL AND c.expires_at > ?5 AND c.expires_at < ?4))
             ORDER BY c.id DESC LIMIT ?6"
        )
    };
    let read = scope.statement(sql, values);
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

pub(super) async fn read(
    services: &Services,
    scope: &Scope,
    id: &TokenId,
) -> Result<Option<TokenRow>, DbError> {
    let read = scope.statement(tokens!("AND c.id = ?2"), values![id.as_str()]);
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// A token's secrets, sealed.
#[derive(Deserialize)]
pub(super) struct SealedRow {
    pub(super) sealed_secret: Option<String>,
    pub(super) sealed_previous: Option<String>,
    pub(super) previous_until: Option<i64>,
}

pub(super) async fn read_sealed(
    services: &Services,
    scope: &Scope,
    id: &TokenId,
) -> Result<Option<SealedRow>, DbError> {
    let read = scope.statement(
        "SELECT sealed_secret, sealed_previous, previous_until FROM tokens
         WHERE tenant_id = ?1 AND id = ?2 AND user_id = ?3 AND revoked_at IS NULL",
        values![id.as_str(), scope.user().as_str()],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// A new token, where the tenant and the user may have one more. The secret is kept only where the tenant's rules say
/// so now.
pub(super) fn add(scope: &Scope, token: &Token, addresses: &str, secret: &NewSecret) -> Vec<Statement> {
    let user = token.created_by.id.as_str();
    vec![
        scope.statement(
            "INSERT INTO must_be_under (used, most)
             SELECT COALESCE((SELECT number FROM token_counts WHERE tenant_id = ?1), 0), ?2",
            values![Limited::Tokens.most()],
        ),
        scope.statement(
            "INSERT INTO must_be_under (used, most)
             SELECT COUNT(*), ?3 FROM tokens WHERE tenant_id = ?1 AND user_id = ?2",
            values![user, TOKENS_PER_USER],
        ),
        scope.statement(
            "INSERT INTO tokens (tenant_id, id, user_id, name, name_key, scopes, addresses, made_at, expires_at,
               secret_hash, secret_hint, sealed_secret, told_days, created_at)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, CASE WHEN show_secrets_once = 0 THEN ?12 END, ?13, ?8
             FROM tenants WHERE id = ?1",
            values![
                token.id.as_str(),
                user,
                token.name.as_str(),
                token.name.to_lowercase(),
                token.scopes.stored(),
                addresses,
                token.created_at,
                token.expires_at,
                secret.hash.as_str(),
                secret.hint.as_str(),
                secret.sealed.as_str(),
                told_at_first(Some(token.expires_at), token.created_at)
            ],
        ),
        Statement::must_change(),
    ]
}

/// Changes a token, which must still be of the row's version.
pub(super) fn change(scope: &Scope, row: &TokenRow) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE tokens SET name = ?3, name_key = ?4, scopes = ?5, addresses = ?6, version = version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND version = ?7 AND revoked_at IS NULL",
            values![
                row.id.as_str(),
                row.name.as_str(),
                row.name.to_lowercase(),
                row.scopes.as_str(),
                row.addresses.as_str(),
                row.version
            ],
        ),
        Statement::must_change(),
    ]
}

/// Replaces the secret of a token that is still of the row's version; the present one becomes the one before, or ends.
/// The token lives from `now` until `expires_at`, and its notices begin anew.
pub(super) fn rotate(
    scope: &Scope,
    row: &TokenRow,
    secret: &NewSecret,
    until: Option<Timestamp>,
    now: Timestamp,
    expires_at: Timestamp,
) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE tokens SET
               previous_hash = CASE WHEN ?6 IS NOT NULL THEN secret_hash END,
               previous_hint = CASE WHEN ?6 IS NOT NULL THEN secret_hint END,
               sealed_previous = CASE WHEN ?6 IS NOT NULL THEN sealed_secret END,
               previous_used_at = CASE WHEN ?6 IS NOT NULL THEN secret_used_at END,
               previous_until = ?6, secret_hash = ?3, secret_hint = ?4, secret_used_at = NULL,
               sealed_secret = CASE WHEN (SELECT show_secrets_once FROM tenants WHERE id = ?1) = 0 THEN ?5 END,
               made_at = ?8, expires_at = ?9, told_days = ?10, version = version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND version = ?7 AND revoked_at IS NULL",
            values![
                row.id.as_str(),
                secret.hash.as_str(),
                secret.hint.as_str(),
                secret.sealed.as_str(),
                until,
                row.version,
                now,
                expires_at,
                told_at_first(Some(expires_at), now)
            ],
        ),
        Statement::must_change(),
    ]
}

/// Revokes a token that is still of the row's version, and destroys what is kept of its secrets.
pub(super) fn revoke(scope: &Scope, row: &TokenRow, now: Timestamp) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE tokens SET revoked_at = ?3, sealed_secret = NULL, previous_hash = NULL, previous_hint = NULL,
               sealed_previous = NULL, previous_until = NULL, previous_used_at = NULL, version = version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND version = ?4 AND revoked_at IS NULL",
            values![row.id.as_str(), now, row.version],
        ),
        Statement::must_change(),
    ]
}

/// Deletes a token that is over.
pub(super) fn delete(scope: &Scope, id: &TokenId, now: Timestamp) -> Vec<Statement> {
    vec![
        scope.statement(
            "DELETE FROM tokens WHERE tenant_id = ?1 AND id = ?2 AND (revoked_at IS NOT NULL OR expires_at <= ?3)",
            values![id.as_str(), now],
        ),
        Statement::must_change(),
    ]
}
