//! The tenant's gateways, page by page.

use drawbridge_contract::endpoints::{ListGatewayChoices, ListGateways};
use drawbridge_contract::types::List;
use drawbridge_contract::types::gateways::{GatewayRef, GatewaySort, GatewaySummary};
use drawbridge_domain::gateway::GatewayStatus;
use drawbridge_domain::id::Id;
use drawbridge_domain::limits::PAGE_SIZE;
use serde_json::Value as Json;

use super::record::summary;
use super::store::{self, GatewayRow};
use crate::features::people::page;
use crate::http::{Call, Failure, Reply, Scope};
use crate::services::Services;

/// Which are wanted, and from where on.
struct Wanted<'a> {
    search: Option<&'a str>,
    status: Option<GatewayStatus>,
    sort: GatewaySort,
    cursor: Option<&'a str>,
    size: Option<u32>,
}

/// Lists them.
pub(super) async fn handle(call: Call<ListGateways, Scope>) -> Result<Reply<List<GatewaySummary>>, Failure> {
    let query = &call.query;
    let wanted = Wanted {
        search: query.search.as_deref(),
        status: query.status,
        sort: query.sort.unwrap_or_default(),
        cursor: query.cursor.as_deref(),
        size: query.page_size,
    };
    let (rows, next_cursor) = part(&call.services, &call.scope, &wanted).await?;
    let items = rows.iter().map(summary).collect::<Result<_, _>>()?;
    Ok(Reply::new(List { items, next_cursor }))
}

/// Lists what a connection can be made through.
pub(super) async fn choices(
    call: Call<ListGatewayChoices, Scope>,
) -> Result<Reply<List<GatewayRef>>, Failure> {
    let query = &call.query;
    let wanted = Wanted {
        search: query.search.as_deref(),
        status: None,
        sort: GatewaySort::Name,
        cursor: query.cursor.as_deref(),
        size: query.page_size,
    };
    let (rows, next_cursor) = part(&call.services, &call.scope, &wanted).await?;
    let choice = |row: &GatewayRow| {
        let GatewaySummary { id, name, status, .. } = summary(row)?;
        Ok::<_, Failure>(GatewayRef { id, name, status })
    };
    let items = rows.iter().map(choice).collect::<Result<_, _>>()?;
    Ok(Reply::new(List { items, next_cursor }))
}

/// One page, and where the next one begins.
async fn part(
    services: &Services,
    scope: &Scope,
    wanted: &Wanted<'_>,
) -> Result<(Vec<GatewayRow>, Option<String>), Failure> {
    page::check_search(wanted.search)?;
    let (order, by_name) = match wanted.sort {
        GatewaySort::Name => ("name", true),
        GatewaySort::NameDescending => ("-name", true),
        GatewaySort::Created => ("created", false),
        GatewaySort::CreatedDescending => ("-created", false),
    };
    let after = wanted.cursor.map(|cursor| page::read_cursor(cursor, order, by_name)).transpose()?;
    let size = wanted.size.unwrap_or(PAGE_SIZE);
    let search = page::wanted(wanted.search);
    // One more than the page tells whether there is another page.
    let mut rows = store::list(services, scope, search, wanted.status, wanted.sort, after, size + 1).await?;
    let more = page::cut(&mut rows, size);
    let key = |row: &GatewayRow| {
        if by_name { Json::from(row.name_key.clone()) } else { Json::from(row.created_at) }
    };
    let next = rows.last().filter(|_| more).map(|last| page::cursor(order, key(last), last.id.as_str()));
    Ok((rows, next))
}
