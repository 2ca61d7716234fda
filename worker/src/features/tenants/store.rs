//! The SQL of tenants.

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
    let read =
        scope.statement("SELECT id, slug, name, created_at, version FROM tenants WHERE id = ?1", values![]);
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// Renames the tenant, which must still be of that version.
pub(super) fn rename(scope: &Scope, version: i64, name: &str) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE tenants SET name = ?2, version = version + 1 WHERE id = ?1 AND version = ?3",
            values![name, version],
        ),
        Statement::must_change(),
    ]
}

#[derive(Deserialize)]
pub(super) struct Counts {
    pub(super) connections: u32,
    pub(super) users: u32,
    pub(super) oauth_clients: u32,
    pub(super) groups: u32,
    pub(super) webhooks: u32,
}

pub(super) async fn counts(services: &Services, scope: &Scope) -> Result<Counts, DbError> {
    let read = scope.statement(
        "SELECT (SELECT COUNT(*) FROM connections WHERE tenant_id = ?1 AND deleted_at IS NULL)
                  AS connections,
                (SELECT COALESCE(SUM(number), 0) FROM user_counts WHERE tenant_id = ?1) AS users,
                (SELECT COUNT(*) FROM oauth_clients WHERE tenant_id = ?1) AS oauth_clients,
                (SELECT COUNT(*) FROM groups WHERE tenant_id = ?1) AS groups,
                (SELECT COUNT(*) FROM webhooks WHERE tenant_id = ?1) AS webhooks",
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
