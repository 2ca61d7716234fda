//! The list of connections.

use drawbridge_contract::endpoints::ListConnections;
use drawbridge_contract::types::connections::{
    ConnectionCounts, ConnectionList, ConnectionSort, ListConnectionsQuery,
};
use drawbridge_domain::connection::Status;
use drawbridge_domain::id::Id;
use drawbridge_domain::limits::{MAX_SEARCH, PAGE_SIZE};
use serde_json::{Value as Json, json};

use super::record::SummaryRow;
use super::store::{self, Count};
use crate::encoding::{base64url, from_base64url};
use crate::http::{Call, Failure, Reply, Scope};
use crate::json;
use crate::ports::Value;
use crate::services::Services;

/// Lists what the caller may see.
pub(super) async fn handle(call: Call<ListConnections, Scope>) -> Result<Reply<ConnectionList>, Failure> {
    let query = &call.query;
    let size = query.page_size.unwrap_or(PAGE_SIZE);
    let page = page(&call.services, &call.scope, query, false, size).await?;
    let items = page.rows.iter().map(|row| row.summary(&call.scope)).collect::<Result<_, _>>()?;
    let mut sums = ConnectionCounts::default();
    for count in page.counts {
        match Status::from_code(&count.status) {
            Some(Status::Pending) => sums.pending = count.number,
            Some(Status::Active) => sums.active = count.number,
            Some(Status::Degraded) => sums.degraded = count.number,
            Some(Status::Invalid) => sums.invalid = count.number,
            Some(Status::Disabled) => sums.disabled = count.number,
            None => {}
        }
    }
    Ok(Reply::new(ConnectionList { items, next_cursor: page.next_cursor, counts: sums }))
}

/// A page of the list.
pub(super) struct Page {
    pub(super) rows: Vec<SummaryRow>,
    /// Where the next one begins.
    pub(super) next_cursor: Option<String>,
    counts: Vec<Count>,
}

/// One page of what the caller may see; without those whose making is not finished where `finished` says so.
pub(super) async fn page(
    services: &Services,
    scope: &Scope,
    query: &ListConnectionsQuery,
    finished: bool,
    size: u32,
) -> Result<Page, Failure> {
    if query.search.as_ref().is_some_and(|text| text.chars().count() > MAX_SEARCH) {
        return Err(Failure::field("search", "too_long", format!("Use at most {MAX_SEARCH} characters.")));
    }
    let sort = query.sort.unwrap_or_default();
    let after = query.cursor.as_deref().map(|cursor| read_cursor(cursor, sort)).transpose()?;
    // One more than the page tells whether there is another page.
    let (mut rows, counts) = store::list(services, scope, query, finished, after, size + 1).await?;
    let more = rows.len() > size as usize;
    rows.truncate(size as usize);
    let next_cursor = rows.last().filter(|_| more).map(|last| cursor(last, sort));
    Ok(Page { rows, next_cursor, counts })
}

/// The key by which the list is sorted, and how a cursor names it.
fn key(row: &SummaryRow, sort: ConnectionSort) -> Json {
    match sort {
        ConnectionSort::Name | ConnectionSort::NameDescending => row.name_key.clone().into(),
        ConnectionSort::Created | ConnectionSort::CreatedDescending => row.created_at.into(),
        ConnectionSort::LastVerified | ConnectionSort::LastVerifiedDescending => row.last_verified_at.into(),
    }
}

fn cursor(last: &SummaryRow, sort: ConnectionSort) -> String {
    base64url(json!([sort, key(last, sort), last.id]).to_string().as_bytes())
}

fn read_cursor(cursor: &str, sort: ConnectionSort) -> Result<(Value, String), Failure> {
    let parts = || {
        let bytes = from_base64url(cursor)?;
        let (of, key, id): (ConnectionSort, Json, drawbridge_domain::id::ConnectionId) =
            json::read(&bytes).ok()?;
        let by_name = matches!(sort, ConnectionSort::Name | ConnectionSort::NameDescending);
        let key = match key {
            Json::String(text) if by_name => Value::Text(text),
            Json::Number(number) if !by_name => Value::Integer(number.as_i64()?),
            _ => return None,
        };
        (of == sort).then(|| (key, id.as_str().to_owned()))
    };
    let message = "Use the nextCursor of the page before, with the same order.";
    parts().ok_or_else(|| Failure::field("cursor", "bad_value", message))
}
