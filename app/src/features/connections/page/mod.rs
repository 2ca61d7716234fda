//! One connection's own page.

mod details;
mod history;
mod operations;
mod proof;
mod reach;
mod trying;

use drawbridge_contract::endpoints::{ListConnectionEvents, ReadConnection, ReadConnector};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::{Connection, ConnectionEvent, ConnectionPath};
use drawbridge_contract::types::connectors::{Connector, ConnectorPath};
use drawbridge_domain::id::{ConnectionId, Id};
use leptos::prelude::*;

use super::desk::Desk;
use super::{beside, discard, sign_in, status, words};
use crate::client::{ApiError, Reading, call};
use crate::paths;
use crate::shell::{self, Topic, use_session};
use crate::ui::{
    Button, ConnectorIcon, EmptyState, Icon, LinkButton, Notice, Skeleton, Tone, Variant, icon, live, memo,
};

/// What is known of a connection.
#[derive(Debug, Clone, PartialEq)]
struct Known {
    id: String,
    newest: Option<Connection>,
    error: Option<ApiError>,
    missing: bool,
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq)]
enum Face {
    Loading,
    Missing,
    Failed(ApiError),
    /// The connection with this id; another one is drawn anew.
    Here(ConnectionId),
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Parts {
    desk: Desk,
    connection: Memo<Option<Connection>>,
    connector: Memo<Option<Result<Connector, ApiError>>>,
    events: Memo<Option<Result<Vec<ConnectionEvent>, ApiError>>>,
    reload_events: Callback<()>,
    reload_connector: Callback<()>,
}

impl Parts {
    /// Something of the connection; the default while there is none.
    fn of<T: Default>(self, read: impl FnOnce(&Connection) -> T) -> T {
        self.connection.with(|connection| connection.as_ref().map(read).unwrap_or_default())
    }

    /// Whether the connection signs in at the provider.
    fn is_interactive(self) -> bool {
        self.of(|connection| connection.summary.interactive)
    }
}

/// One connection's own page.
#[component]
pub fn ConnectionPage(
    /// The connection's id, as it stands in the address.
    #[prop(into)]
    id: Signal<String>,
) -> impl IntoView {
    let desk = Desk::new();
    let session = use_session();
    shell::follow(Topic::Connections, move || desk.changed());
    let read = Reading::new(move || {
        desk.version();
        let id = id.get();
        async move {
            let answer = match ConnectionId::parse(&id) {
                Ok(connection) => {
                    let path = ConnectionPath { connection };
                    Some(
                        call::<ReadConnection>(&path, &Nothing {}, &Nothing {})
                            .await
                            .map(|answer| answer.value),
                    )
                }
                Err(_) => None,
            };
            (id, answer)
        }
    });
    let known = Memo::new(move |old: Option<&Known>| {
        let id = id.get();
        let blank = Known { id: id.clone(), newest: None, error: None, missing: false };
        let known = old.filter(|known| known.id == id).cloned().unwrap_or(blank.clone());
        match read.get().filter(|(of, _)| *of == id).map(|(_, answer)| answer) {
            None => known,
            Some(None) => Known { missing: true, ..blank },
            Some(Some(Ok(connection))) => Known { newest: Some(connection), ..blank },
            Some(Some(Err(error))) if error.code() == Some(ProblemCode::NotFound) => {
                Known { missing: true, ..blank }
            }
            Some(Some(Err(error))) => Known { error: Some(error), ..known },
        }
    });
    let connection = memo(move || known.with(|known| known.newest.clone()));
    shell::title(Signal::derive(move || {
        connection
            .with(|known| known.as_ref().map(|known| known.summary.name.clone()))
            .unwrap_or_else(|| words::CONNECTION.to_owned())
    }));
    let face = memo(move || {
        known.with(|known| match known {
            Known { missing: true, .. } => Face::Missing,
            Known { newest: Some(newest), .. } => Face::Here(newest.summary.id.clone()),
            Known { error: Some(error), .. } => Face::Failed(error.clone()),
            _ => Face::Loading,
        })
    });
    let stale = memo(move || known.with(|known| known.error.clone().filter(|_| known.newest.is_some())));
    let reload = Callback::new(move |()| read.refetch());
    let list = move || paths::connections(&session.slug());
    view! {
        {live(move || match face.get() {
            Face::Loading => view! { <Skeleton lines=8 /> }.into_any(),
            Face::Missing => missing(list()),
            Face::Failed(error) => shell::failed(&error, Some(reload)),
            Face::Here(id) => here(parts(desk, connection, id), stale, reload, list()),
        })}
        {sign_in::panel(desk)}
        {discard::dialog(desk, Callback::new(move |()| desk.leave(untrack(list))))}
        {beside::of_one(desk, Callback::new(move |()| desk.leave(untrack(list))))}
    }
    .into_any()
}

/// Reads what belongs to a connection.
fn parts(desk: Desk, connection: Memo<Option<Connection>>, id: ConnectionId) -> Parts {
    let of = connection
        .with_untracked(|known| known.as_ref().map(|known| known.summary.connector.id.clone()))
        .unwrap_or_default();
    let connector = Reading::new(move || {
        let path = ConnectorPath { connector: of.clone() };
        let answer = call::<ReadConnector>(&path, &Nothing {}, &Nothing {});
        async move { answer.await.map(|answer| answer.value) }
    });
    let events = Reading::new(move || {
        desk.version();
        let path = ConnectionPath { connection: id.clone() };
        let answer = call::<ListConnectionEvents>(&path, &Nothing {}, &Nothing {});
        async move { answer.await.map(|answer| answer.value.items) }
    });
    Parts {
        desk,
        connection,
        connector: memo(move || connector.get()),
        events: memo(move || events.get()),
        reload_events: Callback::new(move |()| events.refetch()),
        reload_connector: Callback::new(move |()| connector.refetch()),
    }
}

fn missing(list: String) -> AnyView {
    let action = move || view! { <LinkButton href=list.clone() label=words::ALL_CONNECTIONS /> };
    view! {
        <EmptyState
            title=words::MISSING
            text=Some(words::MISSING_TEXT.to_owned())
            icon=Icon::Link
            page=true
            action=action
        />
    }
    .into_any()
}

fn here(parts: Parts, outdated: Memo<Option<ApiError>>, reload: Callback<()>, list: String) -> AnyView {
    let name = move || parts.of(|connection| connection.summary.name.clone());
    let src = move || parts.of(|connection| status::picture(&connection.summary.connector.icon));
    let service = move || parts.of(|connection| connection.summary.connector.name.clone());
    let state = Signal::derive(move || {
        parts.connection.with(|known| known.as_ref().map(|known| known.summary.state.clone()))
    });
    let proof = proof::Proof::new(parts);
    let old = move || {
        outdated.get().map(|error| {
            let action = move || view! { <Button label=words::TRY_AGAIN small=true on_press=reload /> };
            view! {
                <Notice title=words::PAGE_STALE text=Some(words::error(&error)) tone=Tone::Warn action=action />
            }
        })
    };
    view! {
        <header class="page-header">
            <div class="page-words">
                <a class="page-parent" href=list>
                    {icon(Icon::ChevronLeft)}
                    {words::CONNECTIONS}
                </a>
                <h1 class="page-title name-cell">
                    <ConnectorIcon src=Signal::derive(src) />
                    <span>{name}</span>
                </h1>
                <div class="cluster page-text">
                    <span>{service}</span>
                    {status::badge(state, false)}
                </div>
            </div>
            <div class="page-actions">{proof::actions(parts, proof)}</div>
        </header>
        {old}
        {proof::section(parts, proof)}
        {details::sign_in(parts)}
        {details::settings(parts)}
        {reach::permissions(parts)}
        {operations::section(parts)}
        {reach::uses(parts)}
        {history::section(parts)}
        {trying::overlay(parts)}
    }
    .into_any()
}

/// A part of the page with its title.
fn section(title: &'static str, content: AnyView) -> AnyView {
    let id = crate::ui::unique_id("section");
    view! {
        <section class="section" aria-labelledby=id.clone()>
            <h2 class="section-title" id=id.clone()>
                {title}
            </h2>
            {content}
        </section>
    }
    .into_any()
}

/// A button that opens the panel for signing in.
fn sign_in_button(
    parts: Parts,
    label: &'static str,
    variant: Variant,
    reason: Signal<Option<String>>,
) -> AnyView {
    let open = move || {
        if let Some(id) =
            parts.connection.with_untracked(|known| known.as_ref().map(|known| known.summary.id.clone()))
        {
            parts.desk.open(super::address::Beside::SignIn(id));
        }
    };
    view! { <Button label=label variant=variant icon=Icon::Key disabled_reason=reason on_press=open /> }
        .into_any()
}
