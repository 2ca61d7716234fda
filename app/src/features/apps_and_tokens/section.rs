//! A section of the page: the search, the list and what stands in its place.

use leptos::prelude::*;

use super::calls;
use super::credential::{Credential, Kind};
use super::desk::Desk;
use super::{row, words};
use crate::client::paged::Paged;
use crate::client::{self, ApiError};
use crate::shell::failed;
use crate::ui::{
    Button, Column, EmptyState, Icon, LinkButton, Notice, SearchBox, Table, Tone, Variant, live, memo,
};

/// The rows of a section; read anew when what is searched for changes, and when something was changed here.
pub(super) fn rows(desk: Desk, kind: Kind) -> Paged<Credential> {
    let asked = memo(move || (desk.search(kind), desk.version()));
    Paged::new(asked, move |search: &String, part| Box::pin(calls::list(kind, search.clone(), part)))
}

/// The section.
pub(super) fn section(desk: Desk, kind: Kind, paged: Paged<Credential>) -> AnyView {
    let (id, title, about) = match kind {
        Kind::App => ("apps", words::APPS, words::APPS_ABOUT),
        Kind::Token => ("tokens", words::TOKENS, words::TOKENS_ABOUT),
    };
    // Nothing is there and nothing is searched for: the section says what it is for.
    let first_use = memo(move || {
        paged.rows.with(Vec::is_empty)
            && !paged.loading.get()
            && paged.error.with(Option::is_none)
            && desk.search(kind).is_empty()
    });
    let bar = move || {
        (!first_use.get()).then(|| {
            view! {
                <div class="toolbar">
                    {search(desk, kind)} <span class="toolbar-end">{add(desk, kind)}</span>
                </div>
            }
            .into_any()
        })
    };
    view! {
        <section class="section" aria-labelledby=id>
            <div class="page-words">
                <h2 class="section-title" id=id>
                    {title}
                </h2>
                <p class="page-text">{about}</p>
            </div>
            {live(bar)}
            {or_failed(paged, move || table(desk, kind, paged, first_use))}
        </section>
    }
    .into_any()
}

fn search(desk: Desk, kind: Kind) -> AnyView {
    let label = if kind == Kind::App { words::SEARCH_APPS } else { words::SEARCH_TOKENS };
    view! {
        <SearchBox
            label=label
            value=Signal::derive(move || desk.search(kind))
            on_search=move |text: String| desk.find(kind, &text)
            hotkey=kind == Kind::App
        />
    }
    .into_any()
}

fn add(desk: Desk, kind: Kind) -> AnyView {
    let (label, what) = match kind {
        Kind::App => (words::ADD_APP, "add"),
        Kind::Token => (words::ADD_TOKEN, "create"),
    };
    let href = Signal::derive(move || desk.href(what, ""));
    view! { <LinkButton href=href label=label variant=Variant::Primary icon=Icon::Plus /> }.into_any()
}

/// What is there, with a notice above it while it could not be read anew; or what went wrong instead.
fn or_failed(paged: Paged<Credential>, table: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    let first = memo(move || paged.error.get().filter(|_| paged.rows.with(Vec::is_empty)));
    let retry = paged.reload;
    let stale = move |error: ApiError| {
        let action = move || view! { <Button label=words::TRY_AGAIN small=true on_press=retry /> };
        let text = Some(client::words::line(&error));
        view! { <Notice title=words::NOT_LOADED text=text tone=Tone::Bad action=action /> }.into_any()
    };
    view! {
        {live(move || paged.error.get().filter(|_| first.with(Option::is_none)).map(stale))}
        {live(move || match first.get() {
            Some(error) => failed(&error, Some(retry)),
            None => table(),
        })}
    }
    .into_any()
}

fn table(desk: Desk, kind: Kind, paged: Paged<Credential>, first_use: Memo<bool>) -> AnyView {
    let common = [
        Column::new("status", words::STATUS),
        Column::new("by", words::CREATED_BY),
        Column::new("created", words::CREATED),
    ];
    let (first, rest, label) = match kind {
        Kind::App => {
            let first = vec![
                Column::new("name", words::APP_NAME).class("col-wide"),
                Column::new("client", words::CLIENT_ID),
            ];
            (first, vec![], words::APPS)
        }
        Kind::Token => {
            let first = vec![
                Column::new("name", words::NAME).class("col-medium"),
                Column::new("token", words::TOKEN),
            ];
            (first, vec![Column::new("expires", words::EXPIRES)], words::TOKENS)
        }
    };
    let last = [Column::new("used", words::LAST_USED), Column::new("", "").class("col-actions")];
    let columns: Vec<Column> = first.into_iter().chain(common).chain(rest).chain(last).collect();
    let summary = move || {
        let rows = paged.rows.with(Vec::len);
        (rows > 0).then(|| words::shown(kind, rows, paged.more.get()))
    };
    view! {
        <Table
            label=label
            columns=columns
            rows=paged.keys()
            row=move |id: String| row::cells(desk, kind, paged, id)
            loading=paged.loading
            stale=paged.stale
            skeleton=3
            fresh=desk.fresh
            empty=move || empty(desk, kind, first_use)
            summary=Signal::derive(summary)
            more=paged.more
            loading_more=paged.loading_more
            on_more=paged.load_more
        />
    }
    .into_any()
}

fn empty(desk: Desk, kind: Kind, first_use: Memo<bool>) -> AnyView {
    let (title, text, found) = match kind {
        Kind::App => (words::NO_APPS, words::NO_APPS_TEXT, words::NOTHING_FOUND_TEXT),
        Kind::Token => (words::NO_TOKENS, words::NO_TOKENS_TEXT, words::NO_TOKEN_FOUND_TEXT),
    };
    live(move || {
        if first_use.get() {
            let icon = if kind == Kind::App { Icon::Server } else { Icon::Key };
            let action = move || add(desk, kind);
            view! { <EmptyState title=title text=Some(text.to_owned()) icon=icon action=action /> }.into_any()
        } else {
            let clear = move || desk.find(kind, "");
            let action = move || view! { <Button label=words::CLEAR on_press=clear /> };
            let text = Some(found.to_owned());
            view! { <EmptyState title=words::NOTHING_FOUND text=text icon=Icon::Search action=action /> }
                .into_any()
        }
    })
}
