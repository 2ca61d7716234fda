//! Step 2: name, way to sign in, and what the connector asks for.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::connectors::{Connector, ConnectorAuthWay};
use drawbridge_domain::connector::Login;
use drawbridge_domain::gateway::target::TargetKind;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::values::Values;
use super::{Add, client, draft, fields, register, submit};
use crate::features::connections::address::Beside;
use crate::features::connections::sign_in::{Stage, done, waiting};
use crate::features::connections::{gateway, words};
use crate::shell;
use crate::ui::{
    Button, Card, EmptyState, ExternalLink, Form, Icon, LinkButton, Notice, RadioCards, Skeleton, TextField,
    Tone, Variant, focus_by_id, live, memo,
};

/// The id of the button that ends it.
const DONE: &str = "add-done";

/// The id of the form.
pub(super) const FORM: &str = "make-connection";

/// The form, or how far the sign-in is.
pub(super) fn body(add: Add) -> AnyView {
    // The form stays while its fields change; it goes only for what fills the whole panel.
    let face = memo(move || match (add.connector.get(), add.sign_in.stage()) {
        (None, _) => Face::Loading,
        (Some(Err(_)), _) => Face::Missing,
        (_, Stage::Waiting) => Face::Waiting,
        (_, Stage::Done(_)) => Face::Done,
        (Some(Ok(_)), _) => Face::Form,
    });
    live(move || match face.get() {
        Face::Loading => view! { <Skeleton lines=5 /> }.into_any(),
        Face::Missing => missing(add),
        Face::Waiting => {
            let name = add.form().map(|(connector, _)| connector.summary.name).unwrap_or_default();
            waiting(&name)
        }
        Face::Done => match add.sign_in.stage() {
            Stage::Done(connection) => done(&connection),
            _ => ().into_any(),
        },
        Face::Form => {
            untrack(move || add.form()).map(|(connector, values)| form(add, connector, values)).into_any()
        }
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Face {
    Loading,
    Missing,
    Form,
    Waiting,
    Done,
}

fn missing(add: Add) -> AnyView {
    let Some(Some(Err(error))) = add.connector.try_get() else { return ().into_any() };
    if error.code() != Some(ProblemCode::NotFound) {
        return shell::failed(&error, Some(add.reload_connector));
    }
    let href = Signal::derive(move || add.desk.href(Beside::Choose));
    let action = move || view! { <LinkButton label=words::CHOOSE_OTHER href=href /> };
    let text = Some(words::CONNECTOR_GONE_TEXT.to_owned());
    view! { <EmptyState title=words::CONNECTOR_GONE text=text icon=Icon::Plug action=action /> }.into_any()
}

fn form(add: Add, connector: Connector, values: Values) -> AnyView {
    let connector = StoredValue::new(connector);
    let values = StoredValue::new(values);
    // Faults are shown for fields that were left, and after the first try for all.
    let faults = memo(move || {
        let typed = values.with_value(Values::typed);
        let (mut faults, now) = connector
            .with_value(|connector| (draft::faults(connector, &typed), draft::request(connector, &typed)));
        let tried = add.attempts.tried.get();
        values.with_value(|values| faults.retain(|path, _| tried || values.was_left(path)));
        if let Some(refused) = add.attempts.refused.get() {
            faults.extend(refused.faults(now.as_ref()));
        }
        faults
    });
    let error = move |path: String| Signal::derive(move || faults.with(|faults| faults.get(&path).cloned()));
    let way = memo(move || {
        let typed = values.with_value(|values| values.at(draft::AUTH)).get();
        let typed = [(draft::AUTH.to_owned(), typed)].into();
        connector.with_value(|connector| draft::way(connector, &typed).cloned())
    });
    let one = move |field: &drawbridge_domain::connector::Field| {
        let path = draft::path(field);
        let (value, leave) = values.with_value(|values| (values.at(&path), values.leave(&path)));
        fields::field(field, value, error(path), leave, false)
    };
    let behind = connector.with_value(|connector| connector.target).map(|kind| {
        let login = Signal::derive(move || way.get().and_then(|way| way.login));
        gateway::fields(behind(add, kind, login, values, faults))
    });
    let ours = |field: &&drawbridge_domain::connector::Field| !gateway::is_ours(field);
    let settings =
        connector.with_value(|connector| connector.settings.iter().filter(ours).map(one).collect::<Vec<_>>());
    let way_fields = move || way.get().map(|way| way.fields.iter().map(one).collect::<Vec<_>>());
    let ways = connector.with_value(|connector| connector.auth.clone());
    let auth = values.with_value(|values| values.at(draft::AUTH));
    // The panel gives the keyboard to the first field only when it opens, not when step 2 comes after step 1.
    if !document().active_element().is_some_and(|active| active.matches("dialog input").unwrap_or(false)) {
        focus_first("#make-connection input");
    }
    view! {
        <div class="stack">
            <Form id=FORM on_submit=move || submit::submit(add)>
                {notice(add)}
                <TextField
                    label=words::NAME
                    value=values.with_value(|values| values.at(draft::NAME))
                    name="name"
                    help=Some(words::NAME_HELP.to_owned())
                    error=error(draft::NAME.to_owned())
                    required=true
                    autofocus=true
                    on_leave=values.with_value(|values| values.leave(draft::NAME))
                />
                {(ways.len() > 1)
                    .then(|| view! { <RadioCards label=words::WAY value=auth cards=cards(&ways) required=true /> })}
                {behind}
                {settings}
                {way_fields}
                {live(move || {
                    let way = way.get().filter(draft::needs_client)?;
                    let value = values.with_value(|values| values.at(draft::CLIENT));
                    Some(client::field(add, connector, &way, value, error(draft::CLIENT.to_owned())))
                })}
            </Form>
            {live(move || {
                let way = way.get().filter(draft::needs_client)?;
                let value = values.with_value(|values| values.at(draft::CLIENT));
                add.registering.get().then(|| register::form(add, connector, &way, value))
            })}
            {live(move || way.get().filter(|way| way.interactive).map(|_| which_account()))}
            {documents(connector)}
        </div>
    }
    .into_any()
}

/// What the gateway's part of the form shares with it.
fn behind(
    add: Add,
    kind: TargetKind,
    login: Signal<Option<Login>>,
    values: StoredValue<Values>,
    faults: Memo<draft::Faults>,
) -> gateway::Parts {
    let at = |path: &'static str| values.with_value(|values| values.at(path));
    let [gateway, target] = gateway::PATHS;
    gateway::Parts {
        kind,
        login,
        gateway: at(gateway),
        target: at(target),
        username: at(gateway::USERNAME),
        password: at(gateway::PASSWORD),
        token: at(gateway::TOKEN),
        error: Callback::new(move |path: &'static str| faults.with(|faults| faults.get(path).cloned())),
        leave: Callback::new(move |path: &'static str| {
            values.with_value(|values| values.leave(path)).run(());
        }),
        keeps: Signal::stored(false),
        seal: add.seal,
    }
}

fn cards(ways: &[ConnectorAuthWay]) -> Vec<Card> {
    let card = |way: &ConnectorAuthWay| Card {
        value: way.id.clone(),
        title: way.label.clone(),
        text: way.help.clone().unwrap_or_default(),
        ..Card::default()
    };
    ways.iter().map(card).collect()
}

/// What went wrong with the last try, above the fields.
fn notice(add: Add) -> AnyView {
    let said = memo(move || match add.sign_in.stage() {
        Stage::Failed(failure) => Some((failure.title, failure.text)),
        _ => add.attempts.refused.get().and_then(|refused| refused.notice()),
    });
    live(move || {
        said.get().map(|(title, text)| view! { <Notice title=title text=Some(text) tone=Tone::Bad /> })
    })
}

fn which_account() -> AnyView {
    let text = Some(words::WHICH_ACCOUNT_TEXT.to_owned());
    view! { <Notice title=words::WHICH_ACCOUNT text=text tone=Tone::Info quiet=true /> }.into_any()
}

/// Links to the provider's documents.
fn documents(connector: StoredValue<Connector>) -> AnyView {
    let links = connector.with_value(|connector| connector.docs.clone());
    (!links.is_empty())
        .then(|| {
            let links =
                links.into_iter().map(|link| view! { <ExternalLink href=link.url label=link.label /> });
            view! {
                <p class="cluster small muted">
                    <span>{words::DOCUMENTS}</span>
                    {links.collect::<Vec<_>>()}
                </p>
            }
        })
        .into_any()
}

/// Gives the keyboard to the first element that a selector finds, once it is there.
pub(super) fn focus_first(selector: &'static str) {
    request_animation_frame(move || {
        let first = document().query_selector(selector).ok().flatten();
        if let Some(first) = first.and_then(|first| first.dyn_into::<web_sys::HtmlElement>().ok()) {
            first.focus().ok();
        }
    });
}

/// Back and Connect, or what the sign-in needs.
pub(super) fn footer(add: Add) -> AnyView {
    let face = memo(move || match (add.connector.get(), add.sign_in.stage()) {
        (Some(Ok(_)), Stage::Waiting) => Face::Waiting,
        (Some(Ok(_)), Stage::Done(_)) => Face::Done,
        (Some(Ok(_)), _) => Face::Form,
        (Some(Err(_)), _) => Face::Missing,
        (None, _) => Face::Loading,
    });
    let failed = memo(move || matches!(add.sign_in.stage(), Stage::Failed(_)));
    let connect = move || if failed.get() { words::TRY_AGAIN } else { words::CONNECT }.to_owned();
    let busy = move || add.attempts.busy.get() || add.sign_in.is_starting();
    live(move || match face.get() {
        Face::Waiting => view! {
            <Button label=words::CANCEL on_press=move || add.sign_in.cancel() />
            <Button label=words::OPEN_AGAIN variant=Variant::Primary on_press=move || submit::submit(add) />
        }
        .into_any(),
        Face::Done => {
            // What had the keyboard is gone with the form.
            focus_by_id(DONE);
            view! { <Button id=DONE label=words::DONE variant=Variant::Primary on_press=move || add.close() /> }
                .into_any()
        }
        Face::Loading | Face::Missing => {
            view! { <Button label=words::BACK on_press=move || add.back() /> }.into_any()
        }
        Face::Form => view! {
            <Button label=words::BACK on_press=move || add.back() />
            <Button
                label=Signal::derive(connect)
                variant=Variant::Primary
                submit=true
                form=FORM
                busy=Signal::derive(busy)
            />
        }
        .into_any(),
    })
}
