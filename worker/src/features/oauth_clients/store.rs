//! The SQL of OAuth clients.

use drawbridge_contract::types::oauth_clients::OAuthClient;
use drawbridge_domain::id::{Id, OAuthClientId, TenantId, UserId};
use drawbridge_domain::limits::Limited;
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use crate::http::Scope;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

/// A client without its secret, with who made it and how many connections use it.
#[derive(Deserialize)]
pub(super) struct ClientRow {
    pub(super) id: OAuthClientId,
    pub(super) connector: String,
    pub(super) name: String,
    pub(super) client_id: String,
    pub(super) created_by: UserId,
    pub(super) created_by_name: String,
    pub(super) created_at: i64,
    pub(super) version: i64,
    pub(super) connections: u32,
    /// How many of these are deleted and can still be restored; told where one client is read.
    #[serde(default)]
    pub(super) deleted: u32,
}

pub(super) async fn list(
    services: &Services,
    scope: &Scope,
    connector: Option<&str>,
    after: Option<&OAuthClientId>,
    most: u32,
) -> Result<Vec<ClientRow>, DbError> {
    let after = after.map_or("", |id| id.as_str());
    let read = match connector {
        Some(connector) => scope.statement(
            "SELECT c.id, c.connector, c.name, c.client_id, c.created_by, c.created_at, c.version,
                    COALESCE(u.first_name || ' ' || u.last_name, 'A former user') AS created_by_name,
                    (SELECT COUNT(*) FROM connections n WHERE n.tenant_id = ?1 AND n.oauth_client_id = c.id
                       AND (n.status <> 'pending' OR n.pending_until > ?5)) AS connections
             FROM oauth_clients c
             LEFT JOIN users u ON u.tenant_id = ?1 AND u.id = c.created_by
             WHERE c.tenant_id = ?1 AND c.connector = ?2 AND c.id > ?3
             ORDER BY c.id LIMIT ?4",
            values![connector, after, most, services.now()],
        ),
        None => scope.statement(
            "SELECT c.id, c.connector, c.name, c.client_id, c.created_by, c.created_at, c.version,
                    COALESCE(u.first_name || ' ' || u.last_name, 'A former user') AS created_by_name,
                    (SELECT COUNT(*) FROM connections n WHERE n.tenant_id = ?1 AND n.oauth_client_id = c.id
                       AND (n.status <> 'pending' OR n.pending_until > ?4)) AS connections
             FROM oauth_clients c
             LEFT JOIN users u ON u.tenant_id = ?1 AND u.id = c.created_by
             WHERE c.tenant_id = ?1 AND c.id > ?2
             ORDER BY c.id LIMIT ?3",
            values![after, most, services.now()],
        ),
    };
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

pub(super) async fn read(
    services: &Services,
    scope: &Scope,
    id: &OAuthClientId,
) -> Result<Option<ClientRow>, DbError> {
    let read = scope.statement(
        "SELECT c.id, c.connector, c.name, c.client_id, c.created_by, c.created_at, c.version,
                COALESCE(u.first_name || ' ' || u.last_name, 'A former user') AS created_by_name,
                (SELECT COUNT(*) FROM connections n WHERE n.tenant_id = ?1 AND n.oauth_client_id = c.id
                       AND (n.status <> 'pending' OR n.pending_until > ?3)) AS connections,
                (SELECT COUNT(*) FROM connections n WHERE n.tenant_id = ?1 AND n.oauth_client_id = c.id
                       AND n.deleted_at IS NOT NULL) AS deleted
         FROM oauth_clients c
         LEFT JOIN users u ON u.tenant_id = ?1 AND u.id = c.created_by
         WHERE c.tenant_id = ?1 AND c.id = ?2",
        values![id.as_str(), services.now()],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// A new client, where the tenant may have one more.
pub(super) fn add(scope: &Scope, client: &OAuthClient, sealed_secret: &str) -> Vec<Statement> {
    vec![
        scope.statement(
            "INSERT INTO must_be_under (used, most) SELECT COUNT(*), ?2 FROM oauth_clients WHERE tenant_id = ?1",
            values![Limited::OauthClients.most()],
        ),
        scope.statement(
            "INSERT INTO oauth_clients (tenant_id, id, connector, name, client_id, sealed_secret, created_by, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            values![
                client.id.as_str(),
                client.connector.as_str(),
                client.name.as_str(),
                client.client_id.as_str(),
                sealed_secret,
                client.created_by.id.as_str(),
                client.created_at
            ],
        ),
    ]
}

/// Changes a client, which must still be of the row's version; without a sealed secret the present one stays.
pub(super) fn change(scope: &Scope, row: &ClientRow, sealed_secret: Option<String>) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE oauth_clients SET name = ?3, client_id = ?4, sealed_secret = COALESCE(?5, sealed_secret),
               version = version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND version = ?6",
            values![row.id.as_str(), row.name.as_str(), row.client_id.as_str(), sealed_secret, row.version],
        ),
        Statement::must_change(),
    ]
}

/// Deletes a client that no connection uses. One whose making was never finished and is to be swept uses nothing.
pub(super) fn delete(scope: &Scope, id: &OAuthClientId, now: Timestamp) -> Vec<Statement> {
    vec![
        scope.statement(
            "DELETE FROM oauth_clients WHERE tenant_id = ?1 AND id = ?2 AND NOT EXISTS
               (SELECT 1 FROM connections n WHERE n.tenant_id = ?1 AND n.oauth_client_id = ?2
                AND (n.status <> 'pending' OR n.pending_until > ?3))",
            values![id.as_str(), now],
        ),
        Statement::must_change(),
    ]
}

/// A client as a sign-in at the provider needs it.
#[derive(Deserialize)]
pub struct FlowClient {
    /// The client's record here.
    pub id: OAuthClientId,
    /// Its name.
    pub name: String,
    /// The client id that the provider gave.
    pub client_id: String,
    /// The secret, sealed at [`super::secret_place`].
    pub sealed_secret: String,
}

/// Reads a connector's client with its sealed secret, as [`FlowClient`]. It also serves the system's own work,
/// where no scope is.
pub fn for_flow(tenant: &TenantId, connector: &str, id: &OAuthClientId) -> Statement {
    Statement::of(
        tenant,
        "SELECT id, name, client_id, sealed_secret FROM oauth_clients
         WHERE tenant_id = ?1 AND id = ?2 AND connector = ?3",
        values![id.as_str(), connector],
    )
}

/// A connector's client with its sealed secret.
pub async fn find_for_flow(
    services: &Services,
    tenant: &TenantId,
    connector: &str,
    id: &OAuthClientId,
) -> Result<Option<FlowClient>, DbError> {
    let read = for_flow(tenant, connector, id);
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}
