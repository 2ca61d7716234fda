//! What the connector can do.

use drawbridge_contract::types::connectors::ConnectorOperation;
use leptos::prelude::*;

use super::{Parts, section as titled};
use crate::features::connections::words;
use crate::shell;
use crate::ui::{Cell, CellKind, Column, EmptyState, Icon, Table, Truncate, memo};

/// The list of operations.
pub(super) fn section(parts: Parts) -> AnyView {
    let operations = memo(move || match parts.connector.get() {
        Some(Ok(connector)) => connector.operations,
        _ => Vec::new(),
    });
    let failed = memo(move || parts.connector.get().and_then(Result::err));
    let columns = vec![
        Column::new("name", words::COLUMN_OPERATION).class("col-wide"),
        Column::new("type", words::COLUMN_TYPE).class("col-narrow"),
        Column::new("text", words::COLUMN_DOES),
    ];
    let columns = StoredValue::new(columns);
    let content = move || {
        if let Some(error) = failed.get() {
            return shell::failed(&error, Some(parts.reload_connector));
        }
        view! {
            <p class="muted">{words::OPERATIONS_TEXT}</p>
            <Table
                label=words::OPERATIONS
                columns=columns.get_value()
                rows=Signal::derive(move || operations.with(|all| all.iter().map(|one| one.id.clone()).collect()))
                row=move |id: String| row(operations, &id)
                loading=Signal::derive(move || parts.connector.with(Option::is_none))
                skeleton=3
                empty=|| view! { <EmptyState title=words::NO_OPERATIONS icon=Icon::Plug /> }
            />
        }
        .into_any()
    };
    titled(words::OPERATIONS, content.into_any())
}

fn row(operations: Memo<Vec<ConnectorOperation>>, id: &str) -> AnyView {
    operations
        .with_untracked(|all| all.iter().find(|one| one.id == id).cloned())
        .map(|one| {
            view! {
                <Cell kind=CellKind::Title>
                    <Truncate text=one.name />
                </Cell>
                <Cell label=words::COLUMN_TYPE>{words::operation(one.r#type)}</Cell>
                <Cell label=words::COLUMN_DOES>
                    <Truncate text=one.description />
                </Cell>
            }
        })
        .into_any()
}
