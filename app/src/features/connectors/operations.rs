//! What the connector can do, searched.

use drawbridge_contract::types::connectors::{Connector, ConnectorOperation};
use drawbridge_domain::connector::OperationType;
use leptos::prelude::*;

use super::desk::{Desk, SEARCH};
use super::page::section as titled;
use super::words;
use crate::ui::{Cell, CellKind, Column, EmptyState, Icon, SearchBox, Table, Truncate, memo};

/// The list of operations.
pub(super) fn section(desk: Desk, connector: StoredValue<Connector>) -> AnyView {
    let found = memo(move || {
        let search = desk.get(SEARCH).trim().to_lowercase();
        let has = |text: &str| text.to_lowercase().contains(&search);
        connector.with_value(|connector| {
            let meant = connector
                .operations
                .iter()
                .filter(|one| has(&one.name) || has(&one.description) || has(kind(one.r#type)));
            meant.cloned().collect::<Vec<_>>()
        })
    });
    let columns = vec![
        Column::new("name", words::OPERATION).class("col-wide"),
        Column::new("type", words::KIND).class("col-narrow"),
        Column::new("text", words::DOES),
    ];
    let content = view! {
        <div class="toolbar">
            <SearchBox
                label=words::SEARCH_OPERATIONS
                value=Signal::derive(move || desk.get(SEARCH))
                on_search=move |text: String| desk.say(SEARCH, text.trim(), true)
            />
        </div>
        <Table
            label=words::OPERATIONS
            columns=columns
            rows=Signal::derive(move || found.with(|found| found.iter().map(|one| one.id.clone()).collect()))
            row=move |id: String| row(found, &id)
            empty=|| view! { <EmptyState title=words::NO_OPERATIONS icon=Icon::Search /> }
        />
    };
    titled(words::OPERATIONS, content.into_any())
}

fn row(found: Memo<Vec<ConnectorOperation>>, id: &str) -> AnyView {
    found
        .with_untracked(|found| found.iter().find(|one| one.id == id).cloned())
        .map(|one| {
            view! {
                <Cell kind=CellKind::Title>
                    <Truncate text=one.name />
                </Cell>
                <Cell label=words::KIND>{kind(one.r#type)}</Cell>
                <Cell label=words::DOES>
                    <Truncate text=one.description />
                </Cell>
            }
        })
        .into_any()
}

fn kind(kind: OperationType) -> &'static str {
    match kind {
        OperationType::Action => words::ACTION,
        OperationType::Lookup => words::LOOKUP,
        OperationType::Event => words::EVENT,
    }
}
