//! The tenant's apps, page by page or one.

use drawbridge_contract::endpoints::{ListApps, ReadApp};
use drawbridge_contract::types::List;
use drawbridge_contract::types::apps::App;
use drawbridge_domain::id::{AppId, Id};
use drawbridge_domain::limits::PAGE_SIZE;

use super::{app, store, unknown};
use crate::features::credentials::start_of_page;
use crate::features::people::page;
use crate::http::{Call, Failure, Reply, Scope};

/// Lists them, the newest first.
pub(super) async fn handle(call: Call<ListApps, Scope>) -> Result<Reply<List<App>>, Failure> {
    let (services, query) = (&call.services, &call.query);
    page::check_search(query.search.as_deref())?;
    let before: Option<AppId> = start_of_page(query.cursor.as_deref())?;
    let size = query.page_size.unwrap_or(PAGE_SIZE);
    let (search, now) = (page::wanted(query.search.as_deref()), services.now());
    let mut rows =
        store::list(services, &call.scope, search, query.ends_before, before.as_ref(), size + 1).await?;
    let more = page::cut(&mut rows, size);
    let next_cursor = rows.last().filter(|_| more).map(|row| row.id.as_str().to_owned());
    let items = rows.into_iter().map(|row| app(row, now)).collect::<Result<_, _>>()?;
    Ok(Reply::new(List { items, next_cursor }))
}

/// Reads one.
pub(super) async fn read(call: Call<ReadApp, Scope>) -> Result<Reply<App>, Failure> {
    let row = store::read(&call.services, &call.scope, &call.params.app).await?.ok_or_else(unknown)?;
    let version = row.version;
    Ok(Reply::versioned(app(row, call.services.now())?, version))
}
