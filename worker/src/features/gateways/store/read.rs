//! Reading gateways, their agents and what happened to them.

use drawbridge_domain::id::{GatewayEventId, GatewayId, Id, ReplicaId, UserId};
use serde::Deserialize;

use crate::http::Scope;
use crate::ports::DbError;
use crate::services::Services;
use crate::values;

/// What the list shows.
#[derive(Deserialize)]
pub(crate) struct GatewayRow {
    pub(crate) id: GatewayId,
    pub(crate) name: String,
    pub(crate) name_key: String,
    pub(crate) disabled: i64,
    pub(crate) status: String,
    pub(crate) linked: u32,
    pub(crate) last_seen_at: Option<i64>,
    pub(crate) created_by: UserId,
    pub(crate) created_by_name: String,
    pub(crate) created_at: i64,
    pub(crate) version: i64,
    /// Machine and version of each agent, as JSON.
    pub(crate) agents: String,
}

/// One gateway.
#[derive(Deserialize)]
pub(crate) struct WholeRow {
    #[serde(rename = "..")]
    pub(crate) gateway: GatewayRow,
    pub(crate) connections: u32,
    /// When the code that nobody has used yet was made.
    pub(crate) code_made_at: Option<i64>,
}

/// An agent.
#[derive(Deserialize)]
pub(crate) struct ReplicaRow {
    pub(crate) id: ReplicaId,
    pub(crate) sealing_key: Option<String>,
    pub(crate) machine: String,
    pub(crate) platform: String,
    pub(crate) agent_version: String,
    pub(crate) created_at: i64,
    pub(crate) linked_since: Option<i64>,
    pub(crate) draining: i64,
    pub(crate) last_seen_at: Option<i64>,
    pub(crate) targets: String,
    pub(crate) round_trip: Option<u32>,
    pub(crate) calls: i64,
    pub(crate) failed: i64,
    pub(crate) bytes_in: i64,
    pub(crate) bytes_out: i64,
}

/// The columns of [`GatewayRow`], of a table called `g`.
macro_rules! gateway_columns {
    () => {
        "g.id, g.name, g.name_key, g.disabled, g.status, g.linked, g.last_seen_at, g.created_by, g.created_at, g.version,
         COALESCE((SELECT u.first_name || ' ' || u.last_name FROM users u WHERE u.tenant_id = ?1 AND u.id = g.created_by),
           'A former user') AS created_by_name,
         (SELECT json_group_array(json_object('machine', r.machine, 'version', r.agent_version))
          FROM gateway_replicas r WHERE r.tenant_id = ?1 AND r.gateway_id = g.id) AS agents"
    };
}
pub(super) use gateway_columns;

/// One gateway with its agents, in the order of their joining; `None` when it is not there.
pub(crate) async fn find(
    services: &Services,
    scope: &Scope,
    id: &GatewayId,
) -> Result<Option<(WholeRow, Vec<ReplicaRow>)>, DbError> {
    let gateway = scope.statement(
        concat!(
            "SELECT ",
            gateway_columns!(),
            ", (SELECT COUNT(*) FROM connections c WHERE c.tenant_id = ?1 AND c.gateway_id = g.id) AS connections,
               (SELECT MAX(k.made_at) FROM gateway_codes k
                WHERE k.tenant_id = ?1 AND k.gateway_id = g.id AND k.used_at IS NULL) AS code_made_at
             FROM gateways g WHERE g.tenant_id = ?1 AND g.id = ?2"
        ),
        values![id.as_str()],
    );
    let replicas = scope.statement(
        "SELECT id, sealing_key, machine, platform, agent_version, created_at, linked_since, draining, last_seen_at,
           targets, round_trip, calls, failed, bytes_in, bytes_out
         FROM gateway_replicas WHERE tenant_id = ?1 AND gateway_id = ?2 ORDER BY id",
        values![id.as_str()],
    );
    let mut results = services.db.batch(vec![gateway, replicas]).await?.into_iter();
    let found: Option<WholeRow> = results.next().unwrap_or_default().first()?;
    let replicas = results.next().unwrap_or_default().all()?;
    Ok(found.map(|found| (found, replicas)))
}

/// Something that happened.
#[derive(Deserialize)]
pub(crate) struct HappeningRow {
    pub(crate) id: GatewayEventId,
    pub(crate) at: i64,
    pub(crate) kind: String,
    pub(crate) replica_id: Option<ReplicaId>,
    pub(crate) machine: String,
    pub(crate) target: String,
    pub(crate) reason: String,
}

/// What happened to a gateway before an event, the newest first; `None` when there is no such gateway.
pub(crate) async fn happenings(
    services: &Services,
    scope: &Scope,
    gateway: &GatewayId,
    before: Option<&GatewayEventId>,
    most: u32,
) -> Result<Option<Vec<HappeningRow>>, DbError> {
    let known = scope
        .statement("SELECT id FROM gateways WHERE tenant_id = ?1 AND id = ?2", values![gateway.as_str()]);
    // No id is after "gew".
    let before = before.map_or("gew", |id| id.as_str());
    let read = scope.statement(
        "SELECT id, at, kind, replica_id, machine, target, reason FROM gateway_events
         WHERE tenant_id = ?1 AND gateway_id = ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4",
        values![gateway.as_str(), before, most],
    );
    let mut results = services.db.batch(vec![known, read]).await?.into_iter();
    if results.next().unwrap_or_default().0.is_empty() {
        return Ok(None);
    }
    results.next().unwrap_or_default().all().map(Some)
}
