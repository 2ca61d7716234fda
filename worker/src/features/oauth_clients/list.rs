//! The tenant's OAuth clients.

use drawbridge_contract::endpoints::ListOAuthClients;
use drawbridge_contract::types::List;
use drawbridge_contract::types::oauth_clients::OAuthClient;
use drawbridge_domain::id::{Id, OAuthClientId};
use drawbridge_domain::limits::PAGE_SIZE;

use super::{client, store};
use crate::http::{Call, Failure, Reply, Scope};

/// Lists them in the order of their making, page by page.
pub(super) async fn handle(call: Call<ListOAuthClients, Scope>) -> Result<Reply<List<OAuthClient>>, Failure> {
    let query = &call.query;
    let after = match query.cursor.as_deref().map(OAuthClientId::parse) {
        Some(Err(_)) => {
            let words = "Send a nextCursor as a list answered it, or none.";
            return Err(Failure::field("cursor", "bad_cursor", words));
        }
        Some(Ok(id)) => Some(id),
        None => None,
    };
    let size = query.page_size.unwrap_or(PAGE_SIZE);
    let connector = query.connector.as_deref();
    // One more than the page, to see whether there is a next one.
    let mut rows = store::list(&call.services, &call.scope, connector, after.as_ref(), size + 1).await?;
    let page = usize::try_from(size).unwrap_or(usize::MAX);
    let more = rows.len() > page;
    rows.truncate(page);
    let next_cursor = if more { rows.last().map(|row| row.id.as_str().to_owned()) } else { None };
    let items = rows.into_iter().map(|row| client(row, &call.facts)).collect();
    Ok(Reply::new(List { items, next_cursor }))
}
