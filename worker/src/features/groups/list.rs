//! The tenant's groups.

use drawbridge_contract::endpoints::ListGroups;
use drawbridge_contract::types::List;
use drawbridge_contract::types::groups::Group;
use drawbridge_domain::id::Id;
use drawbridge_domain::limits::PAGE_SIZE;

use super::{group, store};
use crate::features::people::page;
use crate::http::{Call, Failure, Reply, Scope};

/// Lists them by name, page by page.
pub(super) async fn handle(call: Call<ListGroups, Scope>) -> Result<Reply<List<Group>>, Failure> {
    let query = &call.query;
    page::check_search(query.search.as_deref())?;
    let after = query.cursor.as_deref().map(|cursor| page::read_cursor(cursor, "name", true)).transpose()?;
    let size = query.page_size.unwrap_or(PAGE_SIZE);
    let search = page::wanted(query.search.as_deref());
    let mut rows = store::list(&call.services, &call.scope, search, after, size + 1).await?;
    let more = page::cut(&mut rows, size);
    let last = rows.last().filter(|_| more);
    let next_cursor = last.map(|row| page::cursor("name", row.name_key.clone().into(), row.id.as_str()));
    Ok(Reply::new(List { items: rows.into_iter().map(group).collect(), next_cursor }))
}
