//! The connections that go through a gateway, and what becomes of them when it is disconnected.

use drawbridge_contract::endpoints::ListGatewayConnections;
use drawbridge_contract::types::List;
use drawbridge_contract::types::connections::ConnectionSummary;
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::id::{ConnectionEventId, GatewayId, Id};
use drawbridge_domain::limits::PAGE_SIZE;
use serde_json::json;

use super::store;
use crate::features::audit::Record;
use crate::features::people::page;
use crate::features::people::store::keyset::edge;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::{DbError, Statement};
use crate::services::Services;

const ORDER: &str = "name";
/// How many digits of an id tell its time.
const TIME_DIGITS: usize = 10;

/// Lists them by name.
pub(super) async fn handle(
    call: Call<ListGatewayConnections, Scope>,
) -> Result<Reply<List<ConnectionSummary>>, Failure> {
    let (services, scope, query) = (&call.services, &call.scope, &call.query);
    let after = query.cursor.as_deref().map(|cursor| page::read_cursor(cursor, ORDER, true)).transpose()?;
    let after = after.unwrap_or_else(|| edge(true, false));
    let size = query.page_size.unwrap_or(PAGE_SIZE);
    let rows =
        store::of_gateway(services, scope, &call.params.gateway, query.status, after, size + 1).await?;
    let mut rows = rows.ok_or_else(|| Failure::not_found("gateway"))?;
    let more = page::cut(&mut rows, size);
    let next = rows.last().filter(|_| more);
    let next_cursor = next.map(|last| page::cursor(ORDER, last.name_key.clone().into(), last.id.as_str()));
    let items = rows.iter().map(|row| row.summary(scope)).collect::<Result<_, _>>()?;
    Ok(Reply::new(List { items, next_cursor }))
}

/// What it is to cut connections off from their gateway.
pub(crate) struct CutOff {
    /// What changes.
    pub(crate) changes: Vec<Statement>,
    /// A record for each connection that worked.
    pub(crate) records: Vec<Record>,
}

/// Cuts all connections off that go through a gateway.
pub(crate) async fn cut_off(
    services: &Services,
    scope: &Scope,
    gateway: &GatewayId,
) -> Result<CutOff, DbError> {
    let now = services.now();
    let first = ConnectionEventId::new(now.millis(), [0; 10]);
    let ids = first.as_str().get(..ConnectionEventId::PREFIX.len() + 1 + TIME_DIGITS).unwrap_or_default();
    let working = store::working_through(services, scope, gateway).await?;
    let record = |one: &store::Working| {
        Record::done("connection.status_changed", "connection", one.id.as_str(), &one.name).with_changes(
            json!({
                "status": { "before": one.status, "after": Status::Invalid.code() },
                "reason": { "after": Reason::GatewayDisconnected.code() },
            }),
        )
    };
    Ok(CutOff {
        changes: store::cut_off(scope, gateway, ids, now),
        records: working.iter().map(record).collect(),
    })
}
