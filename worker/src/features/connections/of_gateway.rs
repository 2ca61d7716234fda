//! The connections that go through a gateway, and what becomes of them when it is disconnected.

use drawbridge_contract::endpoints::ListGatewayConnections;
use drawbridge_contract::types::List;
use drawbridge_contract::types::connections::ConnectionSummary;
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::id::{ConnectionEventId, GatewayId, Id};
use drawbridge_domain::limits::PAGE_SIZE;
use drawbridge_domain::time::Timestamp;
use serde_json::json;

use super::store;
use crate::features::audit::{self, ChainEnd, Context, Record};
use crate::features::people::page;
use crate::features::people::store::keyset::edge;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::{DbError, Statement};
use crate::services::Services;

const ORDER: &str = "name";
/// How many digits of an id tell its time.
const TIME_DIGITS: usize = 10;
/// How many connections are recorded in one batch.
const AT_ONCE: u32 = 20;

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

/// Cuts all connections off that go through a gateway; [`record_cuts`] has to follow.
pub(crate) fn cut_off(scope: &Scope, gateway: &GatewayId, now: Timestamp) -> Vec<Statement> {
    let first = ConnectionEventId::new(now.millis(), [0; 10]);
    let ids = first.as_str().get(..ConnectionEventId::PREFIX.len() + 1 + TIME_DIGITS).unwrap_or_default();
    store::cut_off(scope, gateway, ids, now)
}

/// Records each connection that was cut off from a gateway, so that webhooks hear of each: some at a time, since more do
/// not fit one batch. What this is kept from recording, upkeep does.
pub(crate) async fn record_cuts(
    services: &Services,
    context: &Context<'_>,
    gateway: &GatewayId,
) -> Result<(), DbError> {
    loop {
        let cuts = store::cuts(services, context.tenant, gateway, AT_ONCE).await?;
        let Some(last) = cuts.last() else { return Ok(()) };
        let record = |one: &store::Cut| {
            Record::done("connection.status_changed", "connection", one.id.as_str(), &one.name).with_changes(
                json!({
                    "status": { "before": one.status, "after": Status::Invalid.code() },
                    "reason": { "after": Reason::GatewayDisconnected.code() },
                }),
            )
        };
        let records: Vec<Record> = cuts.iter().map(record).collect();
        let changes = store::recorded(context.tenant, gateway, &last.id);
        let context = Context { end: ChainEnd::unread(), ..context.clone() };
        match audit::commit(services, context, changes, &records).await {
            // Somebody else records them.
            Err(DbError::Guard) => return Ok(()),
            result => result?,
        };
    }
}
