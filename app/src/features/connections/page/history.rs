//! What happened in the life of the connection.

use drawbridge_contract::types::connections::ConnectionEvent;
use drawbridge_domain::id::Id;
use leptos::prelude::*;

use super::proof::time;
use super::{Parts, section as titled};
use crate::features::connections::{status, words};
use crate::shell;
use crate::ui::{Cell, CellKind, Column, EmptyState, Icon, Table, Truncate, memo};

/// The list of status changes, newest first.
pub(super) fn section(parts: Parts) -> AnyView {
    let events = Memo::new(move |old: Option<&Vec<ConnectionEvent>>| match parts.events.get() {
        Some(Ok(events)) => events,
        // While newer ones are on their way, or could not be had, the old ones stay.
        _ => old.cloned().unwrap_or_default(),
    });
    let failed =
        memo(move || parts.events.get().and_then(Result::err).filter(|_| events.with(Vec::is_empty)));
    let columns = vec![
        Column::new("status", words::COLUMN_STATUS).class("col-narrow"),
        Column::new("reason", words::REASON),
        Column::new("by", words::COLUMN_BY).class("col-medium"),
        Column::new("at", words::COLUMN_WHEN).class("col-medium"),
    ];
    let columns = StoredValue::new(columns);
    let content = move || {
        if let Some(error) = failed.get() {
            return shell::failed(&error, Some(parts.reload_events));
        }
        view! {
            <Table
                label=words::HISTORY
                columns=columns.get_value()
                rows=Signal::derive(move || {
                    events.with(|all| all.iter().map(|one| one.id.as_str().to_owned()).collect())
                })
                row=move |id: String| row(events, &id)
                loading=Signal::derive(move || parts.events.with(Option::is_none))
                skeleton=3
                empty=|| view! { <EmptyState title=words::NO_HISTORY icon=Icon::List /> }
            />
        }
        .into_any()
    };
    titled(words::HISTORY, content.into_any())
}

fn row(events: Memo<Vec<ConnectionEvent>>, id: &str) -> AnyView {
    events
        .with_untracked(|all| all.iter().find(|one| one.id.as_str() == id).cloned())
        .map(|one| {
            let by = one.by.map_or_else(|| words::SYSTEM.to_owned(), |by| by.name);
            let why = words::why(&one.state);
            view! {
                <Cell kind=CellKind::Title>{status::badge(Signal::stored(Some(one.state)), false)}</Cell>
                <Cell label=words::REASON>
                    <Truncate text=why />
                </Cell>
                <Cell label=words::COLUMN_BY>{by}</Cell>
                <Cell label=words::COLUMN_WHEN>{time(one.at)}</Cell>
            }
        })
        .into_any()
}
