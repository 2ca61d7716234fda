//! A row of either list, and its menu.

use drawbridge_contract::types::apps::App;
use drawbridge_contract::types::tokens::Token;
use drawbridge_domain::credential::{AppStatus, ONLY_ITS_OWNER, may_change, may_delete};
use drawbridge_domain::id::AppId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::credential::{Credential, Kind};
use super::desk::Desk;
use super::{calls, when, words};
use crate::client;
use crate::client::paged::Paged;
use crate::shell::{Session, toasts, use_session};
use crate::ui::{
    ActionsMenu, Cell, CellKind, CopyButton, Icon, MenuItem, Status, Time, Toasts, Tone, Truncate, clock,
    live, memo,
};

/// The cells of the row with this key.
pub(super) fn cells(desk: Desk, kind: Kind, paged: Paged<Credential>, id: String) -> AnyView {
    let (session, toasts) = (use_session(), toasts());
    let key = StoredValue::new(id);
    let row = memo(move || key.with_value(|id| paged.row(id)));
    let text = move |read: fn(&Credential) -> String| {
        Signal::derive(move || row.with(|row| row.as_ref().map(read).unwrap_or_default()))
    };
    let name = text(|row| row.name().to_owned());
    let description = text(|row| row.description().to_owned());
    let href = Signal::derive(move || key.with_value(|id| desk.href("view", id)));
    let items = move || match row.get_untracked() {
        Some(Credential::App(app)) => app_menu(desk, toasts, &app),
        Some(Credential::Token(token)) => token_menu(desk, session, &token),
        None => Vec::new(),
    };
    let second = match kind {
        Kind::App => {
            let id = text(|row| row.id().to_owned());
            view! {
                <Cell label=words::CLIENT_ID>
                    <span class="split">
                        <span class="mono truncate" title=id>
                            {id}
                        </span>
                        <CopyButton text=id quiet=true label=words::COPY_ID />
                    </span>
                </Cell>
            }
            .into_any()
        }
        Kind::Token => view! {
            <Cell label=words::TOKEN>
                <span class="small">
                    <span class="mono">
                        <Truncate text=text(Credential::hint) />
                    </span>
                </span>
            </Cell>
        }
        .into_any(),
    };
    let expires = (kind == Kind::Token).then(|| {
        let end = live(move || row.with(|row| row.as_ref().and_then(Credential::expires_at)).map(when::end));
        view! { <Cell label=words::EXPIRES><span class="small">{end}</span></Cell> }.into_any()
    });
    view! {
        <Cell kind=CellKind::Title>
            <span class="name-cell">
                <span>
                    <a class="truncate" href=href title=name>
                        {name}
                    </a>
                    <span class="muted small truncate" title=description>
                        {description}
                    </span>
                </span>
            </span>
        </Cell>
        {second}
        <Cell label=words::STATUS>{status(row)}</Cell>
        <Cell label=words::CREATED_BY>
            <Truncate text=text(|row| row.created_by().name.clone()) />
        </Cell>
        <Cell label=words::CREATED>
            <span class="small">
                <Time at=text(|row| row.created_at().to_string()) />
            </span>
        </Cell>
        {expires}
        <Cell label=words::LAST_USED>
            {live(move || row.with(|row| row.as_ref().map(|row| when::last_use(row.last_used()))))}
        </Cell>
        <Cell kind=CellKind::Actions>
            <ActionsMenu of=name items=items />
        </Cell>
    }
    .into_any()
}

/// The status in a word; why it is so, on hover, and under it the end of an app that comes near.
fn status(row: Memo<Option<Credential>>) -> AnyView {
    let stands = memo(move || row.with(|row| row.as_ref().map(Credential::status)));
    // Tokens have a column for it.
    let ends = move || match row.get() {
        Some(Credential::App(App { status: AppStatus::Active, expires_at: Some(end), .. })) => {
            let (end, now) = (when::millis(end), clock().get());
            when::is_near(end, now).then(|| [words::ENDS, " ", &when::in_words(end, now)].concat())
        }
        _ => None,
    };
    view! {
        <div class="status" title=Signal::derive(move || stands.get().and_then(|(_, why)| why))>
            <Status
                label=Signal::derive(move || stands.get().map(|((word, ..), _)| word.to_owned()).unwrap_or_default())
                tone=Signal::derive(move || stands.get().map_or(Tone::Neutral, |((_, tone, _), _)| tone))
                icon=Signal::derive(move || stands.get().map(|((.., icon), _)| icon))
                detail=memo(ends)
            />
        </div>
    }
    .into_any()
}

/// An item that opens something about the row.
fn open(desk: Desk, id: &str, label: &str, what: &str, icon: Icon) -> MenuItem {
    MenuItem::link(label, untrack(|| desk.href(what, id))).icon(icon)
}

fn app_menu(desk: Desk, toasts: Toasts, app: &App) -> Vec<MenuItem> {
    let of = drawbridge_domain::id::Id::as_str(&app.id);
    let (id, name) = (app.id.clone(), app.name.clone());
    let on = app.status == AppStatus::Disabled;
    let switch = move || turn(desk, toasts, id.clone(), name.clone(), on);
    let (label, icon) = if on { (words::ACTIVATE, Icon::Play) } else { (words::DISABLE, Icon::Pause) };
    vec![
        open(desk, of, words::VIEW, "view", Icon::Eye),
        open(desk, of, words::ROTATE_SECRET, "rotate", Icon::Refresh),
        open(desk, of, words::EDIT, "edit", Icon::Pencil),
        MenuItem::new(label, switch).icon(icon),
        open(desk, of, words::DELETE, "delete", Icon::Trash).danger().divided(),
    ]
}

/// Why only an owner may do it, to everybody else.
pub(super) fn owners(session: Session, token: &Token) -> Option<String> {
    let me = session.who().map(|who| who.user.id);
    (me.as_ref() != Some(&token.created_by.id)).then(|| ONLY_ITS_OWNER.to_owned())
}

fn token_menu(desk: Desk, session: Session, token: &Token) -> Vec<MenuItem> {
    let of = drawbridge_domain::id::Id::as_str(&token.id);
    let over = may_change(token.status).err().map(str::to_owned);
    let undeletable = may_delete(token.status).err().map(str::to_owned);
    let rotate = over.clone().or_else(|| untrack(|| owners(session, token)));
    vec![
        open(desk, of, words::VIEW, "view", Icon::Eye),
        open(desk, of, words::EDIT, "edit", Icon::Pencil).disabled(over.clone()),
        open(desk, of, words::ROTATE, "rotate", Icon::Refresh).disabled(rotate),
        open(desk, of, words::REVOKE, "revoke", Icon::Lock).danger().divided().disabled(over),
        open(desk, of, words::DELETE, "delete", Icon::Trash).danger().disabled(undeletable),
    ]
}

/// Switches an app on or off and says so; off, it can be taken back at once.
fn turn(desk: Desk, toasts: Toasts, id: AppId, name: String, on: bool) {
    let call = calls::switch(id.clone(), on);
    spawn_local(async move {
        match call.await {
            Ok(()) if on => toasts.success(words::done(&name, words::ACTIVATED)),
            Ok(()) => {
                let said = words::done(&name, words::DISABLED);
                let back = move || turn(desk, toasts, id.clone(), name.clone(), true);
                toasts.with_action(Tone::Neutral, said, words::ACTIVATE, back);
            }
            Err(error) => toasts.error(client::words::line(&error)),
        }
        desk.changed();
    });
}
