//! Connections and the gateways that they go through.

use drawbridge_domain::connection::Reason;
use drawbridge_domain::id::{GatewayId, Id, ReplicaId, TenantId};
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use crate::http::Scope;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

/// A gateway, and one of its replicas; without one where none has joined.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct GatewayRow {
    pub(crate) name: String,
    /// How the gateway is.
    pub(crate) status: String,
    pub(crate) replica: Option<ReplicaId>,
}

/// A gateway of the tenant with its replicas; nothing where there is none.
pub(crate) async fn gateway(
    services: &Services,
    scope: &Scope,
    gateway: &GatewayId,
) -> Result<Vec<GatewayRow>, DbError> {
    let read = scope.statement(
        "SELECT g.name, g.status, r.id AS replica FROM gateways g
         LEFT JOIN gateway_replicas r ON r.tenant_id = ?1 AND r.gateway_id = g.id
         WHERE g.tenant_id = ?1 AND g.id = ?2",
        values![gateway.as_str()],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

/// Fails the batch when the gateway was disconnected meanwhile.
pub(crate) fn gateway_is_there(scope: &Scope, gateway: &GatewayId) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE gateways SET version = version WHERE tenant_id = ?1 AND id = ?2",
            values![gateway.as_str()],
        ),
        Statement::must_change(),
    ]
}

/// Has the connections that found a gateway offline checked at the system's next round: it is back.
pub(crate) fn gateway_is_back(tenant: &TenantId, gateway: &GatewayId, now: Timestamp) -> Statement {
    Statement::of(
        tenant,
        "UPDATE connections SET check_at = ?3
         WHERE tenant_id = ?1 AND gateway_id = ?2 AND status = 'degraded' AND reason = ?4 AND check_at > ?3",
        values![gateway.as_str(), now, Reason::GatewayOffline.code()],
    )
}
