//! Automate → Connections: the list.

use drawbridge_contract::endpoints::{ListConnectors, ReadConnection};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::{
    ConnectedAs, ConnectionCounts, ConnectionPath, ListConnectionsQuery,
};
use drawbridge_contract::types::connectors::ConnectorSummary;
use drawbridge_domain::connection::Status;
use drawbridge_domain::id::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;

use super::address::{Address, Beside, Return, sort_code, sort_from};
use super::desk::{Desk, came_back};
use super::listing::Listing;
use super::switch::Switches;
use super::test::Tests;
use super::{beside, filters, row, status, words};
use crate::client::{ApiError, Reading, call, call_for};
use crate::part::part;
use crate::shell::{self, Topic, toasts, use_session};
use crate::ui::{
    Button, Column, EmptyState, Icon, LinkButton, Notice, PageHeader, Skeleton, Sort, Status as StatusWord,
    TabLink, TabLinks, Table, Tone, Variant, live, memo,
};

/// All connectors, once they are known.
pub(super) type Catalogue = Memo<Option<Result<Vec<ConnectorSummary>, ApiError>>>;

/// What the page is.
#[derive(Clone, Copy, PartialEq)]
enum Face {
    /// Those that were deleted.
    Deleted,
    /// Nobody knows yet whether there is anything. A table with all around it would be made for nothing where there is
    /// not, and what is made last is what one waits for.
    Waiting,
    /// Nobody has made a connection that the reader can see: the page says what it is for.
    First,
    /// Counts, filters and rows, or why there are none.
    Full,
}

/// The list of connections.
#[component]
pub fn ConnectionsPage() -> impl IntoView {
    shell::title(words::CONNECTIONS);
    let desk = Desk::new();
    let session = use_session();
    // Without a user nothing is listed as theirs; inside a tenant's pages there always is one.
    let query = memo(move || {
        let me = session.who().map(|who| who.user.id);
        desk.address.with(|address| match me {
            Some(me) => address.query(&me),
            None => ListConnectionsQuery::default(),
        })
    });
    let listing = Listing::new(query, desk);
    shell::follow(Topic::Connections, move || listing.reload.run(()));
    let read = Reading::new(|| async {
        call::<ListConnectors>(&Nothing {}, &Nothing {}, &Nothing {}).await.map(|answer| answer.value.items)
    });
    let catalogue = memo(move || read.get());
    let reload = Callback::new(move |()| read.refetch());
    let refused = RwSignal::new(None::<String>);
    arrive(desk, refused);
    let tests = Tests::new();
    let switches = Switches::new(desk);
    let deleted = memo(move || desk.address.with(|address| address.deleted));
    let face = memo(move || match listing.counts.get() {
        _ if deleted.get() => Face::Deleted,
        None if listing.error.with(Option::is_none) => Face::Waiting,
        Some(counts) if total(counts) == 0 && !desk.address.with(Address::is_filtered) => Face::First,
        _ => Face::Full,
    });
    view! {
        <PageHeader title=words::CONNECTIONS text=Some(words::ABOUT.to_owned()) actions=move || actions(desk, face) />
        {notice(refused)}
        {views(desk, deleted)}
        {live(move || match face.get() {
            Face::Deleted => part(6, move || Box::pin(beside::deleted(desk, listing))),
            Face::Waiting => view! { <Skeleton lines=6 /> }.into_any(),
            Face::First => first(desk),
            Face::Full => full(desk, listing, catalogue, tests, switches),
        })}
        {beside::overlay(desk, catalogue, reload)}
    }
    .into_any()
}

/// Leads to the connections that are there and to those that were deleted.
fn views(desk: Desk, deleted: Memo<bool>) -> AnyView {
    let one = |label, which: bool| TabLink {
        label,
        href: Signal::derive(move || desk.href_of(&Address { deleted: which, ..Address::default() })),
        current: Signal::derive(move || deleted.get() == which),
    };
    let links = vec![one(words::PRESENT, false), one(words::DELETED_TAB, true)];
    view! { <TabLinks label=words::VIEWS links /> }.into_any()
}

fn total(counts: ConnectionCounts) -> u32 {
    counts.pending + counts.active + counts.degraded + counts.invalid + counts.disabled
}

/// What the page says of a connection that was made.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Made {
    name: String,
    connected_as: Option<ConnectedAs>,
}

/// Says how a sign-in in this window went, once.
fn arrive(desk: Desk, refused: RwSignal<Option<String>>) {
    match came_back() {
        Some(Return::Connected(connection)) => {
            desk.fresh.set(Some(connection.to_string()));
            desk.close();
            let toasts = toasts();
            spawn_local(async move {
                let path = ConnectionPath { connection };
                if let Ok(answer) = call_for::<ReadConnection, Made>(&path, &Nothing {}, &Nothing {}).await {
                    toasts.success(words::made(&answer.value.name, answer.value.connected_as.as_ref()));
                }
            });
        }
        Some(Return::Refused(code)) => {
            refused.set(Some(words::refused(&code).to_owned()));
            desk.close();
        }
        // The panel beside the list says what went wrong.
        Some(Return::Failed(_)) | None => (),
    }
}

fn notice(refused: RwSignal<Option<String>>) -> AnyView {
    live(move || {
        refused.get().map(|text| {
            let close = move || refused.set(None);
            view! { <Notice title=words::NOT_FINISHED text=Some(text) tone=Tone::Bad on_close=close /> }
        })
    })
}

/// The button of the page; while the page is empty it stands in the middle of it.
fn actions(desk: Desk, face: Memo<Face>) -> AnyView {
    let beside = memo(move || matches!(face.get(), Face::Full | Face::Deleted));
    live(move || beside.get().then(|| add_button(desk)))
}

fn add_button(desk: Desk) -> AnyView {
    let href = Signal::derive(move || desk.href(Beside::Choose));
    view! { <LinkButton href=href label=words::ADD variant=Variant::Primary icon=Icon::Plus /> }.into_any()
}

fn first(desk: Desk) -> AnyView {
    view! {
        <EmptyState
            title=words::FIRST_TITLE
            text=Some(words::FIRST_TEXT.to_owned())
            icon=Icon::Link
            action=move || add_button(desk)
        />
    }
    .into_any()
}

/// Counts, filters and rows.
fn full(desk: Desk, listing: Listing, catalogue: Catalogue, tests: Tests, switches: Switches) -> AnyView {
    let show = move || table(desk, listing, tests, switches);
    view! {
        {counts(desk, listing.counts)}
        {filters::bar(desk, catalogue)}
        {rows(listing, show)}
    }
    .into_any()
}

/// The rows, or why there are none.
pub(super) fn rows(listing: Listing, table: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    let failed = memo(move || listing.error.get().filter(|_| listing.counts.with(Option::is_none)));
    let rows = live(move || match failed.get() {
        Some(error) => shell::failed(&error, Some(listing.reload)),
        None => table(),
    });
    view! {
        {problem(listing.error, words::RELOAD_FAILED, listing.reload, failed)}
        {rows}
        {problem(
            memo(move || listing.more_error.get()),
            words::MORE_FAILED,
            Callback::new(move |()| listing.load_more()),
            failed,
        )}
    }
    .into_any()
}

/// What could not be loaded beside the rows that are there.
fn problem(
    error: Memo<Option<ApiError>>,
    title: &'static str,
    retry: Callback<()>,
    failed: Memo<Option<ApiError>>,
) -> AnyView {
    live(move || {
        let error = error.get().filter(|_| failed.with(Option::is_none))?;
        let action = move || view! { <Button label=words::TRY_AGAIN small=true on_press=retry /> };
        Some(view! { <Notice title=title text=Some(words::error(&error)) tone=Tone::Bad action=action /> })
    })
}

/// The line of counts; each leads to the connections that it counts.
fn counts(desk: Desk, counts: Memo<Option<ConnectionCounts>>) -> AnyView {
    let one = move |(which, label): (Status, String)| {
        let href = Signal::derive(move || {
            let address = desk.address.get();
            let status = (address.status != Some(which)).then_some(which);
            desk.href_of(&Address { status, beside: Beside::Nothing, ..address })
        });
        let current = Signal::derive(move || {
            desk.address.with(|address| address.status == Some(which)).then_some("true")
        });
        view! {
            <a class="count" href=href aria-current=current>
                <StatusWord label=label tone=status::tone(which) icon=Some(status::icon(which)) />
            </a>
        }
        .into_any()
    };
    live(move || {
        counts.get().map(|counts| {
            let items = words::counts(counts).into_iter().map(one).collect::<Vec<_>>();
            view! { <nav class="counts" aria-label=words::BY_STATUS>{items}</nav> }
        })
    })
}

fn table(desk: Desk, listing: Listing, tests: Tests, switches: Switches) -> AnyView {
    let columns = vec![
        Column::new("name", words::COLUMN_NAME).sortable().class("col-wide"),
        Column::new("status", words::COLUMN_STATUS).class("col-medium"),
        Column::new("owner", words::COLUMN_OWNER),
        Column::new("created", words::COLUMN_CREATED).sortable(),
        Column::new("lastVerified", words::COLUMN_VERIFIED).sortable(),
        Column::new("", "").class("col-actions"),
    ];
    let sort = move || {
        let code = desk.address.with(|address| sort_code(address.sort));
        Some(Sort { column: code.trim_start_matches('-').to_owned(), descending: code.starts_with('-') })
    };
    let order = move |sort: Sort| {
        let code = [if sort.descending { "-" } else { "" }, &sort.column].concat();
        let address = desk.address.get_untracked();
        desk.go(&Address { sort: sort_from(&code), ..address }, true);
    };
    let summary = move || {
        let rows = listing.rows.with(Vec::len);
        let more = listing.next.with(Option::is_some);
        let all = (!desk.address.with(Address::is_filtered)).then(|| listing.counts.get()).flatten();
        (rows > 0).then(|| words::shown(rows, all.map(|counts| u64::from(total(counts))), more))
    };
    view! {
        <Table
            label=words::CONNECTIONS
            columns=columns
            rows=Signal::derive(move || {
                listing.rows.with(|rows| rows.iter().map(|row| row.id.as_str().to_owned()).collect())
            })
            row=move |id: String| row::cells(desk, listing, tests, switches, id)
            sort=Signal::derive(sort)
            on_sort=order
            loading=Signal::derive(move || listing.is_loading())
            stale=listing.stale
            fresh=desk.fresh
            empty=move || nothing_found(desk)
            summary=Signal::derive(summary)
            more=Signal::derive(move || listing.next.with(Option::is_some))
            loading_more=listing.loading_more
            on_more=move || listing.load_more()
        />
    }
    .into_any()
}

fn nothing_found(desk: Desk) -> AnyView {
    let clear = move || desk.go(&desk.address.with_untracked(Address::unfiltered), false);
    let action = move || view! { <Button label=words::CLEAR_FILTERS on_press=clear /> };
    view! {
        <EmptyState
            title=words::FILTERED_TITLE
            text=Some(words::FILTERED_TEXT.to_owned())
            icon=Icon::Search
            action=action
        />
    }
    .into_any()
}
