//! What there is to choose from: gateways, and what one of them reaches.

use drawbridge_contract::endpoints::{ListGatewayChoices, ListGatewayTargets};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::gateways::{
    GatewayPath, GatewayRef, GatewayTargets, ListGatewayChoicesQuery,
};
use drawbridge_domain::gateway::GatewayStatus;
use drawbridge_domain::gateway::status::TargetFinding;
use drawbridge_domain::gateway::target::TargetKind;
use drawbridge_domain::id::{GatewayId, Id};
use leptos::prelude::*;

use crate::client::{ApiError, Reading, call};
use crate::features::connections::words;
use crate::shell;
use crate::ui::{Choice, memo};

/// What was read, and a way to read it again.
pub(super) type Came<T> = (Memo<Option<Result<T, ApiError>>>, Callback<()>);

/// The tenant's gateways by name.
pub(super) fn gateways() -> Came<Vec<GatewayRef>> {
    let read = Reading::new(move || async move {
        let query = ListGatewayChoicesQuery { search: None, page_size: Some(200), cursor: None };
        let answer = call::<ListGatewayChoices>(&Nothing {}, &query, &Nothing {}).await;
        answer.map(|answer| answer.value.items)
    });
    shell::follow(shell::Topic::Gateways, move || read.refetch());
    (memo(move || read.get()), Callback::new(move |()| read.refetch()))
}

/// What the chosen gateway reaches, and the keys of its machines; nothing while none is chosen.
pub(super) fn targets(gateway: RwSignal<String>) -> Came<GatewayTargets> {
    let read = Reading::new(move || {
        let chosen = GatewayId::parse(&gateway.get()).ok();
        async move {
            let gateway = chosen?;
            let path = GatewayPath { gateway };
            let answer = call::<ListGatewayTargets>(&path, &Nothing {}, &Nothing {}).await;
            Some((path.gateway, answer.map(|answer| answer.value)))
        }
    });
    shell::follow(shell::Topic::Gateways, move || read.refetch());
    let known = memo(move || {
        let chosen = gateway.get();
        // What was read for another gateway is not this one's.
        read.get().flatten().filter(|(of, _)| of.as_str() == chosen).map(|(_, answer)| answer)
    });
    (known, Callback::new(move |()| read.refetch()))
}

/// The gateways as choices: each says when it is not online.
pub(super) fn of_gateways(list: &[GatewayRef], chosen: &str) -> Vec<Choice> {
    let one = |gateway: &GatewayRef| {
        let fine = gateway.status == GatewayStatus::Online;
        let label =
            if fine { gateway.name.clone() } else { words::choice(&gateway.name, gateway.status.words()) };
        Choice::new(gateway.id.as_str(), label)
    };
    let there = chosen.is_empty() || list.iter().any(|gateway| gateway.id.as_str() == chosen);
    let gone = (!there).then(|| Choice::new(chosen, words::GATEWAY_GONE));
    let blank = Choice::new("", words::CHOOSE_ONE);
    std::iter::once(blank).chain(gone).chain(list.iter().map(one)).collect()
}

/// The targets of a kind as choices: each says when it cannot be reached.
pub(super) fn of_targets(known: Option<&GatewayTargets>, kind: TargetKind, chosen: &str) -> Vec<Choice> {
    let targets = known.map_or(&[][..], |known| &known.items);
    let fitting = targets.iter().filter(|target| target.kind == kind);
    let there = chosen.is_empty() || fitting.clone().any(|target| target.name == chosen);
    let gone = (!there).then(|| Choice::new(chosen, words::choice(chosen, words::NOT_CONFIGURED)));
    let label = |finding, name: &str| match finding {
        TargetFinding::Failing => words::choice(name, words::NOT_REACHED),
        _ => name.to_owned(),
    };
    let one = |name: &str, finding| Choice::new(name, label(finding, name));
    let blank = Choice::new("", words::CHOOSE_ONE);
    std::iter::once(blank)
        .chain(gone)
        .chain(fitting.map(|target| one(&target.name, target.finding)))
        .collect()
}
