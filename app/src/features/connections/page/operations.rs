//! What the connector can do.

use drawbridge_contract::types::connectors::ConnectorOperation;
use drawbridge_domain::connector::OperationType;
use leptos::prelude::*;

use super::proof::time;
use super::{Parts, section as titled, trying};
use crate::features::connections::address::Beside;
use crate::features::connections::words;
use crate::shell;
use crate::ui::{
    Button, Cell, CellKind, Column, EmptyState, Fact, Facts, Icon, Table, Truncate, memo, number,
};

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
        Column::new("", "").class("col-actions"),
    ];
    let columns = StoredValue::new(columns);
    let content = move || {
        if let Some(error) = failed.get() {
            return shell::failed(&error, Some(parts.reload_connector));
        }
        view! {
            <p class="muted">{words::OPERATIONS_TEXT}</p>
            {used(parts)}
            <Table
                label=words::OPERATIONS
                columns=columns.get_value()
                rows=Signal::derive(move || operations.with(|all| all.iter().map(|one| one.id.clone()).collect()))
                row=move |id: String| row(parts, operations, &id)
                loading=Signal::derive(move || parts.connector.with(Option::is_none))
                skeleton=3
                empty=|| view! { <EmptyState title=words::NO_OPERATIONS icon=Icon::Plug /> }
            />
        }
        .into_any()
    };
    titled(words::OPERATIONS, content.into_any())
}

fn row(parts: Parts, operations: Memo<Vec<ConnectorOperation>>, id: &str) -> AnyView {
    operations
        .with_untracked(|all| all.iter().find(|one| one.id == id).cloned())
        .map(|one| {
            let (name, does, kind) = (one.name.clone(), one.description.clone(), one.r#type);
            let button = try_it(parts, one);
            view! {
                <Cell kind=CellKind::Title>
                    <Truncate text=name />
                </Cell>
                <Cell label=words::COLUMN_TYPE>{words::operation(kind)}</Cell>
                <Cell label=words::COLUMN_DOES>
                    <Truncate text=does />
                </Cell>
                <Cell kind=CellKind::Actions>{button}</Cell>
            }
        })
        .into_any()
}

/// The button that opens the panel; an event cannot be run.
fn try_it(parts: Parts, one: ConnectorOperation) -> Option<AnyView> {
    if one.r#type == OperationType::Event {
        return None;
    }
    let label = words::try_operation(&one);
    let open = move || parts.desk.open(Beside::Try(one.id.clone()));
    let reason = Signal::derive(move || trying::refusal(parts));
    Some(
        view! {
            <Button label=label icon=Icon::Play icon_only=true small=true disabled_reason=reason on_press=open />
        }
        .into_any(),
    )
}

/// How the connection was used so far.
fn used(parts: Parts) -> AnyView {
    let usage = memo(move || parts.of(|connection| connection.usage));
    let last = move || match usage.with(|usage| usage.last_used_at) {
        Some(at) => time(at),
        None => view! { <span class="muted">{words::NEVER_USED}</span> }.into_any(),
    };
    let calls = move || number(usage.with(|usage| usage.calls));
    let failures = move || number(usage.with(|usage| usage.failures));
    view! {
        <div class="box">
            <Facts>
                <Fact label=words::LAST_USED>{last}</Fact>
                <Fact label=words::CALLS>{calls}</Fact>
                <Fact label=words::FAILURES>{failures}</Fact>
            </Facts>
        </div>
    }
    .into_any()
}
