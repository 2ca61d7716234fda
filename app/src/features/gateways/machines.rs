//! The machines of a gateway: its agents, each with its link.

use drawbridge_contract::types::gateways::GatewayReplica;
use drawbridge_domain::gateway::action;
use drawbridge_domain::id::Id;
use leptos::prelude::*;

use super::page::{Parts, titled};
use super::{status, words};
use crate::ui::{
    ActionsMenu, Cell, CellKind, Column, EmptyState, Icon, LinkButton, MenuItem, Table, Time, Variant, live,
    memo, number,
};

/// The list of them.
pub(super) fn section(parts: Parts) -> AnyView {
    let columns = vec![
        Column::new("machine", words::MACHINE_NAME).class("col-wide"),
        Column::new("status", words::STATUS),
        Column::new("version", words::VERSION),
        Column::new("trip", words::ROUND_TRIP),
        Column::new("calls", words::CALLS),
        Column::new("joined", words::JOINED),
        Column::new("", "").class("col-actions"),
    ];
    let keys = memo(move || {
        parts.gateway.with(|one| one.replicas.iter().map(|one| one.id.to_string()).collect::<Vec<_>>())
    });
    let empty = move || {
        let href = Signal::derive(move || parts.desk.href("code", ""));
        let action = move || {
            view! { <LinkButton href=href label=words::ADD_MACHINE variant=Variant::Primary icon=Icon::Plus /> }
        };
        let text = Some(words::NO_MACHINES_TEXT.to_owned());
        view! { <EmptyState title=words::NO_MACHINES text=text icon=Icon::Server action=action /> }.into_any()
    };
    let table = view! {
        <Table
            label=words::MACHINES
            columns=columns
            rows=keys
            row=move |id: String| row(parts, id)
            empty=empty
        />
    }
    .into_any();
    titled(words::MACHINES, table)
}

fn row(parts: Parts, id: String) -> AnyView {
    let key = StoredValue::new(id);
    let replica = memo(move || {
        let find = |all: &[GatewayReplica]| {
            all.iter().find(|one| key.with_value(|id| one.id.as_str() == id)).cloned()
        };
        parts.gateway.with(|gateway| find(&gateway.replicas))
    });
    let text = move |read: fn(&GatewayReplica) -> String| {
        Signal::derive(move || replica.with(|one| one.as_ref().map(read).unwrap_or_default()))
    };
    let name = text(|one| one.machine.clone());
    let items = move || {
        let Some(one) = replica.get_untracked() else { return Vec::new() };
        let open = |label, what| MenuItem::link(label, untrack(|| parts.desk.href_of(what, one.id.as_str())));
        let refused = action::may_drain(one.linked_since.is_some(), one.draining).err().map(str::to_owned);
        vec![
            open(words::DRAIN, "drain").icon(Icon::Pause).disabled(refused),
            open(words::REMOVE, "remove").icon(Icon::Trash).danger().divided(),
        ]
    };
    let calls =
        text(|one| one.figures.map_or_else(|| words::DASH.to_owned(), |figures| number(figures.calls)));
    let trip = text(|one| {
        words::round_trip(one.figures.filter(|_| one.linked_since.is_some()).and_then(|it| it.round_trip))
    });
    view! {
        <Cell kind=CellKind::Title>
            <span class="name-cell">
                <span>
                    <span class="truncate" title=name>
                        {name}
                    </span>
                    <span class="muted small truncate">{text(|one| one.platform.clone())}</span>
                </span>
            </span>
        </Cell>
        <Cell label=words::STATUS>{live(move || replica.with(|one| one.as_ref().map(status::machine)))}</Cell>
        <Cell label=words::VERSION>
            {live(move || replica.with(|one| one.as_ref().map(|one| status::version_of(Some(&one.version), None))))}
        </Cell>
        <Cell label=words::ROUND_TRIP>{trip}</Cell>
        <Cell label=words::CALLS>{calls}</Cell>
        <Cell label=words::JOINED>
            <Time at=text(|one| one.joined_at.to_string()) />
        </Cell>
        <Cell kind=CellKind::Actions>
            <ActionsMenu of=name items=items />
        </Cell>
    }
    .into_any()
}
