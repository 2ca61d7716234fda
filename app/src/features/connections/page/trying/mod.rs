//! Try it: an operation is run with the connection, from a form made of its parameters.

mod answer;
mod form;
mod tree;

use drawbridge_contract::endpoint::address;
use drawbridge_contract::endpoints::RunOperation;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connectors::ConnectorOperation;
use drawbridge_contract::types::uses::{OperationAnswer, OperationCall, OperationPath};
use drawbridge_domain::access::{ConnectionAction, check};
use drawbridge_domain::connector::OperationType;
use leptos::prelude::*;

use self::form::Values;
use super::Parts;
use crate::client::{ApiError, Task, call};
use crate::features::connections::address::Beside;
use crate::features::connections::words;
use crate::part;
use crate::ui::{
    Button, Choice, CopyButton, Form, Notice, Panel, SelectField, Tone, Variant, focus_first_error, live,
    memo,
};

const FORM: &str = "try-operation";

part::lazily! {
    /// The panel.
    trying: fn panel(parts: Parts) { shown(parts) }
}

/// The panel, fetched when it is first wanted.
pub(super) fn overlay(parts: Parts) -> AnyView {
    let open = Signal::derive(move || is_open(parts));
    let title = Signal::derive(|| words::TRYING.to_owned());
    let close = Callback::new(move |()| parts.desk.close());
    part::overlay(open, title, close, move || Box::pin(panel(parts)))
}

fn is_open(parts: Parts) -> bool {
    parts.desk.beside.with(|beside| matches!(beside, Beside::Try(_)))
}

/// Why nothing can be tried now.
pub(super) fn refusal(parts: Parts) -> Option<String> {
    parts.of(|connection| {
        let summary = &connection.summary;
        let allowed = check(ConnectionAction::Use, summary.level, summary.state.status);
        allowed.err().map(|refusal| refusal.words().to_owned())
    })
}

/// What came of a run.
pub(super) type Came = Option<Result<OperationAnswer, ApiError>>;

fn shown(parts: Parts) -> AnyView {
    let operations = memo(move || match parts.connector.get() {
        Some(Ok(connector)) => {
            connector.operations.into_iter().filter(|one| one.r#type != OperationType::Event).collect()
        }
        _ => Vec::new(),
    });
    let wanted = memo(move || match parts.desk.beside.get() {
        Beside::Try(operation) => operation,
        _ => String::new(),
    });
    let operation =
        memo(move || operations.with(|all| all.iter().find(|one| one.id == wanted.get()).cloned()));
    let came: RwSignal<Came> = RwSignal::new(None);
    let task = Task::new();
    let values: StoredValue<Option<Values>> = StoredValue::new(None);
    let run = Callback::new(move |cursor: Option<String>| {
        let (Some(path), Some(parameters)) = (path(parts, operation), given(values)) else { return };
        came.set(None);
        task.run(async move {
            let body = OperationCall { parameters, cursor, page_size: None };
            let answer = call::<RunOperation>(&path, &Nothing {}, &body).await;
            let told = answer.as_ref().err().and_then(ApiError::code);
            came.try_set(Some(answer.map(|answer| answer.value)));
            focus_first_error(FORM);
            answer::show();
            // Status and counts may be others now.
            if told != Some(ProblemCode::InvalidFields) {
                parts.desk.changed();
            }
        });
    });
    let footer = move || {
        let reason = Signal::derive(move || refusal(parts));
        view! {
            <CopyButton text=Signal::derive(move || curl(parts, operation, values, came)) label=words::CURL />
            <Button
                label=words::RUN
                variant=Variant::Primary
                submit=true
                form=FORM
                busy=task.busy()
                disabled_reason=reason
            />
        }
    };
    view! {
        <Panel
            open=Signal::derive(move || is_open(parts))
            title=words::TRYING
            subtitle=Signal::derive(move || Some(parts.of(|connection| connection.summary.name.clone())))
            wide=true
            on_close=Callback::new(move |()| parts.desk.close())
            footer=footer
        >
            <div class="stack">
                {choose(parts, operations, wanted, came)}
                {live(move || operation.get().map(|one| asked(parts, &one, values, came, run)))}
                {answer::shown(came, run)}
            </div>
        </Panel>
    }
    .into_any()
}

/// The choice of an operation; it stands in the URL.
fn choose(
    parts: Parts,
    operations: Memo<Vec<ConnectorOperation>>,
    wanted: Memo<String>,
    came: RwSignal<Came>,
) -> AnyView {
    let value = RwSignal::new(wanted.get_untracked());
    crate::ui::watch(move || value.set(wanted.get()));
    crate::ui::watch(move || {
        let chosen = value.get();
        let open = untrack(move || is_open(parts));
        if open && chosen != wanted.get_untracked() {
            came.set(None);
            parts.desk.replace(Beside::Try(chosen));
        }
    });
    let options = Signal::derive(move || {
        operations.with(|all| all.iter().map(|one| Choice::new(&one.id, &one.name)).collect::<Vec<_>>())
    });
    view! { <SelectField label=words::OPERATION value=value options=options name="operation" /> }.into_any()
}

/// The form of an operation.
fn asked(
    parts: Parts,
    operation: &ConnectorOperation,
    values: StoredValue<Option<Values>>,
    came: RwSignal<Came>,
    run: Callback<Option<String>>,
) -> AnyView {
    let made = Values::new(operation);
    values.set_value(Some(made.clone()));
    let submit = move |()| {
        let good = values.with_value(|values| values.as_ref().is_some_and(Values::check));
        if good {
            run.run(None);
        }
    };
    let empty = operation.parameters.is_empty();
    let fields = form::fields(parts, operation, &made, came);
    let real = operation.r#type == OperationType::Action;
    view! {
        <p class="muted">{operation.description.clone()}</p>
        {real.then(|| view! { <Notice tone=Tone::Info title=words::RUN_FOR_REAL quiet=true /> })}
        <Form id=FORM on_submit=submit>
            {fields}
            {empty.then(|| view! { <p class="muted">{words::NOTHING_TO_FILL_IN}</p> })}
        </Form>
    }
    .into_any()
}

fn path(parts: Parts, operation: Memo<Option<ConnectorOperation>>) -> Option<OperationPath> {
    let connection =
        parts.connection.with_untracked(|known| known.as_ref().map(|known| known.summary.id.clone()));
    let operation = operation.with_untracked(|one| one.as_ref().map(|one| one.id.clone()));
    Some(OperationPath { connection: connection?, operation: operation? })
}

fn given(values: StoredValue<Option<Values>>) -> Option<form::Given> {
    values.with_value(|values| values.as_ref().map(Values::given))
}

/// The same call for a terminal, with the session of a cookie jar.
fn curl(
    parts: Parts,
    operation: Memo<Option<ConnectorOperation>>,
    values: StoredValue<Option<Values>>,
    came: RwSignal<Came>,
) -> String {
    came.track();
    let (Some(path), Some(parameters)) = (path(parts, operation), given(values)) else {
        return String::new();
    };
    let body = OperationCall { parameters, cursor: None, page_size: None };
    let body = drawbridge_contract::json::write(&body).unwrap_or_default();
    let origin = window().location().origin().unwrap_or_default();
    [
        "curl -s -b jar -H 'Origin: ",
        &origin,
        "' -H 'Content-Type: application/json' \\\n  -d '",
        &body.replace('\'', "'\\''"),
        "' \\\n  '",
        &origin,
        &address::<RunOperation>(&path, &Nothing {}),
        "'",
    ]
    .concat()
}
