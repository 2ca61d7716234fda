//! Tokens, page by page or one: one's own, and to administrators everybody's.

use drawbridge_contract::endpoints::{ListTokens, ReadToken};
use drawbridge_contract::types::List;
use drawbridge_contract::types::tokens::Token;
use drawbridge_domain::id::{Id, TokenId};
use drawbridge_domain::limits::PAGE_SIZE;

use super::{find, store, token};
use crate::features::credentials::start_of_page;
use crate::features::people::page;
use crate::http::{Call, Failure, Reply, Scope};

/// Lists them, the newest first.
pub(super) async fn handle(call: Call<ListTokens, Scope>) -> Result<Reply<List<Token>>, Failure> {
    let (services, scope, query) = (&call.services, &call.scope, &call.query);
    page::check_search(query.search.as_deref())?;
    let before: Option<TokenId> = start_of_page(query.cursor.as_deref())?;
    let wanted = query.user.as_ref();
    let of = if scope.role().is_administrator() {
        wanted
    } else {
        // Of others' there is nothing to be seen.
        let Some(own) = scope.person().filter(|own| wanted.is_none_or(|wanted| wanted == *own)) else {
            return Ok(Reply::new(List { items: Vec::new(), next_cursor: None }));
        };
        Some(own)
    };
    let size = query.page_size.unwrap_or(PAGE_SIZE);
    let filter =
        store::Filter { search: page::wanted(query.search.as_deref()), ends_before: query.ends_before };
    let now = services.now();
    let mut rows = store::list(services, scope, of, filter, before.as_ref(), size + 1).await?;
    let more = page::cut(&mut rows, size);
    let next_cursor = rows.last().filter(|_| more).map(|row| row.id.as_str().to_owned());
    let items = rows.into_iter().map(|row| token(row, now)).collect::<Result<_, _>>()?;
    Ok(Reply::new(List { items, next_cursor }))
}

/// Reads one.
pub(super) async fn read(call: Call<ReadToken, Scope>) -> Result<Reply<Token>, Failure> {
    let row = find(&call.services, &call.scope, &call.params.token).await?;
    let version = row.version;
    Ok(Reply::versioned(token(row, call.services.now())?, version))
}
