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
use crate::shell::{self, Topic, use_session};
use crate::ui::{
    Cell, CellKind, Column, EmptyState, Icon, Skeleton, Status, Table, Time, Tone, Truncate, live, memo,
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
    shell::follow(Topic::Connections, move || read.refetch());
    let items = memo(move || read.get().and_then(Result::ok).map(|(items, _)| items).unwrap_or_default());
    // The table stays where it is while its rows change.
    let face = memo(move || read.get().map(|came| came.map(|(_, more)| more)));
    let content = live(move || match face.get() {
        None => view! { <Skeleton lines=3 /> }.into_any(),
        Some(Err(error)) => shell::failed(&error, Some(Callback::new(move |()| read.refetch()))),
        Some(Ok(more)) => {
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

fn table(items: Memo<Vec<ConnectionSummary>>) -> AnyView {
    let columns = vec![
        Column::new("name", words::NAME).class("col-wide"),
        Column::new("status", words::STATUS),
        Column::new("owner", words::OWNER),
        Column::new("created", words::CREATED),
    ];
    let ids = move || items.with(|items| items.iter().map(|one| one.id.to_string()).collect::<Vec<_>>());
    view! {
        <Table
            label=words::CONNECTIONS
            columns=columns
            rows=Signal::derive(ids)
            row=move |id: String| row(items, &id)
            empty=|| view! { <EmptyState title=words::NO_CONNECTIONS icon=Icon::Link /> }
        />
    }
    .into_any()
}

fn row(items: Memo<Vec<ConnectionSummary>>, id: &str) -> AnyView {
    let href = paths::connection(&use_session().slug(), id);
    let id = id.to_owned();
    let one = memo(move || items.with(|items| items.iter().find(|one| one.id.as_str() == id).cloned()));
    let text = move |read: fn(&ConnectionSummary) -> String| {
        Signal::derive(move || one.with(|one| one.as_ref().map(read).unwrap_or_default()))
    };
    let state = memo(move || one.with(|one| one.as_ref().map_or(Is::Pending, |one| one.state.status)));
    view! {
        <Cell kind=CellKind::Title>
            <a class="truncate" href=href>
                {text(|one| one.name.clone())}
            </a>
        </Cell>
        <Cell label=words::STATUS>
            <Status
                label=Signal::derive(move || status(state.get()).0.to_owned())
                tone=Signal::derive(move || status(state.get()).1)
            />
        </Cell>
        <Cell label=words::OWNER>
            <Truncate text=text(|one| one.owner.name.clone()) />
        </Cell>
        <Cell label=words::CREATED>
            <Time at=text(|one| one.created_at.to_string()) />
        </Cell>
    }
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
