//! All connectors.

use drawbridge_contract::endpoints::ListConnectors;
use drawbridge_contract::types::List;
use drawbridge_contract::types::connectors::ConnectorSummary;

use super::catalogue;
use crate::http::{Call, Failure, Reply, Scope};

/// Lists them by name, on one page.
pub(super) async fn handle(_: Call<ListConnectors, Scope>) -> Result<Reply<List<ConnectorSummary>>, Failure> {
    Ok(Reply::new(List { items: catalogue::summaries().to_vec(), next_cursor: None }))
}
