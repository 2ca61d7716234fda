//! The SQL of the authorization server.

use drawbridge_domain::id::{AppId, Id, SigningKeyId};
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use crate::features::audit::Actor;
use crate::features::authority::Claims;
use crate::http::{Facts, Scope, TenantRow};
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

const KEYS: &str = "the keys that sign belong to the deployment";

/// A key as it is stored.
#[derive(Deserialize)]
pub(super) struct KeyRow {
    pub(super) id: SigningKeyId,
    pub(super) algorithm: String,
    pub(super) public_jwk: String,
    pub(super) sealed_private: String,
    pub(super) signs_from: i64,
    pub(super) signs_until: i64,
    pub(super) published_until: i64,
}

/// All keys.
pub(super) async fn keys(services: &Services) -> Result<Vec<KeyRow>, DbError> {
    let read = Statement::across(
        KEYS,
        "SELECT id, algorithm, public_jwk, sealed_private, signs_from, signs_until, published_until
         FROM signing_keys ORDER BY id",
        values![],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

/// Adds a key, unless another of its algorithm signs when it would begin to.
pub(super) fn add_key(key: &KeyRow, now: Timestamp) -> Statement {
    Statement::across(
        KEYS,
        "INSERT INTO signing_keys
           (id, algorithm, public_jwk, sealed_private, created_at, signs_from, signs_until, published_until)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE NOT EXISTS (
           SELECT 1 FROM signing_keys WHERE algorithm = ?2 AND signs_from <= ?6 AND signs_until > ?6)",
        values![
            key.id.as_str(),
            key.algorithm.as_str(),
            key.public_jwk.as_str(),
            key.sealed_private.as_str(),
            now,
            key.signs_from,
            key.signs_until,
            key.published_until
        ],
    )
}

/// Removes keys that are not published any more, and what is noted of tokens that are over.
pub(super) fn forget_old(now: Timestamp) -> Vec<Statement> {
    let over = "what is over is over for all tenants";
    vec![
        Statement::across(over, "DELETE FROM signing_keys WHERE published_until <= ?1", values![now]),
        Statement::across(over, "DELETE FROM revoked_access_tokens WHERE expires_at <= ?1", values![now]),
    ]
}

/// Some keys that another master key sealed.
pub(super) async fn old_seals(services: &Services, current: &str) -> Result<Vec<OldSeal>, DbError> {
    let read = Statement::across(
        KEYS,
        "SELECT id, sealed_private FROM signing_keys
         WHERE substr(sealed_private, 1, length(?1)) <> ?1 ORDER BY id LIMIT 20",
        values![current],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

/// A key with its seal.
#[derive(Deserialize)]
pub(super) struct OldSeal {
    pub(super) id: SigningKeyId,
    pub(super) sealed_private: String,
}

/// Replaces a seal.
pub(super) fn reseal(old: &OldSeal, sealed: &str) -> Statement {
    Statement::across(
        KEYS,
        "UPDATE signing_keys SET sealed_private = ?3 WHERE id = ?1 AND sealed_private = ?2",
        values![old.id.as_str(), old.sealed_private.as_str(), sealed],
    )
}

/// An app with its tenant, for the record of what it did.
#[derive(Deserialize)]
pub(super) struct Acting {
    #[serde(rename = "..")]
    pub(super) tenant: TenantRow,
    pub(super) name: String,
}

impl Acting {
    /// The app's tenant, with the app as the one who acts.
    pub(super) fn scope(self, app: &AppId, facts: Facts) -> Scope {
        let actor = Actor { kind: "app", id: app.as_str().to_owned(), name: self.name };
        Scope::of_system(self.tenant, actor, facts)
    }
}

/// The app as somebody who acts; `None` when there is none, or none any more.
pub(super) async fn acting(services: &Services, app: &AppId) -> Result<Option<Acting>, DbError> {
    let read = Statement::across(
        "the client_id is what tells the tenant",
        "SELECT t.id AS tenant_id, t.slug AS tenant_slug, t.name AS tenant_name, t.audit_seq, t.audit_hash, a.name
         FROM apps a JOIN tenants t ON t.id = a.tenant_id WHERE a.id = ?1",
        values![app.as_str()],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// Notes that a token is revoked; it changes nothing when it is already.
pub(super) fn revoke(scope: &Scope, claims: &Claims) -> Statement {
    scope.statement(
        "INSERT INTO revoked_access_tokens (tenant_id, app_id, id, expires_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO NOTHING",
        values![claims.app.as_str(), claims.id.as_str(), claims.expires_at],
    )
}
