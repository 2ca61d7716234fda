//! What the agents of a gateway let calls reach, each with its own health.

use drawbridge_contract::types::gateways::GatewayTarget;
use drawbridge_domain::gateway::TargetFinding;
use leptos::prelude::*;

use super::page::{Parts, titled};
use super::{status, words};
use crate::ui::{Cell, CellKind, Column, EmptyState, Icon, Table, Truncate, live, memo};

/// The list of them.
pub(super) fn section(parts: Parts) -> AnyView {
    let columns = vec![
        Column::new("target", words::TARGET).class("col-wide"),
        Column::new("kind", words::KIND),
        Column::new("status", words::STATUS).class("col-wide"),
        Column::new("machines", words::MACHINES),
    ];
    let keys = memo(move || {
        parts.gateway.with(|one| one.targets.iter().map(|one| one.name.clone()).collect::<Vec<_>>())
    });
    let empty = || {
        let text = Some(words::NO_TARGETS_TEXT.to_owned());
        view! { <EmptyState title=words::NO_TARGETS text=text icon=Icon::Plug /> }.into_any()
    };
    let table = view! {
        <p class="muted">{words::TARGETS_TEXT}</p>
        <Table
            label=words::TARGETS
            columns=columns
            rows=keys
            row=move |name: String| row(parts, name)
            empty=empty
        />
    }
    .into_any();
    titled(words::TARGETS, table)
}

fn row(parts: Parts, name: String) -> AnyView {
    let key = StoredValue::new(name.clone());
    let target = memo(move || {
        let find =
            |all: &[GatewayTarget]| all.iter().find(|one| key.with_value(|name| one.name == *name)).cloned();
        parts.gateway.with(|gateway| find(&gateway.targets))
    });
    let finding = move || {
        target.get().map(|one| {
            // In a sentence where something is to be known: the link's health and the target's are not the same.
            let words = match one.finding {
                TargetFinding::Reachable => None,
                other => Some(words::finding(other, &one.name, one.reason)),
            };
            status::target(one.finding, words)
        })
    };
    view! {
        <Cell kind=CellKind::Title>
            <Truncate text=name />
        </Cell>
        <Cell label=words::KIND>{live(move || target.with(|one| one.as_ref().map(|one| one.kind.words())))}</Cell>
        <Cell label=words::STATUS>{live(finding)}</Cell>
        <Cell label=words::MACHINES>
            {live(move || target.with(|one| one.as_ref().map(|one| one.replicas.to_string())))}
        </Cell>
    }
    .into_any()
}
