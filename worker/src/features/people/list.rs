//! The list of users.

use drawbridge_contract::endpoints::ListUsers;
use drawbridge_contract::types::people::{UserCounts, UserList, UserSort};
use drawbridge_domain::limits::PAGE_SIZE;
use drawbridge_domain::user::UserState;
use serde_json::Value as Json;

use super::store::{UserRow, Wanted};
use super::{page, store, user};
use crate::http::{Call, Failure, Reply, Scope};

/// Lists them, page by page.
pub(super) async fn handle(call: Call<ListUsers, Scope>) -> Result<Reply<UserList>, Failure> {
    let query = &call.query;
    page::check_search(query.search.as_deref())?;
    let sort = query.sort.unwrap_or_default();
    let (order, by_name) = match sort {
        UserSort::Name => ("name", true),
        UserSort::NameDescending => ("-name", true),
        UserSort::Created => ("created", false),
        UserSort::CreatedDescending => ("-created", false),
    };
    let after =
        query.cursor.as_deref().map(|cursor| page::read_cursor(cursor, order, by_name)).transpose()?;
    let size = query.page_size.unwrap_or(PAGE_SIZE);
    // One more than the page tells whether there is another page.
    let wanted = Wanted {
        search: query.search.as_deref(),
        roles: query.role.as_slice(),
        state: query.state,
        sort,
        ..Wanted::default()
    };
    let (mut rows, counts) = store::list(&call.services, &call.scope, &wanted, after, size + 1).await?;
    let more = page::cut(&mut rows, size);
    let key =
        |row: &UserRow| if by_name { Json::from(row.name_key.clone()) } else { Json::from(row.created_at) };
    let next_cursor = rows
        .last()
        .filter(|_| more)
        .map(|last| page::cursor(order, key(last), drawbridge_domain::id::Id::as_str(&last.id)));
    let items = rows.iter().map(user).collect::<Result<_, _>>()?;
    let mut sums = UserCounts::default();
    for count in counts {
        match UserState::from_code(&count.state) {
            Some(UserState::Invited) => sums.invited = count.number,
            Some(UserState::Active) => sums.active = count.number,
            Some(UserState::Suspended) => sums.suspended = count.number,
            None => {}
        }
    }
    Ok(Reply::new(UserList { items, next_cursor, counts: sums }))
}
