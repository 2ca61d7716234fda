//! The list of gateways.

use drawbridge_contract::endpoints::ListGateways;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::gateways::{GatewaySort, GatewaySummary, ListGatewaysQuery};
use drawbridge_domain::gateway::GatewayStatus;
use drawbridge_domain::id::Id;
use leptos::prelude::*;

use super::desk::Desk;
use super::{menu, status, words};
use crate::client::paged::{Page, Paged, Row};
use crate::client::{self, call};
use crate::paths;
use crate::shell::{failed, toasts, use_session};
use crate::ui::{
    ActionsMenu, Button, Cell, CellKind, Choice, Column, EmptyState, FilterSelect, Icon, LinkButton, Notice,
    SearchBox, Sort, Table, Time, Tone, Truncate, Variant, live, memo,
};

impl Row for GatewaySummary {
    type Counts = ();

    fn key(&self) -> &str {
        self.id.as_str()
    }
}

const SORTS: [(&str, GatewaySort); 4] = [
    ("name", GatewaySort::Name),
    ("-name", GatewaySort::NameDescending),
    ("created", GatewaySort::Created),
    ("-created", GatewaySort::CreatedDescending),
];
const NO_FILTERS: [(&str, &str); 2] = [("search", ""), ("status", "")];

/// The rows that answer what the address asks for.
pub(super) fn rows(desk: Desk) -> Paged<GatewaySummary> {
    let asked = memo(move || (query(desk), desk.version()));
    Paged::new(asked, |query: &ListGatewaysQuery, (cursor, page_size)| {
        let sent = ListGatewaysQuery { cursor, page_size, ..query.clone() };
        let answer = call::<ListGateways>(&Nothing {}, &sent, &Nothing {});
        Box::pin(async move {
            let list = answer.await?.value;
            Ok(Page { items: list.items, next: list.next_cursor, counts: None })
        })
    })
}

fn query(desk: Desk) -> ListGatewaysQuery {
    let search = desk.get("search").trim().to_owned();
    let said = desk.get("sort");
    let sort = SORTS.into_iter().find(|(code, _)| *code == said).map(|(_, sort)| sort);
    ListGatewaysQuery {
        search: (!search.is_empty()).then_some(search),
        status: GatewayStatus::from_code(&desk.get("status")),
        sort,
        cursor: None,
        page_size: None,
    }
}

fn is_filtered(desk: Desk) -> bool {
    NO_FILTERS.iter().any(|(name, _)| !desk.get(name).is_empty())
}

/// The list with what stands above it.
pub(super) fn list(desk: Desk, paged: Paged<GatewaySummary>) -> AnyView {
    let first_use = memo(move || {
        paged.rows.with(Vec::is_empty)
            && !paged.loading.get()
            && paged.error.with(Option::is_none)
            && !is_filtered(desk)
    });
    let broken = memo(move || paged.error.get().filter(|_| paged.rows.with(Vec::is_empty)));
    let reload = paged.reload;
    let later = move || {
        paged.error.get().filter(|_| broken.with(Option::is_none)).map(|error| {
            let action = move || view! { <Button label=words::TRY_AGAIN small=true on_press=reload /> };
            let text = Some(client::words::line(&error));
            view! { <Notice title=words::NOT_LOADED text=text tone=Tone::Bad action=action /> }.into_any()
        })
    };
    view! {
        {live(move || (!first_use.get()).then(|| bar(desk)))}
        {live(later)}
        {live(move || match broken.get() {
            Some(error) => failed(&error, Some(reload)),
            None => table(desk, paged, first_use),
        })}
    }
    .into_any()
}

fn bar(desk: Desk) -> AnyView {
    let statuses: Vec<Choice> = std::iter::once(Choice::new("", words::ALL))
        .chain(GatewayStatus::ALL.map(|status| Choice::new(status.code(), status.words())))
        .collect();
    view! {
        <div class="toolbar">
            <SearchBox
                label=words::SEARCH
                value=Signal::derive(move || desk.get("search"))
                on_search=move |text: String| desk.say(&[("search", text.trim())], true)
                hotkey=true
            />
            <FilterSelect
                label=words::STATUS
                value=Signal::derive(move || desk.get("status"))
                options=statuses
                on_choose=move |code: String| desk.say(&[("status", &code)], true)
            />
            {live(move || {
                is_filtered(desk)
                    .then(|| {
                        let clear = move || desk.say(&NO_FILTERS, true);
                        view! {
                            <Button label=words::CLEAR variant=Variant::Quiet small=true on_press=clear />
                        }
                            .into_any()
                    })
            })}
        </div>
    }
    .into_any()
}

fn table(desk: Desk, paged: Paged<GatewaySummary>, first_use: Memo<bool>) -> AnyView {
    let columns = vec![
        Column::new("name", words::SERVER).sortable().class("col-wide"),
        Column::new("status", words::STATUS),
        Column::new("version", words::VERSION),
        Column::new("by", words::CREATED_BY),
        Column::new("created", words::CREATED).sortable(),
        Column::new("", "").class("col-actions"),
    ];
    let sort = move || {
        let said = desk.get("sort");
        let code = SORTS.iter().map(|(code, _)| *code).find(|code| *code == said).unwrap_or("name");
        Some(Sort { column: code.trim_start_matches('-').to_owned(), descending: code.starts_with('-') })
    };
    let order = move |sort: Sort| {
        let code = [if sort.descending { "-" } else { "" }, &sort.column].concat();
        desk.say(&[("sort", if code == "name" { "" } else { &code })], true);
    };
    let summary = move || {
        let rows = paged.rows.with(Vec::len);
        (rows > 0).then(|| words::shown(rows, paged.more.get()))
    };
    view! {
        <Table
            label=words::GATEWAYS
            columns=columns
            rows=paged.keys()
            row=move |id: String| cells(desk, paged, id)
            sort=Signal::derive(sort)
            on_sort=order
            loading=paged.loading
            stale=paged.stale
            fresh=desk.fresh
            skeleton=3
            empty=move || empty(desk, first_use)
            summary=Signal::derive(summary)
            more=paged.more
            loading_more=paged.loading_more
            on_more=paged.load_more
        />
    }
    .into_any()
}

/// The button that begins.
pub(super) fn add(desk: Desk) -> AnyView {
    let href = Signal::derive(move || desk.href("add", ""));
    view! { <LinkButton href=href label=words::ADD variant=Variant::Primary icon=Icon::Plus /> }.into_any()
}

fn empty(desk: Desk, first_use: Memo<bool>) -> AnyView {
    live(move || {
        if first_use.get() {
            let text = Some(words::FIRST_TEXT.to_owned());
            let action = move || add(desk);
            view! { <EmptyState title=words::FIRST text=text icon=Icon::Server action=action /> }.into_any()
        } else {
            let clear = move || desk.say(&NO_FILTERS, false);
            let action = move || view! { <Button label=words::CLEAR on_press=clear /> };
            let text = Some(words::FILTERED_TEXT.to_owned());
            view! { <EmptyState title=words::FILTERED text=text icon=Icon::Search action=action /> }
                .into_any()
        }
    })
}

fn cells(desk: Desk, paged: Paged<GatewaySummary>, id: String) -> AnyView {
    let (session, toasts) = (use_session(), toasts());
    let key = StoredValue::new(id);
    let gateway = memo(move || key.with_value(|id| paged.row(id)));
    let text = move |read: fn(&GatewaySummary) -> String| {
        Signal::derive(move || gateway.with(|gateway| gateway.as_ref().map(read).unwrap_or_default()))
    };
    let name = text(|gateway| gateway.name.clone());
    let href = Signal::derive(move || key.with_value(|id| paths::gateway(&session.slug(), id)));
    let items =
        move || gateway.get_untracked().map(|one| menu::items(desk, toasts, &one)).unwrap_or_default();
    view! {
        <Cell kind=CellKind::Title>
            <span class="name-cell">
                <span>
                    <a class="truncate" href=href title=name>
                        {name}
                    </a>
                    <span class="muted small truncate">{text(|gateway| words::machines(&gateway.machines))}</span>
                </span>
            </span>
        </Cell>
        <Cell label=words::STATUS>{status::badge(gateway.into())}</Cell>
        <Cell label=words::VERSION>{status::version(desk, gateway.into())}</Cell>
        <Cell label=words::CREATED_BY>
            <Truncate text=text(|gateway| gateway.created_by.name.clone()) />
        </Cell>
        <Cell label=words::CREATED>
            <Time at=text(|gateway| gateway.created_at.to_string()) />
        </Cell>
        <Cell kind=CellKind::Actions>
            <ActionsMenu of=name items=items />
        </Cell>
    }
    .into_any()
}
