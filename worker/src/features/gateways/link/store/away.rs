//! The SQL of what is told of a gateway's machines when they have gone.

use drawbridge_domain::id::{GatewayId, Id, ReplicaId, TenantId};
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

/// What is to be known of a gateway to tell of it.
#[derive(Deserialize)]
pub(in super::super) struct StandingRow {
    pub(in super::super) name: String,
    pub(in super::super) status: String,
    pub(in super::super) offline_told: Option<i64>,
}

/// How a gateway stands; `None`: it was disconnected.
pub(in super::super) async fn standing(
    services: &Services,
    tenant: &TenantId,
    gateway: &GatewayId,
) -> Result<Option<StandingRow>, DbError> {
    let read = Statement::of(
        tenant,
        "SELECT name, status, offline_told FROM gateways WHERE tenant_id = ?1 AND id = ?2",
        values![gateway.as_str()],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// Webhooks are told that a gateway is offline, if it is and they were not.
pub(in super::super) fn told_offline(
    tenant: &TenantId,
    gateway: &GatewayId,
    since: Timestamp,
) -> Vec<Statement> {
    vec![
        Statement::of(
            tenant,
            "UPDATE gateways SET offline_told = ?3
             WHERE tenant_id = ?1 AND id = ?2 AND status = 'offline' AND offline_told IS NULL",
            values![gateway.as_str(), since],
        ),
        Statement::must_change(),
    ]
}

/// Webhooks are told that a gateway is back, if it is and they were told that it was offline.
pub(in super::super) fn told_online(tenant: &TenantId, gateway: &GatewayId) -> Vec<Statement> {
    vec![
        Statement::of(
            tenant,
            "UPDATE gateways SET offline_told = NULL
             WHERE tenant_id = ?1 AND id = ?2 AND linked > 0 AND offline_told IS NOT NULL",
            values![gateway.as_str()],
        ),
        Statement::must_change(),
    ]
}

/// An agent that was sent away has erased its key.
pub(in super::super) fn erased(tenant: &TenantId, gateway: &GatewayId, replica: &ReplicaId) -> Statement {
    Statement::of(
        tenant,
        "UPDATE gateway_farewells SET erased = 1 WHERE tenant_id = ?1 AND gateway_id = ?2 AND replica_id = ?3",
        values![gateway.as_str(), replica.as_str()],
    )
}
