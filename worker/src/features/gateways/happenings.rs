//! What happened to a gateway's links and targets.

use drawbridge_contract::endpoints::ListGatewayEvents;
use drawbridge_contract::types::List;
use drawbridge_contract::types::gateways::GatewayHappening;
use drawbridge_domain::gateway::GatewayEvent;
use drawbridge_domain::id::{GatewayEventId, Id};
use drawbridge_domain::limits::PAGE_SIZE;
use drawbridge_domain::time::Timestamp;

use super::{store, unknown};
use crate::features::credentials::start_of_page;
use crate::features::people::page;
use crate::http::{Call, Failure, Reply, Scope};

/// Lists it, the newest first.
pub(super) async fn handle(
    call: Call<ListGatewayEvents, Scope>,
) -> Result<Reply<List<GatewayHappening>>, Failure> {
    let query = &call.query;
    let before: Option<GatewayEventId> = start_of_page(query.cursor.as_deref())?;
    let size = query.page_size.unwrap_or(PAGE_SIZE);
    let mut rows =
        store::happenings(&call.services, &call.scope, &call.params.gateway, before.as_ref(), size + 1)
            .await?
            .ok_or_else(unknown)?;
    let more = page::cut(&mut rows, size);
    let next_cursor = rows.last().filter(|_| more).map(|row| row.id.as_str().to_owned());
    let said = |text: String| Some(text).filter(|text| !text.is_empty());
    let items = rows
        .into_iter()
        .filter_map(|row| {
            Some(GatewayHappening {
                kind: GatewayEvent::from_code(&row.kind)?,
                id: row.id,
                at: Timestamp::from_millis(row.at),
                replica: row.replica_id,
                machine: row.machine,
                target: said(row.target),
                reason: said(row.reason),
            })
        })
        .collect();
    Ok(Reply::new(List { items, next_cursor }))
}
