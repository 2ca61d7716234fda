//! What the server is asked: connections, users and connectors by name, and what was chosen before.

use std::future::Future;
use std::pin::Pin;

use drawbridge_contract::endpoint::Endpoint;
use drawbridge_contract::endpoints::{ListConnections, ListConnectors, ListUsers, ReadConnection, ReadUser};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::{ConnectionPath, ConnectionSummary, ListConnectionsQuery};
use drawbridge_contract::types::connectors::ConnectorSummary;
use drawbridge_contract::types::people::{ListUsersQuery, UserPath};
use drawbridge_domain::id::{ConnectionId, Id, UserId};
use leptos::prelude::*;
use serde::Deserialize;

use super::connection;
use super::entry::Entry;
use crate::client::{ApiError, Reading, call, call_for};
use crate::paths;
use crate::ui::{Icon, watch};

/// How many of a kind are shown.
pub(super) const MOST: usize = 5;
const PAGE: Option<u32> = Some(5);
/// Before the key of a user.
pub(super) const USER: &str = "user:";
/// Before the key of a connector.
pub(super) const CONNECTOR: &str = "connector:";

/// What came, and for what.
pub(super) type Came<T> = (String, Result<Vec<T>, ApiError>);

/// An answer on its way.
type Coming<T> = Pin<Box<dyn Future<Output = Result<Vec<T>, ApiError>>>>;

/// A search: asked anew, and the request before it ended, whenever what is asked changes.
pub(super) fn search<T: Clone + Send + Sync + 'static>(
    asked: Signal<String>,
    may: bool,
    fetch: fn(String) -> Coming<T>,
) -> Reading<Came<T>> {
    Reading::new(move || {
        let text = asked.get();
        let coming = (may && !text.is_empty()).then(|| fetch(text.clone()));
        async move {
            let answer = match coming {
                Some(coming) => coming.await,
                None => Ok(Vec::new()),
            };
            (text, answer)
        }
    })
}

/// Connections whose name holds a text.
pub(super) fn connections(search: String) -> Coming<ConnectionSummary> {
    let query =
        ListConnectionsQuery { search: Some(search), page_size: PAGE, ..ListConnectionsQuery::default() };
    let answer = call::<ListConnections>(&Nothing {}, &query, &Nothing {});
    Box::pin(async move { Ok(answer.await?.value.items) })
}

/// Users whose name or email holds a text.
pub(super) fn users(search: String) -> Coming<Person> {
    let query = ListUsersQuery { search: Some(search), page_size: PAGE, ..ListUsersQuery::default() };
    let answer = call_for::<ListUsers, Items<Person>>(&Nothing {}, &query, &Nothing {});
    Box::pin(async move { Ok(answer.await?.value.items) })
}

/// All connectors.
fn connectors() -> Coming<ConnectorSummary> {
    let answer = call::<ListConnectors>(&Nothing {}, &Nothing {}, &Nothing {});
    Box::pin(async move { Ok(answer.await?.value.items) })
}

/// The items of an answer.
#[derive(Deserialize)]
struct Items<T> {
    items: Vec<T>,
}

/// As much of a user as the palette shows.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    id: UserId,
    email: String,
    first_name: String,
    last_name: String,
}

/// A user; it leads to their page.
pub(super) fn person(slug: &str, person: &Person) -> Entry {
    let name = [&person.first_name, " ", &person.last_name].concat();
    let id = person.id.as_str();
    Entry::go(&[USER, id].concat(), name, Icon::User, paths::user(slug, id)).detail(person.email.clone())
}

/// A connector; it leads to its page.
pub(super) fn connector(slug: &str, item: &ConnectorSummary) -> Entry {
    let to = paths::connector(slug, &item.id);
    Entry::go(&[CONNECTOR, &item.id].concat(), item.name.clone(), Icon::Plug, to)
        .detail(item.category.label())
        .picture(&item.icon)
}

/// One connection.
pub(super) async fn one_connection(id: ConnectionId) -> Result<ConnectionSummary, ApiError> {
    read::<ReadConnection, _>(ConnectionPath { connection: id }).await
}

/// What a key of a connection or of a user stands for; `None` where it is gone or may not be known any more.
pub(super) async fn looked_up(slug: String, key: String) -> Result<Option<Entry>, ApiError> {
    let (connection, user) = (key.strip_prefix(connection::KEY), key.strip_prefix(USER));
    let answer = match (connection.map(ConnectionId::parse), user.map(UserId::parse)) {
        (Some(Ok(id)), _) => one_connection(id).await.map(|item| connection::entry(&slug, &item)),
        (_, Some(Ok(user))) => {
            read::<ReadUser, Person>(UserPath { user }).await.map(|item| person(&slug, &item))
        }
        _ => return Ok(None),
    };
    match answer {
        Ok(entry) => Ok(Some(entry)),
        Err(error) if matches!(error.code(), Some(ProblemCode::NotFound | ProblemCode::NeedsRole)) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

async fn read<E, T>(path: E::Params) -> Result<T, ApiError>
where
    E: Endpoint<Query = Nothing, Body = Nothing>,
    T: serde::de::DeserializeOwned,
{
    call_for::<E, T>(&path, &Nothing {}, &Nothing {}).await.map(|answer| answer.value)
}

/// All connectors, asked for when they are first wanted.
#[derive(Clone, Copy)]
pub(super) struct Catalogue {
    read: Reading<Option<Result<Vec<ConnectorSummary>, ApiError>>>,
    wanted: RwSignal<bool>,
}

impl Catalogue {
    /// Wanted from when `when` is first true.
    pub(super) fn new(may: bool, when: Signal<bool>) -> Self {
        let wanted = RwSignal::new(false);
        watch(move || {
            if may && when.get() && !wanted.get_untracked() {
                wanted.set(true);
            }
        });
        let read = Reading::new(move || {
            let coming = wanted.get().then(connectors);
            async move { Some(coming?.await) }
        });
        Self { read, wanted }
    }

    /// From now on they are wanted.
    pub(super) fn want(self) {
        self.wanted.set(true);
    }

    /// Whether they are still on their way.
    pub(super) fn is_coming(self) -> bool {
        self.wanted.get() && self.read.get().flatten().is_none()
    }

    /// Why they did not come.
    pub(super) fn error(self) -> Option<ApiError> {
        self.read.get().flatten().and_then(Result::err)
    }

    /// Those that came.
    pub(super) fn entries(self, slug: &str) -> Vec<Entry> {
        let all = self.read.get().flatten().and_then(Result::ok).unwrap_or_default();
        all.iter().map(|item| connector(slug, item)).collect()
    }

    /// Asks again, where they did not come.
    pub(super) fn refetch(self) {
        if untrack(|| self.error()).is_some() {
            self.read.refetch();
        }
    }
}
