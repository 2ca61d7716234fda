//! One gateway's own page.

use drawbridge_contract::endpoints::ReadGateway;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::gateways::{
    Gateway, GatewayFigures, GatewayPath, GatewayReplica, GatewaySummary,
};
use drawbridge_domain::gateway::GatewayStatus;
use drawbridge_domain::id::{GatewayId, Id};
use leptos::prelude::*;

use super::desk::Desk;
use super::over::Over;
use super::{asking, connections, happenings, machines, menu, over_the_page, status, targets, words};
use crate::client::{Answered, ApiError, Reading, call};
use crate::paths;
use crate::shell::{Session, Topic, failed, follow, title, toasts, use_session};
use crate::ui::{
    ActionsMenu, EmptyState, Fact, Facts, Icon, LinkButton, Notice, PageHeader, Skeleton, Time, Tone, live,
    memo, number,
};

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    pub(super) desk: Desk,
    pub(super) session: Session,
    pub(super) gateway: Signal<Gateway>,
}

impl Parts {
    fn summary(self) -> Signal<Option<GatewaySummary>> {
        Signal::derive(move || Some(self.gateway.with(|gateway| gateway.summary.clone())))
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Face {
    Loading,
    Missing,
    Failed(ApiError),
    Here,
}

/// The page.
#[component]
pub fn GatewayPage(
    /// The gateway's id, as it stands in the address.
    id: Memo<String>,
) -> impl IntoView {
    let (desk, session) = (Desk::new(Some(id)), use_session());
    let read = Reading::new(move || {
        desk.version();
        let known = id.get();
        let coming = GatewayId::parse(&known)
            .ok()
            .map(|gateway| call::<ReadGateway>(&GatewayPath { gateway }, &Nothing {}, &Nothing {}));
        async move {
            match coming {
                Some(coming) => (known, Some(coming.await)),
                None => (known, None),
            }
        }
    });
    follow(Topic::Gateways, move || read.refetch());
    // What came for another gateway is never taken for this one; while it is read again the old stays.
    let newest = Memo::new(move |old: Option<&Option<Answered<Gateway>>>| {
        let id = id.get();
        let old = old.cloned().flatten().filter(|old| old.value.summary.id.as_str() == id);
        match read.get() {
            Some((of, Some(Ok(answer)))) if of == id => Some(answer),
            Some((of, Some(Err(error)))) if of == id && error.code() == Some(ProblemCode::NotFound) => None,
            _ => old,
        }
    });
    title(Signal::derive(move || {
        newest.with(|found| {
            found.as_ref().map_or(words::GATEWAYS.to_owned(), |one| one.value.summary.name.clone())
        })
    }));
    let face = memo(move || match (newest.with(Option::is_some), read.get()) {
        (true, _) => Face::Here,
        (false, None) => Face::Loading,
        (false, Some((of, _))) if of != id.get() => Face::Loading,
        (false, Some((_, Some(Err(error))))) if error.code() != Some(ProblemCode::NotFound) => {
            Face::Failed(error)
        }
        (false, Some(_)) => Face::Missing,
    });
    live(move || match face.get() {
        Face::Loading => view! { <Skeleton lines=8 /> }.into_any(),
        Face::Missing => missing(session),
        Face::Failed(error) => failed(&error, Some(Callback::new(move |()| read.refetch()))),
        Face::Here => {
            let Some(first) = newest.get_untracked() else { return ().into_any() };
            let gateway = memo(move || newest.get().map_or_else(|| first.value.clone(), |found| found.value));
            page(Parts { desk, session, gateway: gateway.into() })
        }
    })
}

fn missing(session: Session) -> AnyView {
    let list = untrack(|| paths::gateways(&session.slug()));
    let action = move || view! { <LinkButton href=list.clone() label=words::GATEWAYS /> };
    let text = Some(words::MISSING_TEXT.to_owned());
    view! { <EmptyState title=words::MISSING text=text icon=Icon::Server page=true action=action /> }
        .into_any()
}

fn page(parts: Parts) -> AnyView {
    let Parts { desk, session, gateway } = parts;
    let toasts = toasts();
    let list = (words::GATEWAYS.to_owned(), untrack(|| paths::gateways(&session.slug())));
    let name = Signal::derive(move || gateway.with(|gateway| gateway.summary.name.clone()));
    let items = move || menu::items(desk, toasts, &gateway.get_untracked().summary);
    let actions = move || {
        let href = Signal::derive(move || desk.href("code", ""));
        view! {
            <LinkButton href=href label=words::ADD_MACHINE icon=Icon::Plus />
            <ActionsMenu of=name items=items />
        }
    };
    let over = Over::new(desk);
    view! {
        <PageHeader title=name parent=list actions=actions />
        {live(move || remedy(gateway.with(|gateway| gateway.summary.status)))}
        {facts(parts)}
        {machines::section(parts)}
        {targets::section(parts)}
        {connections::section(parts)}
        {happenings::section(parts)}
        {over_the_page(over)}
        {asking::drain(over)}
        {asking::remove(over)}
    }
    .into_any()
}

/// What to do about the status; nothing where nothing is to be done.
fn remedy(status: GatewayStatus) -> Option<AnyView> {
    let tone = match status {
        GatewayStatus::Online => return None,
        GatewayStatus::AwaitingSetup | GatewayStatus::Disabled => Tone::Info,
        GatewayStatus::Degraded => Tone::Warn,
        GatewayStatus::Offline => Tone::Bad,
    };
    // What the list says leads here.
    let text = if status == GatewayStatus::Degraded { words::SEE_BELOW } else { status.remedy() };
    let text = Some(text.to_owned());
    Some(view! { <Notice title=status.words() text=text tone=tone /> }.into_any())
}

fn facts(parts: Parts) -> AnyView {
    let gateway = parts.gateway;
    let when = move |read: fn(&GatewaySummary) -> Option<String>| {
        live(move || match gateway.with(|gateway| read(&gateway.summary)) {
            Some(at) => view! { <Time at=at /> }.into_any(),
            None => view! { <span class="muted">{words::NEVER}</span> }.into_any(),
        })
    };
    let carried = memo(move || gateway.with(together));
    let figure = move |read: fn(&GatewayFigures) -> u64| live(move || number(carried.with(read)));
    view! {
        <div class="box">
            <Facts>
                <Fact label=words::STATUS>{status::badge(parts.summary())}</Fact>
                <Fact label=words::VERSION>{status::version(parts.desk, parts.summary())}</Fact>
                <Fact label=words::CREATED_BY>
                    {live(move || gateway.with(|gateway| gateway.summary.created_by.name.clone()))}
                </Fact>
                <Fact label=words::CREATED>{when(|summary| Some(summary.created_at.to_string()))}</Fact>
                <Fact label=words::LAST_SEEN>{when(|summary| summary.last_seen_at.map(|at| at.to_string()))}</Fact>
                <Fact label=words::ROUND_TRIP>{live(move || words::round_trip(carried.with(|one| one.round_trip)))}</Fact>
                <Fact label=words::CALLS>
                    {figure(|one| one.calls)} " " <span class="muted">
                        {live(move || words::failed(carried.with(|one| one.failed)))}
                    </span>
                </Fact>
                <Fact label=words::BYTES>
                    {live(move || carried.with(|one| words::bytes(one.bytes_in, one.bytes_out)))}
                </Fact>
            </Facts>
        </div>
    }
    .into_any()
}

/// What all agents have carried; the slowest link's round trip.
fn together(gateway: &Gateway) -> GatewayFigures {
    let there = |replica: &&GatewayReplica| replica.linked_since.is_some();
    let round_trip =
        gateway.replicas.iter().filter(there).filter_map(|replica| replica.figures?.round_trip).max();
    let figures = gateway.replicas.iter().filter_map(|replica| replica.figures);
    figures.fold(GatewayFigures { round_trip, ..GatewayFigures::default() }, |sum, one| GatewayFigures {
        round_trip: sum.round_trip,
        calls: sum.calls.saturating_add(one.calls),
        failed: sum.failed.saturating_add(one.failed),
        bytes_in: sum.bytes_in.saturating_add(one.bytes_in),
        bytes_out: sum.bytes_out.saturating_add(one.bytes_out),
    })
}

/// A part of the page with its title.
pub(super) fn titled(title: &'static str, content: AnyView) -> AnyView {
    let id = crate::ui::unique_id("section");
    view! {
        <section class="section" aria-labelledby=id.clone()>
            <h2 class="section-title" id=id.clone()>
                {title}
            </h2>
            {content}
        </section>
    }
    .into_any()
}
