//! Making, changing and removing gateways.

use drawbridge_domain::gateway::REPLICAS_MOST;
use drawbridge_domain::id::{GatewayId, Id, ReplicaId};
use drawbridge_domain::limits::Limited;
use drawbridge_domain::time::Timestamp;

use crate::http::Scope;
use crate::ports::Statement;
use crate::values;

/// A gateway to make.
pub(crate) struct NewGateway<'a> {
    pub(crate) id: &'a GatewayId,
    pub(crate) name: &'a str,
    /// The hash of its first code.
    pub(crate) code: &'a str,
    pub(crate) at: Timestamp,
}

/// A new gateway with its first code, where the tenant may have one more.
pub(crate) fn add(scope: &Scope, new: &NewGateway<'_>) -> Vec<Statement> {
    vec![
        scope.statement(
            "INSERT INTO must_be_under (used, most) SELECT COUNT(*), ?2 FROM gateways WHERE tenant_id = ?1",
            values![Limited::Gateways.most()],
        ),
        scope.statement(
            "INSERT INTO gateways (tenant_id, id, name, name_key, created_by, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            values![new.id.as_str(), new.name, new.name.to_lowercase(), scope.user().as_str(), new.at],
        ),
        insert_code(scope, new.id, new.code, new.at),
    ]
}

fn insert_code(scope: &Scope, gateway: &GatewayId, hash: &str, at: Timestamp) -> Statement {
    scope.statement(
        "INSERT INTO gateway_codes (tenant_id, gateway_id, hash, made_by, made_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        values![gateway.as_str(), hash, scope.user().as_str(), at],
    )
}

/// A new code in the place of those that nobody has used, where one more agent may join.
pub(crate) fn add_code(scope: &Scope, gateway: &GatewayId, hash: &str, at: Timestamp) -> Vec<Statement> {
    let most = u32::try_from(REPLICAS_MOST).unwrap_or(u32::MAX);
    vec![
        scope.statement(
            "INSERT INTO must_be_under (used, most) SELECT replicas, ?3 FROM gateways WHERE tenant_id = ?1 AND id = ?2",
            values![gateway.as_str(), most],
        ),
        scope.statement(
            "DELETE FROM gateway_codes WHERE tenant_id = ?1 AND gateway_id = ?2 AND used_at IS NULL",
            values![gateway.as_str()],
        ),
        insert_code(scope, gateway, hash, at),
    ]
}

/// Renames a gateway, which must still be of that version.
pub(crate) fn rename(scope: &Scope, id: &GatewayId, version: i64, name: &str) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE gateways SET name = ?4, name_key = ?5, version = version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND version = ?3",
            values![id.as_str(), version, name, name.to_lowercase()],
        ),
        Statement::must_change(),
    ]
}

/// Switches a gateway off or on, which must be the other of the two.
pub(crate) fn switch(scope: &Scope, id: &GatewayId, disabled: bool) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE gateways SET disabled = ?3, version = version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND disabled <> ?3",
            values![id.as_str(), disabled],
        ),
        Statement::must_change(),
    ]
}

/// Removes a gateway: its agents' keys, its codes and what happened to it go with it.
pub(crate) fn delete(scope: &Scope, id: &GatewayId) -> Vec<Statement> {
    vec![
        scope.statement("DELETE FROM gateways WHERE tenant_id = ?1 AND id = ?2", values![id.as_str()]),
        Statement::must_change(),
    ]
}

/// Removes one of a gateway's agents with its key.
pub(crate) fn remove_replica(scope: &Scope, gateway: &GatewayId, replica: &ReplicaId) -> Vec<Statement> {
    vec![
        scope.statement(
            "DELETE FROM gateway_replicas WHERE tenant_id = ?1 AND gateway_id = ?2 AND id = ?3",
            values![gateway.as_str(), replica.as_str()],
        ),
        Statement::must_change(),
    ]
}
