//! One's own sessions, each of which can be ended.

use drawbridge_contract::endpoints::{EndSession, ListSessions};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::sessions::{Session, SessionPath};
use drawbridge_contract::types::{List, Nothing};
use drawbridge_domain::id::{Id, SessionId};
use leptos::prelude::*;

use super::words;
use crate::client::{self, Answered, ApiError, Loading, Task, call};
use crate::shell::{Topic, follow, loaded, toasts};
use crate::ui::{
    Badge, Button, Cell, CellKind, Column, ConfirmDialog, Table, Time, Tone, Truncate, live, memo,
};

/// The section of sessions; `ending` is the one that the address asks to end.
pub(super) fn sessions(ending: Memo<Option<String>>, ask: Callback<String>, close: Callback<()>) -> AnyView {
    let list = Loading::new(|| call::<ListSessions>(&Nothing {}, &Nothing {}, &Nothing {}));
    follow(Topic::Tenant, move || list.refetch());
    view! {
        <section class="section" aria-labelledby="sessions">
            <h2 class="section-title" id="sessions">
                {words::SESSIONS}
            </h2>
            <p class="muted">{words::SESSIONS_TEXT}</p>
            {loaded(list, 4, move |read| table(read, list, ending, ask, close))}
        </section>
    }
    .into_any()
}

fn table(
    read: Signal<Answered<List<Session>>>,
    list: Loading<List<Session>>,
    ending: Memo<Option<String>>,
    ask: Callback<String>,
    close: Callback<()>,
) -> AnyView {
    let find = move |id: &str| {
        read.with(|read| read.value.items.iter().find(|session| session.id.as_str() == id).cloned())
    };
    let rows = move || {
        read.with(|read| {
            read.value.items.iter().map(|session| session.id.as_str().to_owned()).collect::<Vec<_>>()
        })
    };
    let row = move |id: String| {
        let session = memo(move || find(&id));
        // A session that was ended has no cells until its row is gone.
        live(move || Some(cells(&session.get()?, ask)))
    };
    let columns = vec![
        Column::new("device", words::DEVICE).class("col-wide"),
        Column::new("address", words::ADDRESS),
        Column::new("started", words::STARTED),
        Column::new("used", words::LAST_USED),
        Column::new("", "").class("col-actions"),
    ];
    view! {
        <Table label=words::SESSIONS columns=columns rows=Signal::derive(rows) row=row />
        {end_dialog(memo(move || find(&ending.get()?)), list, close)}
    }
    .into_any()
}

fn device(session: &Session) -> String {
    if session.device.is_empty() { words::UNKNOWN_DEVICE.to_owned() } else { session.device.clone() }
}

fn cells(session: &Session, ask: Callback<String>) -> AnyView {
    let id = session.id.as_str().to_owned();
    let address: Vec<&str> =
        [&session.address, &session.country].into_iter().flatten().map(String::as_str).collect();
    let address = if address.is_empty() { words::NOT_KNOWN.to_owned() } else { address.join(" · ") };
    let current = session.current;
    let device = device(session);
    let (started, used) = (session.created_at.to_string(), session.last_used_at.to_string());
    let reason = current.then(|| words::OWN_SESSION.to_owned());
    view! {
        <Cell kind=CellKind::Title>
            <span class="cluster">
                <Truncate text=device />
                {current.then(|| view! { <Badge label=words::THIS_ONE tone=Tone::Ok /> })}
            </span>
        </Cell>
        <Cell label=words::ADDRESS>
            <span class="session-address">{address}</span>
        </Cell>
        <Cell label=words::STARTED>
            <Time at=started />
        </Cell>
        <Cell label=words::LAST_USED>
            <Time at=used />
        </Cell>
        <Cell kind=CellKind::Actions>
            <Button
                label=words::END
                small=true
                disabled_reason=reason
                on_press=move || ask.run(id.clone())
            />
        </Cell>
    }
    .into_any()
}

fn end_dialog(ending: Memo<Option<Session>>, list: Loading<List<Session>>, close: Callback<()>) -> AnyView {
    let toasts = toasts();
    let failure = RwSignal::new(None::<ApiError>);
    let task = Task::new();
    let end = move |session: SessionId| async move {
        match call::<EndSession>(&SessionPath { session }, &Nothing {}, &Nothing {}).await {
            // One that is gone already is what was asked for.
            Err(error) if error.code() != Some(ProblemCode::NotFound) => {
                failure.try_set(Some(error));
            }
            _ => {
                toasts.success(words::ENDED);
                close.try_run(());
                list.refetch();
            }
        }
    };
    let confirm = move || {
        failure.set(None);
        if let Some(session) = ending.get_untracked().filter(|session| !session.current) {
            task.run(end(session.id));
        }
    };
    let name = move || ending.with(|session| session.as_ref().map(device).unwrap_or_default());
    let own = move || ending.with(|session| session.as_ref().is_some_and(|session| session.current));
    let closed = move || {
        failure.set(None);
        close.run(());
    };
    view! {
        <ConfirmDialog
            open=Signal::derive(move || ending.with(Option::is_some))
            title=Signal::derive(move || words::end_title(&name()))
            verb=words::END
            danger=true
            busy=task.busy()
            disabled_reason=Signal::derive(move || own().then(|| words::OWN_SESSION.to_owned()))
            problem=Signal::derive(move || failure.with(|error| error.as_ref().map(client::words::line)))
            on_confirm=confirm
            on_close=closed
        >
            <p>{words::END_TEXT}</p>
        </ConfirmDialog>
    }
    .into_any()
}
