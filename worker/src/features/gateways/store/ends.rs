//! The SQL of what is still to be recorded of gateways and machines that were sent away.

use drawbridge_domain::id::{GatewayId, Id, ReplicaId, TenantId};
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use crate::http::Scope;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

const WHY: &str = "what broken processes have left behind is recorded for all tenants";
/// How many ends upkeep sees to in one run.
const ENDS_AT_ONCE: u32 = 50;

/// Notes a gateway's agents, or this one, as sent away: before they are removed, in the same batch.
pub(crate) fn send_away(
    scope: &Scope,
    gateway: &GatewayId,
    replica: Option<&ReplicaId>,
    at: Timestamp,
) -> Statement {
    scope.statement(
        "INSERT INTO gateway_farewells (tenant_id, gateway_id, replica_id, name, machine, at)
         SELECT ?1, ?2, r.id, g.name, r.machine, ?4 FROM gateway_replicas r
         JOIN gateways g ON g.tenant_id = ?1 AND g.id = r.gateway_id
         WHERE r.tenant_id = ?1 AND r.gateway_id = ?2 AND (?3 IS NULL OR r.id = ?3)",
        values![gateway.as_str(), replica.map(Id::as_str), at],
    )
}

/// An agent that was sent away.
#[derive(Deserialize)]
pub(crate) struct FarewellRow {
    pub(crate) replica_id: ReplicaId,
    /// Its gateway's name.
    pub(crate) name: String,
    pub(crate) machine: String,
    pub(crate) erased: i64,
}

/// The agents that were sent away together and are not recorded yet, in the order of their joining.
pub(crate) async fn farewells(
    services: &Services,
    tenant: &TenantId,
    gateway: &GatewayId,
    at: Timestamp,
) -> Result<Vec<FarewellRow>, DbError> {
    let read = Statement::of(
        tenant,
        "SELECT replica_id, name, machine, erased FROM gateway_farewells
         WHERE tenant_id = ?1 AND gateway_id = ?2 AND at = ?3 ORDER BY replica_id",
        values![gateway.as_str(), at],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

/// They are recorded, and were not before; `one` of them is what shows it.
pub(crate) fn forget_farewells(
    tenant: &TenantId,
    gateway: &GatewayId,
    at: Timestamp,
    one: &ReplicaId,
) -> Vec<Statement> {
    vec![
        Statement::of(
            tenant,
            "DELETE FROM gateway_farewells WHERE tenant_id = ?1 AND gateway_id = ?2 AND replica_id = ?3",
            values![gateway.as_str(), one.as_str()],
        ),
        Statement::must_change(),
        Statement::of(
            tenant,
            "DELETE FROM gateway_farewells WHERE tenant_id = ?1 AND gateway_id = ?2 AND at = ?3",
            values![gateway.as_str(), at],
        ),
    ]
}

/// A gateway of which something is still to be recorded.
#[derive(Deserialize)]
pub(crate) struct EndRow {
    pub(crate) tenant_id: TenantId,
    pub(crate) gateway_id: GatewayId,
    pub(crate) at: i64,
}

/// What was begun before that time and is not recorded yet.
pub(crate) async fn left_behind(services: &Services, before: Timestamp) -> Result<Vec<EndRow>, DbError> {
    let read = Statement::across(
        WHY,
        "SELECT DISTINCT tenant_id, gateway_id, at FROM gateway_cuts WHERE at < ?1
         UNION SELECT DISTINCT tenant_id, gateway_id, at FROM gateway_farewells WHERE at < ?1 LIMIT ?2",
        values![before, ENDS_AT_ONCE],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}
