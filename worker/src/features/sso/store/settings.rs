//! The settings of a tenant's single sign-on.

use drawbridge_domain::id::TenantId;
use drawbridge_domain::role::Role;
use drawbridge_domain::sso::SsoStatus;
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use crate::encoding::hashed;
use crate::features::audit::ChainEnd;
use crate::http::Scope;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

/// Settings with the tenant that they belong to.
#[derive(Clone, Deserialize)]
pub(crate) struct SsoRow {
    pub(crate) tenant_id: TenantId,
    pub(crate) tenant_slug: String,
    pub(crate) tenant_name: String,
    pub(crate) audit_seq: i64,
    pub(crate) audit_hash: String,
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) sealed_secret: String,
    pub(crate) scopes: String,
    pub(crate) label: String,
    pub(crate) default_role: String,
    pub(crate) auto_join: i64,
    pub(crate) enabled: i64,
    pub(crate) tested_at: Option<i64>,
    pub(crate) tested_as: Option<String>,
    pub(crate) last_used_at: Option<i64>,
    pub(crate) provider: String,
    pub(crate) provider_at: i64,
    pub(crate) keys: String,
    pub(crate) keys_at: i64,
    pub(crate) keys_asked_at: i64,
    pub(crate) version: i64,
}

impl SsoRow {
    /// The end of the tenant's audit chain.
    pub(crate) fn end(&self) -> ChainEnd {
        ChainEnd { seq: self.audit_seq, hash: self.audit_hash.clone() }
    }

    pub(crate) fn status(&self) -> SsoStatus {
        match (self.enabled != 0, self.tested_at) {
            (true, _) => SsoStatus::On,
            (false, Some(_)) => SsoStatus::Off,
            (false, None) => SsoStatus::Untested,
        }
    }

    /// The role of people who join by themselves; the least one where what stands there is none that may.
    pub(crate) fn default_role(&self) -> Role {
        Role::from_code(&self.default_role)
            .filter(|role| !role.is_administrator())
            .unwrap_or(Role::Participant)
    }
}

macro_rules! sso_columns {
    () => {
        "t.id AS tenant_id, t.slug AS tenant_slug, t.name AS tenant_name, t.audit_seq, t.audit_hash, s.issuer,
         s.client_id, s.sealed_secret, s.scopes, s.label, s.default_role, s.auto_join, s.enabled, s.tested_at,
         s.tested_as, s.last_used_at, s.provider, s.provider_at, s.keys, s.keys_at, s.keys_asked_at, s.version"
    };
}

async fn first(services: &Services, read: Statement) -> Result<Option<SsoRow>, DbError> {
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// The tenant's settings.
pub(crate) fn read(tenant: &TenantId) -> Statement {
    Statement::of(
        tenant,
        concat!("SELECT ", sso_columns!(), " FROM sso s JOIN tenants t ON t.id = ?1 WHERE s.tenant_id = ?1"),
        values![],
    )
}

/// The tenant's settings.
pub(crate) async fn find(services: &Services, tenant: &TenantId) -> Result<Option<SsoRow>, DbError> {
    first(services, read(tenant)).await
}

const WHY: &str = "who signs in names a tenant, an email address or an invitation, and that names the tenant";

/// The settings of the tenant with this name in addresses.
pub(crate) async fn find_by_slug(services: &Services, slug: &str) -> Result<Option<SsoRow>, DbError> {
    let sql = concat!(
        "SELECT ",
        sso_columns!(),
        " FROM tenants t JOIN sso s ON s.tenant_id = t.id AND s.enabled = 1 WHERE t.slug = ?1"
    );
    first(services, Statement::across(WHY, sql, values![slug])).await
}

/// The settings of the tenant that proved this email domain.
pub(crate) async fn find_by_domain(services: &Services, domain: &str) -> Result<Option<SsoRow>, DbError> {
    let sql = concat!(
        "SELECT ",
        sso_columns!(),
        " FROM sso_domains d JOIN sso s ON s.tenant_id = d.tenant_id AND s.enabled = 1
          JOIN tenants t ON t.id = d.tenant_id WHERE d.domain = ?1 AND d.proved_at IS NOT NULL"
    );
    first(services, Statement::across(WHY, sql, values![domain])).await
}

/// The settings of the tenant that gave out this invitation.
pub(crate) async fn find_by_invitation(services: &Services, token: &str) -> Result<Option<SsoRow>, DbError> {
    let sql = concat!(
        "SELECT ",
        sso_columns!(),
        " FROM invitations i JOIN sso s ON s.tenant_id = i.tenant_id AND s.enabled = 1
          JOIN tenants t ON t.id = i.tenant_id WHERE i.token_hash = ?1 AND i.expires_at > ?2"
    );
    first(services, Statement::across(WHY, sql, values![hashed(token), services.now()])).await
}

/// Writes settings: new ones where the version is 0, and else in the place of those of that version.
pub(crate) fn save(scope: &Scope, row: &SsoRow) -> Vec<Statement> {
    let values = values![
        row.issuer.as_str(),
        row.client_id.as_str(),
        row.sealed_secret.as_str(),
        row.scopes.as_str(),
        row.label.as_str(),
        row.default_role.as_str(),
        row.auto_join,
        row.enabled,
        row.tested_at,
        row.tested_as.as_deref(),
        row.provider.as_str(),
        row.provider_at,
        row.keys.as_str(),
        row.keys_at,
        row.version,
    ];
    // The row is made first where there is none; a row that is there already keeps its version and fails the guard.
    vec![
        scope.statement(
            "INSERT INTO sso (tenant_id, issuer, client_id, sealed_secret, scopes, label, default_role, auto_join,
               enabled, tested_at, tested_as, provider, provider_at, keys, keys_at, version)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, 1
             WHERE ?16 = 0 OR EXISTS (SELECT 1 FROM sso WHERE tenant_id = ?1)
             ON CONFLICT (tenant_id) DO UPDATE SET
               issuer = excluded.issuer, client_id = excluded.client_id, sealed_secret = excluded.sealed_secret,
               scopes = excluded.scopes, label = excluded.label, default_role = excluded.default_role,
               auto_join = excluded.auto_join, enabled = excluded.enabled, tested_at = excluded.tested_at,
               tested_as = excluded.tested_as, provider = excluded.provider, provider_at = excluded.provider_at,
               keys = excluded.keys, keys_at = excluded.keys_at, version = version + 1
             WHERE version = ?16",
            values,
        ),
        Statement::must_change(),
    ]
}

/// Switches it on or off, from the version that was read.
pub(crate) fn switch(scope: &Scope, version: i64, on: bool) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE sso SET enabled = ?2, version = version + 1 WHERE tenant_id = ?1 AND version = ?3",
            values![on, version],
        ),
        Statement::must_change(),
    ]
}

/// Forgets the settings, and the sign-ins under way.
pub(crate) fn delete(scope: &Scope) -> Vec<Statement> {
    vec![
        scope.statement("DELETE FROM sso WHERE tenant_id = ?1", values![]),
        Statement::must_change(),
        scope.statement("DELETE FROM sso_flows WHERE tenant_id = ?1", values![]),
    ]
}

/// Ends the sessions that the tenant's provider began.
pub(crate) fn end_sessions(scope: &Scope) -> Statement {
    scope.statement("DELETE FROM sessions WHERE tenant_id = ?1 AND sso_tenant_id = ?1", values![])
}

/// Notes that a test worked, where the settings are still those that were tested.
pub(crate) fn note_test(scope: &Scope, version: i64, who: &str, now: Timestamp) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE sso SET tested_at = ?2, tested_as = ?3 WHERE tenant_id = ?1 AND version = ?4",
            values![now, who, version],
        ),
        Statement::must_change(),
    ]
}

/// Notes that somebody signs in; it must still be on, and at the same provider.
pub(crate) fn note_use(row: &SsoRow, now: Timestamp) -> Vec<Statement> {
    vec![
        Statement::of(
            &row.tenant_id,
            "UPDATE sso SET last_used_at = ?2 WHERE tenant_id = ?1 AND enabled = 1 AND issuer = ?3 AND client_id = ?4",
            values![now, row.issuer.as_str(), row.client_id.as_str()],
        ),
        Statement::must_change(),
    ]
}

/// Keeps what the provider says of itself.
pub(crate) fn keep_provider(row: &SsoRow, provider: &str, now: Timestamp) -> Statement {
    Statement::of(
        &row.tenant_id,
        "UPDATE sso SET provider = ?2, provider_at = ?3 WHERE tenant_id = ?1 AND issuer = ?4",
        values![provider, now, row.issuer.as_str()],
    )
}

/// Claims the right to fetch the keys: nobody else did since that moment.
pub(crate) fn claim_keys(row: &SsoRow, before: Timestamp, now: Timestamp) -> Vec<Statement> {
    vec![
        Statement::of(
            &row.tenant_id,
            "UPDATE sso SET keys_asked_at = ?2 WHERE tenant_id = ?1 AND keys_asked_at <= ?3",
            values![now, before],
        ),
        Statement::must_change(),
    ]
}

/// Keeps the provider's keys.
pub(crate) fn keep_keys(row: &SsoRow, keys: &str, now: Timestamp) -> Statement {
    Statement::of(
        &row.tenant_id,
        "UPDATE sso SET keys = ?2, keys_at = ?3, keys_asked_at = ?3 WHERE tenant_id = ?1 AND issuer = ?4",
        values![keys, now, row.issuer.as_str()],
    )
}

/// Settings with a seal of another master key.
#[derive(Deserialize)]
pub(crate) struct OldSecret {
    pub(crate) tenant_id: TenantId,
    pub(crate) sealed_secret: String,
}

const RESEAL: &str = "a new master key seals all tenants' secrets";

/// Some of the settings whose secret is not sealed with the key `current`.
pub(crate) async fn old_secrets(services: &Services, current: &str) -> Result<Vec<OldSecret>, DbError> {
    let read = Statement::across(
        RESEAL,
        "SELECT tenant_id, sealed_secret FROM sso WHERE substr(sealed_secret, 1, length(?1)) <> ?1 LIMIT 100",
        values![current],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

/// Replaces a seal, where it is still the one that was opened.
pub(crate) fn reseal(old: &OldSecret, sealed: &str) -> Statement {
    Statement::of(
        &old.tenant_id,
        "UPDATE sso SET sealed_secret = ?2 WHERE tenant_id = ?1 AND sealed_secret = ?3",
        values![sealed, old.sealed_secret.as_str()],
    )
}
