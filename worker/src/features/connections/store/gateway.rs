//! The SQL of connections that go through a gateway.

use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::id::{ConnectionId, GatewayId, Id, TenantId};
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use super::super::record::SummaryRow;
use super::list::summary_columns;
use crate::http::Scope;
use crate::ports::{DbError, Statement, Value};
use crate::services::Services;
use crate::values;

/// A page of a gateway's connections by name, deleted ones included; `None` when there is no such gateway.
pub(crate) async fn of_gateway(
    services: &Services,
    scope: &Scope,
    gateway: &GatewayId,
    status: Option<Status>,
    after: (Value, String),
    limit: u32,
) -> Result<Option<Vec<SummaryRow>>, DbError> {
    let known = scope
        .statement("SELECT id FROM gateways WHERE tenant_id = ?1 AND id = ?2", values![gateway.as_str()]);
    let (key, id) = after;
    let page = scope.statement(
        concat!(
            "SELECT ",
            summary_columns!(),
            ", NULL AS granted
             FROM connections c
             WHERE c.tenant_id = ?1 AND c.gateway_id = ?2 AND (c.name_key, c.id) > (?3, ?4)
               AND (?5 IS NULL OR c.status = ?5) AND (c.status <> 'pending' OR c.pending_until > ?6)
             ORDER BY c.name_key, c.id LIMIT ?7"
        ),
        values![gateway.as_str(), key, id, status.map(Status::code), services.now(), limit],
    );
    let mut results = services.db.batch(vec![known, page]).await?.into_iter();
    if results.next().unwrap_or_default().0.is_empty() {
        return Ok(None);
    }
    results.next().unwrap_or_default().all().map(Some)
}

/// A connection that was cut off and is not recorded yet.
#[derive(Deserialize)]
pub(crate) struct Cut {
    pub(crate) id: ConnectionId,
    pub(crate) name: String,
    /// Its status before.
    pub(crate) status: String,
}

/// The first of the connections that were cut off from a gateway and are not recorded yet.
pub(crate) async fn cuts(
    services: &Services,
    tenant: &TenantId,
    gateway: &GatewayId,
    most: u32,
) -> Result<Vec<Cut>, DbError> {
    let read = Statement::of(
        tenant,
        "SELECT connection_id AS id, name, status FROM gateway_cuts WHERE tenant_id = ?1 AND gateway_id = ?2
         ORDER BY connection_id LIMIT ?3",
        values![gateway.as_str(), most],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

/// The cuts up to this one are recorded, and were not before.
pub(crate) fn recorded(tenant: &TenantId, gateway: &GatewayId, last: &ConnectionId) -> Vec<Statement> {
    vec![
        Statement::of(
            tenant,
            "DELETE FROM gateway_cuts WHERE tenant_id = ?1 AND gateway_id = ?2 AND connection_id = ?3",
            values![gateway.as_str(), last.as_str()],
        ),
        Statement::must_change(),
        Statement::of(
            tenant,
            "DELETE FROM gateway_cuts WHERE tenant_id = ?1 AND gateway_id = ?2 AND connection_id < ?3",
            values![gateway.as_str(), last.as_str()],
        ),
    ]
}

/// Turns all connections through a gateway invalid, with an entry in the history of each; those that were switched off
/// or invalid already stay as they are. What is to be recorded of it is noted. `ids` is what the ids of the entries
/// begin with.
pub(crate) fn cut_off(scope: &Scope, gateway: &GatewayId, ids: &str, now: Timestamp) -> Vec<Statement> {
    let (status, reason) = (Status::Invalid.code(), Reason::GatewayDisconnected.code());
    vec![
        scope.statement(
            "INSERT INTO gateway_cuts (tenant_id, gateway_id, connection_id, name, status, at)
             SELECT ?1, ?2, id, name, status, ?3 FROM connections
             WHERE tenant_id = ?1 AND gateway_id = ?2 AND deleted_at IS NULL AND status IN ('active', 'degraded')",
            values![gateway.as_str(), now],
        ),
        // 16 hexadecimal digits are what is left of a ULID.
        scope.statement(
            "INSERT INTO connection_events (tenant_id, connection_id, id, at, status, reason, user_id)
             SELECT ?1, id, ?3 || lower(hex(randomblob(8))), ?4, ?5, ?6, ?7 FROM connections
             WHERE tenant_id = ?1 AND gateway_id = ?2 AND deleted_at IS NULL AND status IN ('active', 'degraded')",
            values![gateway.as_str(), ids, now, status, reason, scope.person().map(Id::as_str)],
        ),
        scope.statement(
            "UPDATE connections SET status = ?3, reason = ?4, provider_words = NULL, status_since = ?5,
               version = version + 1
             WHERE tenant_id = ?1 AND gateway_id = ?2 AND deleted_at IS NULL AND status IN ('active', 'degraded')",
            values![gateway.as_str(), status, reason, now],
        ),
    ]
}
