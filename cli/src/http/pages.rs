//! Lists, page after page.

use drawbridge_contract::endpoint::Endpoint;
use drawbridge_contract::types::connections::{ConnectionList, ListConnectionsQuery};
use drawbridge_contract::types::gateways::{
    ListGatewayConnectionsQuery, ListGatewayEventsQuery, ListGatewaysQuery,
};
use drawbridge_contract::types::people::{ListUsersQuery, UserList};
use drawbridge_contract::types::{List, Nothing};
use drawbridge_contract::types::{
    apps::ListAppsQuery, audit::ListAuditQuery, groups::ByNameQuery, oauth_clients::ListOAuthClientsQuery,
    permissions::ListAccessQuery, tokens::ListTokensQuery,
};
use drawbridge_domain::limits::MAX_PAGE_SIZE;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::{Client, read};
use crate::fault::Fault;

/// An answer that is a page of a list.
pub(crate) trait Listed {
    /// What is listed.
    type Item: DeserializeOwned;
}

impl<T: DeserializeOwned> Listed for List<T> {
    type Item = T;
}

impl Listed for ConnectionList {
    type Item = drawbridge_contract::types::connections::ConnectionSummary;
}

impl Listed for UserList {
    type Item = drawbridge_contract::types::people::User;
}

/// The query of a list.
pub(crate) trait Paged: Default {
    /// Turns to another page of this size; false where there is one page only.
    fn turn(&mut self, cursor: Option<String>, size: u32) -> bool;
}

macro_rules! paged {
    ($($query:ty),+ $(,)?) => {$(
        impl Paged for $query {
            fn turn(&mut self, cursor: Option<String>, size: u32) -> bool {
                self.cursor = cursor;
                self.page_size = Some(size);
                true
            }
        }
    )+};
}

paged!(
    ByNameQuery,
    ListAccessQuery,
    ListAppsQuery,
    ListAuditQuery,
    ListConnectionsQuery,
    ListGatewayConnectionsQuery,
    ListGatewayEventsQuery,
    ListGatewaysQuery,
    ListOAuthClientsQuery,
    ListTokensQuery,
    ListUsersQuery
);

impl Paged for Nothing {
    fn turn(&mut self, _: Option<String>, _: u32) -> bool {
        false
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
    next_cursor: Option<String>,
}

impl Client {
    /// Goes through a list, at most so far, and hands out each item: as it came, and read.
    pub(crate) fn list<E>(
        &self,
        params: &E::Params,
        mut query: E::Query,
        limit: Option<usize>,
        mut each: impl FnMut(&str, <E::Answer as Listed>::Item) -> Result<(), Fault>,
    ) -> Result<(), Fault>
    where
        E: Endpoint<Body = Nothing>,
        E::Query: Paged,
        E::Answer: Listed,
    {
        let mut left = limit.unwrap_or(usize::MAX);
        let mut cursor = None;
        while left > 0 {
            let size = u32::try_from(left).unwrap_or(MAX_PAGE_SIZE).min(MAX_PAGE_SIZE);
            let more = query.turn(cursor.take(), size);
            let text = self.call::<E>(params, &query, &Nothing {})?.text;
            let page: Page<'_> = serde_json::from_str(&text)
                .map_err(|_| Fault::Unreadable("It is no page of a list.".to_owned()))?;
            for item in page.items.iter().take(left) {
                each(item.get(), read(item.get())?)?;
            }
            left = left.saturating_sub(page.items.len());
            cursor = page.next_cursor;
            if cursor.is_none() || !more {
                break;
            }
        }
        Ok(())
    }
}
