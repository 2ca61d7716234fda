//! Tables in every state.

use drawbridge_app::ui::{
    Button, Cell, CellKind, Column, ConnectorIcon, EmptyState, Icon, Menu, MenuItem, Sort, Status, Table,
    Time, Tone, Truncate, Variant, number,
};
use leptos::prelude::*;

use super::section;

#[derive(Clone, PartialEq)]
struct Row {
    name: &'static str,
    connector: &'static str,
    status: (&'static str, Tone, Option<&'static str>),
    owner: &'static str,
    hours: f64,
    calls: u64,
}

const ROWS: [Row; 5] = [
    Row {
        name: "Salesforce EU",
        connector: "salesforce",
        status: ("Active", Tone::Ok, None),
        owner: "Ada Lovelace",
        hours: 0.001,
        calls: 12_480,
    },
    Row {
        name: "Support",
        connector: "zendesk",
        status: ("Degraded", Tone::Warn, Some("Zendesk answers slowly (HTTP 503)")),
        owner: "Charles Babbage",
        hours: 3.0,
        calls: 901,
    },
    Row {
        name: "Contracts of the northern region, archived and read only since the merger",
        connector: "box",
        status: ("Invalid", Tone::Bad, Some("The grant was revoked: reconnect")),
        owner: "Augusta Ada King, Countess of Lovelace",
        hours: 51.0,
        calls: 7,
    },
    Row {
        name: "Rates",
        connector: "http",
        status: ("Disabled", Tone::Neutral, None),
        owner: "Mary Somerville",
        hours: 900.0,
        calls: 0,
    },
    Row {
        name: "Try-out",
        connector: "sandbox-crm",
        status: ("Pending", Tone::Info, None),
        owner: "Ada Lovelace",
        hours: 9_000.0,
        calls: 1_204_331,
    },
];

pub(super) fn part() -> AnyView {
    view! {
        {section("tables", "Table", full())} {section("table-loading", "Table, loading", loading())}
        {section("table-empty", "Table, nothing found", empty())}
    }
    .into_any()
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("name", "Connection name").sortable().class("col-wide"),
        Column::new("status", "Status"),
        Column::new("owner", "Owner"),
        Column::new("verified", "Last verified").sortable(),
        Column::new("calls", "Calls").class("col-number"),
        Column::new("", "").class("col-actions"),
    ]
}

fn cells(key: &str) -> AnyView {
    let Some(row) = ROWS.into_iter().find(|row| row.name == key) else { return ().into_any() };
    let (word, tone, detail) = row.status;
    let drawn = match tone {
        Tone::Info => Some(Icon::Clock),
        Tone::Neutral => Some(Icon::Pause),
        _ => None,
    };
    let at = js_sys::Date::now() - row.hours * 3_600_000.0;
    let at = String::from(js_sys::Date::new(&at.into()).to_iso_string());
    view! {
        <Cell kind=CellKind::Title>
            <div class="name-cell">
                <ConnectorIcon src=["/icons/connectors/", row.connector, ".svg"].concat() />
                <div>
                    <a class="truncate" href="#tables" title=row.name>
                        {row.name}
                    </a>
                    <span class="muted small truncate">{row.connector}</span>
                </div>
            </div>
        </Cell>
        <Cell label="Status">
            <Status label=word tone=tone icon=drawn detail=detail.map(str::to_owned) />
        </Cell>
        <Cell label="Owner">
            <Truncate text=row.owner />
        </Cell>
        <Cell label="Last verified">
            <Time at=at />
        </Cell>
        <Cell label="Calls" kind=CellKind::Number>
            {number(row.calls)}
        </Cell>
        <Cell kind=CellKind::Actions>
            <Menu
                label=["Actions for “", row.name, "”"].concat()
                items=|| vec![MenuItem::new("Test", || ()).icon(Icon::Refresh), MenuItem::new("Delete", || ()).icon(Icon::Trash).danger().divided()]
            />
        </Cell>
    }
    .into_any()
}

fn full() -> AnyView {
    let sort = RwSignal::new(Some(Sort { column: "name".to_owned(), descending: false }));
    let fresh = RwSignal::new(None::<String>);
    let stale = RwSignal::new(false);
    let shown = RwSignal::new(4);
    let rows = move || {
        let mut rows = ROWS.into_iter().take(shown.get()).collect::<Vec<_>>();
        if let Some(sort) = sort.get() {
            if sort.column == "name" {
                rows.sort_by_key(|row| row.name);
            } else {
                rows.sort_by(|a, b| b.hours.total_cmp(&a.hours));
            }
            if sort.descending {
                rows.reverse();
            }
        }
        rows.into_iter().map(|row| row.name.to_owned()).collect::<Vec<_>>()
    };
    view! {
        <div class="toolbar">
            <Button
                label="Make a row"
                small=true
                on_press=move || {
                    shown.set(ROWS.len());
                    fresh.set(Some("Try-out".to_owned()));
                }
            />
            <Button label="Stale" small=true on_press=move || stale.update(|stale| *stale = !*stale) />
        </div>
        <Table
            label="Connections"
            columns=columns()
            rows=rows
            row=move |key: String| cells(&key)
            sort=sort
            on_sort=move |wanted| sort.set(Some(wanted))
            fresh=fresh
            stale=stale
            summary=move || Some([&shown.get().to_string(), " of 5 connections"].concat())
            more=move || shown.get() < ROWS.len()
            on_more=move || shown.set(ROWS.len())
        />
    }
    .into_any()
}

fn loading() -> AnyView {
    view! { <Table label="Connections, loading" columns=columns() rows=vec![] row=|_| ().into_any() loading=true skeleton=3 /> }
        .into_any()
}

fn empty() -> AnyView {
    view! {
        <Table
            label="Connections, none found"
            columns=columns()
            rows=vec![]
            row=|_| ().into_any()
            empty=move || {
                view! {
                    <EmptyState
                        icon=Icon::Search
                        title="No connection matches"
                        text="Nothing is named like “sales” with the status invalid."
                        action=move || view! { <Button label="Clear filters" variant=Variant::Secondary /> }
                    />
                }
            }
        />
    }
    .into_any()
}
