//! The SQL of tenants.

use drawbridge_contract::types::tenants::Tenant;
use drawbridge_domain::id::{Id, TenantId};
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use crate::http::Scope;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

#[derive(Deserialize)]
pub(super) struct TenantRow {
    pub(super) id: TenantId,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) show_secrets_once: i64,
    pub(super) max_token_days: u16,
    pub(super) created_at: i64,
    pub(super) version: i64,
}

/// A new tenant.
pub fn add(id: &TenantId, slug: &str, name: &str, now: Timestamp) -> Statement {
    Statement::of(
        id,
        "INSERT INTO tenants (id, slug, name, created_at) VALUES (?1, ?2, ?3, ?4)",
        values![slug, name, now],
    )
}

pub(super) async fn read(services: &Services, scope: &Scope) -> Result<Option<TenantRow>, DbError> {
    let read = scope.statement(
        "SELECT id, slug, name, show_secrets_once, max_token_days, created_at, version FROM tenants WHERE id = ?1",
        values![],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// Changes the tenant, which must still be of that version. Where secrets are shown once from now on, those that were
/// kept are destroyed.
pub(super) fn change(scope: &Scope, version: i64, to: &Tenant) -> Vec<Statement> {
    let policy = to.credentials;
    let mut statements = vec![
        scope.statement(
            "UPDATE tenants SET name = ?2, show_secrets_once = ?4, max_token_days = ?5, version = version + 1
             WHERE id = ?1 AND version = ?3",
            values![
                to.name.as_str(),
                version,
                i64::from(policy.show_secrets_once),
                i64::from(policy.max_token_days)
            ],
        ),
        Statement::must_change(),
    ];
    if policy.show_secrets_once {
        statements.extend([
            scope.statement(
                "UPDATE apps SET sealed_secret = NULL, sealed_previous = NULL
                 WHERE tenant_id = ?1 AND (sealed_secret IS NOT NULL OR sealed_previous IS NOT NULL)",
                values![],
            ),
            scope.statement(
                "UPDATE tokens SET sealed_secret = NULL, sealed_previous = NULL
                 WHERE tenant_id = ?1 AND (sealed_secret IS NOT NULL OR sealed_previous IS NOT NULL)",
                values![],
            ),
        ]);
    }
    statements
}

#[derive(Deserialize)]
pub(super) struct Counts {
    pub(super) connections: u32,
    pub(super) users: u32,
    pub(super) oauth_clients: u32,
    pub(super) groups: u32,
    pub(super) webhooks: u32,
    pub(super) apps: u32,
    pub(super) tokens: u32,
    pub(super) gateways: u32,
}

pub(super) async fn counts(services: &Services, scope: &Scope) -> Result<Counts, DbError> {
    let read = scope.statement(
        "SELECT (SELECT COUNT(*) FROM connections WHERE tenant_id = ?1 AND deleted_at IS NULL)
                  AS connections,
                (SELECT COALESCE(SUM(number), 0) FROM user_counts WHERE tenant_id = ?1) AS users,
                (SELECT COUNT(*) FROM oauth_clients WHERE tenant_id = ?1) AS oauth_clients,
                (SELECT COUNT(*) FROM groups WHERE tenant_id = ?1) AS groups,
                (SELECT COUNT(*) FROM webhooks WHERE tenant_id = ?1) AS webhooks,
                (SELECT COUNT(*) FROM apps WHERE tenant_id = ?1) AS apps,
                COALESCE((SELECT number FROM token_counts WHERE tenant_id = ?1), 0) AS tokens,
                (SELECT COUNT(*) FROM gateways WHERE tenant_id = ?1) AS gateways",
        values![],
    );
    let rows = services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default();
    rows.first()?.ok_or_else(|| DbError::Other("no counts".to_owned()))
}

/// The names of a person, to take them into another tenant.
pub(super) fn add_self(scope: &Scope, tenant: &TenantId, user: &str, now: Timestamp) -> Statement {
    Statement::of(
        tenant,
        "INSERT INTO users (tenant_id, id, account_id, email, first_name, last_name, role, state, created_at, name_key)
         SELECT ?1, ?2, account_id, email, first_name, last_name, 'globalAdministrator', 'active', ?5, name_key
         FROM users WHERE tenant_id = ?3 AND id = ?4",
        values![user, scope.tenant().as_str(), scope.user().as_str(), now],
    )
}
