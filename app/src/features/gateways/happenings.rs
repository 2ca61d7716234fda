//! What happened to a gateway's links and targets lately.

use drawbridge_contract::endpoints::ListGatewayEvents;
use drawbridge_contract::types::gateways::{GatewayHappening, GatewayPath, ListGatewayEventsQuery};
use drawbridge_contract::types::{List, Nothing};
use drawbridge_domain::gateway::event::KEPT;
use drawbridge_domain::id::Id;
use leptos::prelude::*;

use super::page::{Parts, titled};
use super::words;
use crate::client::{Answered, Loading, call};
use crate::paths;
use crate::shell::{Topic, follow, loaded};
use crate::ui::{Cell, CellKind, Column, EmptyState, Icon, Table, Time, memo};

/// The list, the newest first; what people did is in the audit log.
pub(super) fn section(parts: Parts) -> AnyView {
    let gateway = memo(move || parts.gateway.with(|gateway| gateway.summary.id.clone()));
    let read = Loading::new(move || {
        let query = ListGatewayEventsQuery { cursor: None, page_size: Some(KEPT) };
        call::<ListGatewayEvents>(&GatewayPath { gateway: gateway.get() }, &query, &Nothing {})
    });
    follow(Topic::Gateways, move || read.refetch());
    let log = Signal::derive(move || {
        let object = gateway.with(ToString::to_string);
        paths::with(paths::audit(&parts.session.slug()), "object", &object)
    });
    let content = view! {
        <p class="muted">{words::EVENTS_TEXT} " " <a href=log>{words::AUDIT_LOG}</a> "."</p>
        {loaded(read, 3, table)}
    }
    .into_any();
    titled(words::EVENTS, content)
}

fn table(list: Signal<Answered<List<GatewayHappening>>>) -> AnyView {
    let columns = vec![
        Column::new("what", words::EVENT).class("col-wide"),
        Column::new("machine", words::MACHINE_NAME),
        Column::new("why", words::WHY).class("col-wide"),
        Column::new("at", words::WHEN),
    ];
    let keys = memo(move || {
        list.with(|list| list.value.items.iter().map(|one| one.id.to_string()).collect::<Vec<_>>())
    });
    view! {
        <Table
            label=words::EVENTS
            columns=columns
            rows=keys
            row=move |id: String| row(list, &id)
            empty=|| view! { <EmptyState title=words::NO_EVENTS icon=Icon::List /> }.into_any()
        />
    }
    .into_any()
}

fn row(list: Signal<Answered<List<GatewayHappening>>>, id: &str) -> AnyView {
    let find = |list: &Answered<List<GatewayHappening>>| {
        list.value.items.iter().find(|one| one.id.as_str() == id).cloned()
    };
    let Some(one) = list.with_untracked(find) else { return ().into_any() };
    let why = words::why(&one);
    let what = one
        .target
        .map_or_else(|| one.kind.words().to_owned(), |target| [one.kind.words(), ": ", &target].concat());
    view! {
        <Cell kind=CellKind::Title>{what}</Cell>
        <Cell label=words::MACHINE_NAME>{one.machine}</Cell>
        <Cell label=words::WHY>{why}</Cell>
        <Cell label=words::WHEN>
            <Time at=one.at.to_string() />
        </Cell>
    }
    .into_any()
}
