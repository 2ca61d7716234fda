//! Edit: name, settings and credentials; secrets left empty are kept.

use std::collections::BTreeMap;

use drawbridge_contract::endpoints::ReadConnector;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::Connection;
use drawbridge_contract::types::connectors::{Connector, ConnectorAuthWay, ConnectorPath};
use drawbridge_contract::types::life::ChangeConnection;
use drawbridge_domain::access::{ConnectionAction, check};
use leptos::prelude::*;

use super::changing::Form as Typed;
use super::saving::{Saving, save};
use super::{Found, client, found, name, wanted};
use crate::client::{Answered, ApiError, Reading, call};
use crate::features::connections::add::fields;
use crate::features::connections::address::Beside;
use crate::features::connections::desk::Desk;
use crate::features::connections::gateway::{self, Boxes, Seal};
use crate::features::connections::words;
use crate::shell;
use crate::ui::{Button, Form, Notice, Panel, Skeleton, TextField, Tone, Variant, live, memo};

/// The id of the form.
pub(super) const FORM: &str = "edit-connection";

/// A connection with its connector.
#[derive(Clone, PartialEq)]
struct Both {
    connection: Answered<Connection>,
    connector: Connector,
    way: ConnectorAuthWay,
}

/// The panel.
pub(super) fn panel(desk: Desk) -> AnyView {
    let wanted = wanted(desk, |beside| if let Beside::Edit(id) = beside { Some(id) } else { None });
    let (known, reload) = found(wanted);
    let both = both(known);
    // The form is made once for each connection that comes; a newer reading of the same one is for saving over.
    let typed = memo(move || match both.get() {
        Some(Ok(both)) => Some(both.connection.value.summary.id),
        _ => None,
    });
    let form = RwSignal::new(None::<Typed>);
    let saving = Saving::new(desk);
    crate::ui::watch(move || {
        let made = typed.get().is_some().then(|| match both.get_untracked() {
            Some(Ok(both)) => {
                saving.start(both.connection.clone());
                Some(Typed::new(&both.connection.value, &both.connector, &both.way))
            }
            _ => None,
        });
        form.set(made.flatten());
    });
    let dirty =
        move || form.with(|form| form.as_ref().is_some_and(|form| form.change().is_some() || form.seals()));
    let refusal = move || {
        let summary = match known.get()? {
            Ok(known) => known.value.summary,
            Err(error) => return Some(words::error(&error)),
        };
        if let Err(refusal) = check(ConnectionAction::Edit, summary.level, summary.state.status) {
            return Some(refusal.words().to_owned());
        }
        (!dirty()).then(|| words::NOTHING_CHANGED.to_owned())
    };
    let close = move || {
        saving.forget();
        desk.close();
    };
    let footer = move || {
        view! {
            <Button label=words::CANCEL on_press=close />
            <Button
                label=words::SAVE
                variant=Variant::Primary
                submit=true
                form=FORM
                busy=saving.busy()
                disabled_reason=Signal::derive(refusal)
            />
        }
        .into_any()
    };
    let failed = memo(move || both.get().and_then(Result::err));
    view! {
        <Panel
            open=Signal::derive(move || wanted.with(Option::is_some))
            title=words::EDIT_TITLE
            subtitle=name(known)
            dirty=Signal::derive(dirty)
            on_close=close
            footer=footer
        >
            {live(move || match (failed.get(), form.get()) {
                (Some(error), _) => shell::failed(&error, Some(reload)),
                (None, None) => view! { <Skeleton lines=5 /> }.into_any(),
                (None, Some(form)) => drawn(saving, form),
            })}
        </Panel>
    }
    .into_any()
}

/// Reads the connector of a connection that came.
fn both(known: Found) -> Memo<Option<Result<Both, ApiError>>> {
    let of = memo(move || match known.get() {
        Some(Ok(known)) => Some(known.value.summary.connector.id),
        _ => None,
    });
    let connector = Reading::new(move || {
        let of = of.get();
        async move {
            let path = ConnectorPath { connector: of? };
            Some(call::<ReadConnector>(&path, &Nothing {}, &Nothing {}).await.map(|answer| answer.value))
        }
    });
    memo(move || {
        let connection = match known.get()? {
            Ok(connection) => connection,
            Err(error) => return Some(Err(error)),
        };
        let connector = match connector.get().flatten()? {
            Ok(connector) if connector.summary.id == connection.value.summary.connector.id => connector,
            Ok(_) => return None,
            Err(error) => return Some(Err(error)),
        };
        let way = connector.auth.iter().find(|way| way.id == connection.value.auth)?.clone();
        Some(Ok(Both { connection, connector, way }))
    })
}

fn drawn(saving: Saving, form: Typed) -> AnyView {
    let shown = StoredValue::new(form.clone());
    let faults = memo(move || {
        let mut faults = if saving.tried.get() { shown.with_value(Typed::faults) } else { BTreeMap::new() };
        faults.extend(saving.faults.get());
        faults
    });
    let error = move |path: String| Signal::derive(move || faults.with(|faults| faults.get(&path).cloned()));
    let seal = StoredValue::new_local(None);
    let behind = form.behind.map(|of| {
        let error = Callback::new(move |path: &'static str| faults.with(|faults| faults.get(path).cloned()));
        gateway::fields(gateway::Parts {
            kind: of.kind,
            login: Signal::stored(of.login),
            gateway: shown.with_value(|form| form.choice(gateway::PATHS[0])),
            target: shown.with_value(|form| form.choice(gateway::PATHS[1])),
            username: of.username,
            password: of.password,
            token: of.token,
            error,
            leave: Callback::new(|_| ()),
            keeps: Signal::derive(move || shown.with_value(Typed::keeps_login)),
            seal,
        })
    });
    let entries = form.entries.iter().filter(|entry| !gateway::is_ours(&entry.field)).map(|entry| {
        let leave = Callback::new(|()| ());
        fields::field(&entry.field, entry.value, error(entry.path()), leave, entry.keeps)
    });
    let entries = entries.collect::<Vec<_>>();
    let client = form.client.as_ref().map(|chosen| client::field(chosen, error("oauthClient".to_owned())));
    let submit = move || {
        saving.tried.set(true);
        let (good, change) =
            untrack(|| shown.with_value(|form| (form.faults().is_empty(), changed(form, seal))));
        if let Some((change, boxes)) = change.filter(|_| good) {
            save(saving, change, boxes, false);
        }
    };
    view! {
        <Form id=FORM on_submit=submit>
            {notice(saving, shown, seal)}
            <TextField
                label=words::NAME
                value=form.name
                name="name"
                help=Some(words::NAME_HELP.to_owned())
                error=error("name".to_owned())
                required=true
                autofocus=true
            />
            {behind}
            {entries}
            {client}
        </Form>
    }
    .into_any()
}

/// How to seal, once that is known.
type Sealer = StoredValue<Option<Seal>, LocalStorage>;

/// What is to be changed, and the boxes that go along, on their way.
fn changed(form: &Typed, seal: Sealer) -> Option<(ChangeConnection, Option<Boxes>)> {
    let change = form.change();
    if !form.seals() {
        return change.map(|change| (change, None));
    }
    let boxes = seal.with_value(|seal| seal.as_ref().map(|seal| seal()));
    let late = || -> Boxes { Box::pin(std::future::ready(Err(words::NOT_READ_YET.to_owned()))) };
    Some((change.unwrap_or_default(), Some(boxes.unwrap_or_else(late))))
}

/// What became of the last try.
fn notice(saving: Saving, form: StoredValue<Typed>, seal: Sealer) -> AnyView {
    let again = move |accept: bool| {
        if let Some((change, boxes)) = untrack(|| form.with_value(|form| changed(form, seal))) {
            save(saving, change, boxes, accept);
        }
    };
    live(move || {
        let refused = saving.refused.get()?;
        let other = refused.other;
        let action = move || {
            let (label, accept) = if other { (words::ACCEPT_OTHER, true) } else { (words::SAVE_OVER, false) };
            view! { <Button label=label small=true on_press=move || again(accept) /> }
        };
        let (title, text) = (refused.title, Some(refused.text));
        Some(if other || refused.lost {
            view! { <Notice title=title text=text tone=Tone::Warn action=action /> }.into_any()
        } else {
            view! { <Notice title=title text=text tone=Tone::Bad /> }.into_any()
        })
    })
}
