//! The connections made with a connector, as far as the reader sees them.

use drawbridge_contract::endpoints::ListConnections;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::{ConnectionSummary, ListConnectionsQuery};
use drawbridge_contract::types::connectors::Connector;
use drawbridge_domain::connection::Status as Is;
use drawbridge_domain::id::Id;
use leptos::prelude::*;

use super::page::section as titled;
use super::words;
use crate::client::{Reading, call};
use crate::paths;
use crate::shell::{self, use_session};
use crate::ui::{
    Cell, CellKind, Column, EmptyState, Icon, Skeleton, Status, Table, Time, Tone, Truncate, live,
};

/// How many are shown here; the list of connections has all.
const SHOWN: u32 = 10;

/// The newest ones, and the way to all.
pub(super) fn section(connector: StoredValue<Connector>) -> AnyView {
    let id = connector.with_value(|connector| connector.summary.id.clone());
    let all = paths::connections_of(&use_session().slug(), &id);
    let read = Reading::new(move || {
        let query = ListConnectionsQuery {
            connector: Some(id.clone()),
            page_size: Some(SHOWN),
            ..Default::default()
        };
        let answer = call::<ListConnections>(&Nothing {}, &query, &Nothing {});
        async move { answer.await.map(|answer| (answer.value.items, answer.value.next_cursor.is_some())) }
    });
    let content = live(move || match read.get() {
        None => view! { <Skeleton lines=3 /> }.into_any(),
        Some(Err(error)) => shell::failed(&error, Some(Callback::new(move |()| read.refetch()))),
        Some(Ok((items, more))) => {
            let link = more.then(|| view! { <a href=all.clone()>{words::ALL_CONNECTIONS}</a> });
            view! {
                {table(items)}
                {link}
            }
            .into_any()
        }
    });
    titled(words::CONNECTIONS, content)
}

fn table(items: Vec<ConnectionSummary>) -> AnyView {
    let columns = vec![
        Column::new("name", words::NAME).class("col-wide"),
        Column::new("status", words::STATUS),
        Column::new("owner", words::OWNER),
        Column::new("created", words::CREATED),
    ];
    let ids: Vec<String> = items.iter().map(|one| one.id.to_string()).collect();
    let items = StoredValue::new(items);
    view! {
        <Table
            label=words::CONNECTIONS
            columns=columns
            rows=Signal::stored(ids)
            row=move |id: String| row(items, &id)
            empty=|| view! { <EmptyState title=words::NO_CONNECTIONS icon=Icon::Link /> }
        />
    }
    .into_any()
}

fn row(items: StoredValue<Vec<ConnectionSummary>>, id: &str) -> AnyView {
    let slug = use_session().slug();
    items
        .with_value(|items| items.iter().find(|one| one.id.as_str() == id).cloned())
        .map(|one| {
            let (word, tone) = status(one.state.status);
            let href = paths::connection(&slug, id);
            view! {
                <Cell kind=CellKind::Title>
                    <a class="truncate" href=href>
                        {one.name}
                    </a>
                </Cell>
                <Cell label=words::STATUS>
                    <Status label=word tone=tone />
                </Cell>
                <Cell label=words::OWNER>
                    <Truncate text=one.owner.name />
                </Cell>
                <Cell label=words::CREATED>
                    <Time at=one.created_at.to_string() />
                </Cell>
            }
        })
        .into_any()
}

fn status(status: Is) -> (&'static str, Tone) {
    match status {
        Is::Pending => ("Pending", Tone::Info),
        Is::Active => ("Active", Tone::Ok),
        Is::Degraded => ("Degraded", Tone::Warn),
        Is::Invalid => ("Invalid", Tone::Bad),
        Is::Disabled => ("Disabled", Tone::Neutral),
    }
}
