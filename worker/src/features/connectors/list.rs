//! All connectors.

use drawbridge_contract::endpoints::ListConnectors;
use drawbridge_contract::types::List;
use drawbridge_contract::types::connectors::ConnectorSummary;

use super::{catalogue, summary};
use crate::http::{Call, Failure, Reply, Scope};

/// Lists them by name, on one page.
pub(super) async fn handle(_: Call<ListConnectors, Scope>) -> Result<Reply<List<ConnectorSummary>>, Failure> {
    let items = catalogue::all().iter().map(|definition| summary(definition)).collect();
    Ok(Reply::new(List { items, next_cursor: None }))
}
