//! The tenant's endpoints, all or one.

use drawbridge_contract::endpoints::{ListWebhooks, ReadWebhook};
use drawbridge_contract::types::List;
use drawbridge_contract::types::webhooks::Webhook;

use super::{store, unknown, webhook};
use crate::http::{Call, Failure, Reply, Scope};

/// Lists them in the order of their making; there are so few that it is one page.
pub(super) async fn handle(call: Call<ListWebhooks, Scope>) -> Result<Reply<List<Webhook>>, Failure> {
    let rows = store::list(&call.services, &call.scope).await?;
    let now = call.services.now();
    let items = rows.into_iter().map(|row| webhook(row, now)).collect::<Result<_, _>>()?;
    Ok(Reply::new(List { items, next_cursor: None }))
}

/// Reads one.
pub(super) async fn read(call: Call<ReadWebhook, Scope>) -> Result<Reply<Webhook>, Failure> {
    let row = store::read(&call.services, &call.scope, &call.params.webhook).await?.ok_or_else(unknown)?;
    let version = row.version;
    Ok(Reply::versioned(webhook(row, call.services.now())?, version))
}
