//! The table of records.

use drawbridge_contract::types::audit::{AuditOutcome, AuditRecord};
use leptos::prelude::*;

use super::address::Address;
use super::listing::Listing;
use super::{Desk, words};
use crate::ui::{Badge, Cell, CellKind, Column, EmptyState, Icon, Table, Time, Tone, Truncate};

pub(super) fn table(desk: Desk, listing: Listing) -> AnyView {
    let columns = vec![
        Column::new("action", words::ACTION).class("col-wide"),
        Column::new("object", words::OBJECT).class("col-medium"),
        Column::new("actor", words::ACTOR),
        Column::new("address", words::ADDRESS),
        Column::new("time", words::TIME),
    ];
    let keys = move || listing.rows.with(|rows| rows.iter().map(|row| row.seq.to_string()).collect());
    let row = move |key: String| {
        let find = |rows: &Vec<AuditRecord>| rows.iter().find(|row| row.seq.to_string() == key).cloned();
        listing.rows.with_untracked(find).map(|record| cells(desk, record)).into_any()
    };
    let nothing = || {
        view! {
            <EmptyState title=words::NOTHING text=Some(words::NOTHING_TEXT.to_owned()) icon=Icon::Search />
        }
    };
    view! {
        <Table
            label=words::AUDIT_LOG
            columns=columns
            rows=Signal::derive(keys)
            row=row
            loading=listing.loading
            stale=Signal::derive(move || listing.loading.get() && !listing.rows.with(Vec::is_empty))
            empty=nothing
            more=Signal::derive(move || listing.next.with(Option::is_some))
            loading_more=listing.more.busy()
            on_more=move || listing.load_more()
        />
    }
    .into_any()
}

fn cells(desk: Desk, record: AuditRecord) -> AnyView {
    let seq = record.seq;
    let href = Signal::derive(move || {
        desk.address.with(|address| desk.href(&Address { record: Some(seq), ..address.filters() }))
    });
    let refused = record.outcome == AuditOutcome::Refused;
    let from = [record.address.as_str(), record.country.as_str()];
    let from: Vec<&str> = from.into_iter().filter(|part| !part.is_empty()).collect();
    let readable = words::readable(&record.action);
    let address = from.join(" · ");
    let kind = words::readable(&record.object.kind);
    view! {
        <Cell kind=CellKind::Title>
            <span class="cluster">
                <a href=href>{readable}</a>
                {refused.then(|| view! { <Badge label=words::REFUSED tone=Tone::Warn /> }.into_any())}
            </span>
        </Cell>
        <Cell label=words::OBJECT>
            <span class="name-cell"><span>
                <Truncate text=record.object.name />
                <span class="muted small truncate">{kind}</span>
            </span></span>
        </Cell>
        <Cell label=words::ACTOR>
            <Truncate text=record.actor.name />
        </Cell>
        <Cell label=words::ADDRESS>
            <Truncate text=address />
        </Cell>
        <Cell label=words::TIME>
            <Time at=record.at.to_string() />
        </Cell>
    }
    .into_any()
}
