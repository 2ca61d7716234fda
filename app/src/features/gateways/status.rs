//! How a gateway, its version, its machines and targets are shown: icon, word and colour, with what there is to know.

use drawbridge_contract::types::gateways::{GatewayReplica, GatewaySummary};
use drawbridge_domain::gateway::version::{self, NOT_REPORTED, NOT_REPORTED_REMEDY, VersionState};
use drawbridge_domain::gateway::{
    GatewayAction, GatewayStanding, GatewayStatus, TargetFinding, Version, action,
};
use drawbridge_domain::id::Id;
use leptos::prelude::*;

use super::desk::Desk;
use super::words;
use crate::ui::{Icon, Status, Time, Tone, live};

/// What a status means.
const fn tone(status: GatewayStatus) -> Tone {
    match status {
        GatewayStatus::AwaitingSetup => Tone::Info,
        GatewayStatus::Online => Tone::Ok,
        GatewayStatus::Degraded => Tone::Warn,
        GatewayStatus::Offline => Tone::Bad,
        GatewayStatus::Disabled => Tone::Neutral,
    }
}

const fn drawn(status: GatewayStatus) -> Option<Icon> {
    match status {
        GatewayStatus::AwaitingSetup => Some(Icon::Clock),
        GatewayStatus::Disabled => Some(Icon::Pause),
        GatewayStatus::Offline => Some(Icon::Offline),
        GatewayStatus::Online | GatewayStatus::Degraded => None,
    }
}

fn parsed(gateway: &GatewaySummary) -> Option<Version> {
    gateway.version.as_deref().and_then(Version::parse)
}

/// The status in a word, with since when it is so, or how much of it.
pub(super) fn badge(gateway: Signal<Option<GatewaySummary>>) -> AnyView {
    live(move || gateway.with(|gateway| gateway.as_ref().map(one)))
}

fn one(gateway: &GatewaySummary) -> AnyView {
    let status = match gateway.status.shown(parsed(gateway)) {
        Ok(status) => status,
        Err(remedy) => {
            return view! {
                <div class="status muted">
                    {NOT_REPORTED} <span class="status-detail" title=remedy>
                        {remedy}
                    </span>
                </div>
            }
            .into_any();
        }
    };
    let seen = gateway.last_seen_at.filter(|_| status == GatewayStatus::Offline);
    let seen = seen.map(|at| {
        view! { <span class="status-detail">{words::LAST_SEEN} " " <Time at=at.to_string() /></span> }
            .into_any()
    });
    let some = (status == GatewayStatus::Degraded).then(|| words::degraded(gateway));
    view! {
        <div class="status">
            <Status label=status.words() tone=tone(status) icon=drawn(status) detail=some /> {seen}
        </div>
    }
    .into_any()
}

/// The version, with what there is to say about it; one that is not the newest leads to how it is updated.
pub(super) fn version(desk: Desk, gateway: Signal<Option<GatewaySummary>>) -> AnyView {
    live(move || {
        gateway.with(|gateway| {
            gateway.as_ref().map(|gateway| {
                let update = untrack(|| desk.href("update", gateway.id.as_str()));
                version_of(gateway.version.as_deref(), Some(update))
            })
        })
    })
}

/// A version, with what there is to say about it. `update`: where it is said how it is updated.
pub(super) fn version_of(version: Option<&str>, update: Option<String>) -> AnyView {
    let Some(text) = version.map(str::to_owned) else {
        return view! { <span class="muted">{NOT_REPORTED}</span> }.into_any();
    };
    let (text, state) = version::shown(&text);
    let tone = match state {
        VersionState::Unsupported => Tone::Bad,
        _ if text == NOT_REPORTED => {
            return view! { <span class="muted" title=NOT_REPORTED_REMEDY>{NOT_REPORTED}</span> }.into_any();
        }
        VersionState::Current => return text.to_owned().into_any(),
        VersionState::Outdated => Tone::Info,
    };
    let text = text.to_owned();
    let said = view! { <Status label=state.words() tone=tone /> }.into_any();
    let said = match update {
        Some(href) => view! { <a href=href title=state.remedy()>{said}</a> }.into_any(),
        None => view! { <span title=state.remedy()>{said}</span> }.into_any(),
    };
    view! { <span class="cluster">{text} {said}</span> }.into_any()
}

/// How a machine is.
pub(super) fn machine(replica: &GatewayReplica) -> AnyView {
    let (label, tone, icon) = match (replica.linked_since, replica.draining) {
        (Some(_), false) => (GatewayStatus::Online.words(), Tone::Ok, None),
        (Some(_), true) => (words::DRAINING, Tone::Info, Some(Icon::Pause)),
        (None, _) => (GatewayStatus::Offline.words(), Tone::Bad, Some(Icon::Offline)),
    };
    let at = replica.linked_since.or(replica.last_seen_at);
    let before = if replica.linked_since.is_some() { words::SINCE } else { words::LAST_SEEN };
    let since = at.map(|at| {
        view! { <span class="status-detail">{before} " " <Time at=at.to_string() /></span> }.into_any()
    });
    view! { <div class="status"><Status label=label tone=tone icon=icon /> {since}</div> }.into_any()
}

/// How a target is.
pub(super) fn target(finding: TargetFinding, why: Option<String>) -> AnyView {
    let (label, tone, icon) = match finding {
        TargetFinding::Reachable => (words::REACHABLE, Tone::Ok, None),
        TargetFinding::Failing => (words::FAILING, Tone::Bad, None),
        TargetFinding::NotLookedAt => (words::NOT_LOOKED_AT, Tone::Info, Some(Icon::Clock)),
        TargetFinding::GatewayAway => (words::NOT_KNOWN, Tone::Neutral, None),
    };
    view! { <Status label=label tone=tone icon=icon detail=why /> }.into_any()
}

/// Why something cannot be done with a gateway just now.
pub(super) fn refusal(wish: GatewayAction, gateway: &GatewaySummary) -> Option<String> {
    let standing = GatewayStanding {
        disabled: gateway.status == GatewayStatus::Disabled,
        replicas: gateway.machines.len(),
        linked: usize::try_from(gateway.linked).unwrap_or(usize::MAX),
        version: gateway.version_state,
    };
    action::check(wish, standing).err().map(str::to_owned)
}
