//! How an agent joins: the one-time code, the lines to paste, and that it is there, as soon as it is.

use std::time::Duration;

use drawbridge_contract::endpoints::MakeGatewayCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::gateways::{GatewayPath, GatewayReplica, GatewayWithCode};
use drawbridge_domain::gateway::GatewayAction;
use drawbridge_domain::id::{GatewayId, Id, ReplicaId};
use leptos::prelude::*;

use super::over::Over;
use super::release::served;
use super::status::refusal;
use super::{lines, words};
use crate::client::{self, Task, call};
use crate::paths;
use crate::shell::failed;
use crate::ui::{Button, LinkButton, Notice, Panel, SecretDisplay, Skeleton, Tone, Variant, live, memo};

/// A code that was just made.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Made {
    /// For which gateway.
    pub(super) gateway: GatewayId,
    /// The code; nothing where the answer was a repeated one.
    code: Option<String>,
    /// Until when it is good, in milliseconds since 1970.
    until: f64,
    /// The agents that were there before.
    before: Vec<ReplicaId>,
}

impl From<GatewayWithCode> for Made {
    fn from(made: GatewayWithCode) -> Self {
        let until = made.gateway.code_until.map(|until| js_sys::Date::parse(&until.to_string()));
        Self {
            gateway: made.gateway.summary.id,
            code: made.code.map(|code| code.expose().to_owned()),
            until: until.unwrap_or_default(),
            before: made.gateway.replicas.into_iter().map(|replica| replica.id).collect(),
        }
    }
}

/// The panel that makes a code for a gateway that is there.
pub(super) fn panel(over: Over) -> AnyView {
    let open = over.desk.is_open("code");
    let made = RwSignal::new(None::<Made>);
    let problem = RwSignal::new(None::<String>);
    let task = Task::new();
    let close = Callback::new(move |()| {
        made.try_set(None);
        problem.try_set(None);
        over.desk.close();
    });
    let renew = Callback::new(move |()| {
        let Some(gateway) = untrack(|| over.gateway()) else { return };
        problem.set(None);
        task.run(async move {
            let path = GatewayPath { gateway: gateway.summary.id };
            match call::<MakeGatewayCode>(&path, &Nothing {}, &Nothing {}).await {
                Ok(answer) => {
                    made.try_set(Some(answer.value.into()));
                }
                Err(error) => {
                    problem.try_set(Some(client::words::line(&error)));
                }
            }
        });
    });
    let refused = move || over.gateway().and_then(|one| refusal(GatewayAction::AddMachine, &one.summary));
    let footer = move || {
        live(move || {
            if made.with(Option::is_some) {
                return view! { <Button label=words::DONE variant=Variant::Primary on_press=close /> }
                    .into_any();
            }
            view! {
                <Button label=words::CANCEL on_press=close />
                <Button
                    label=words::MAKE_CODE
                    variant=Variant::Primary
                    busy=task.busy()
                    disabled_reason=Signal::derive(refused)
                    on_press=renew
                />
            }
            .into_any()
        })
    };
    let ready = memo(move || over.found.with(|found| matches!(found, Some(Ok(_)))));
    let broken = memo(move || over.found.get().and_then(Result::err));
    let before = move || {
        view! {
            <p>{words::MACHINE_TEXT}</p>
            {live(move || {
                problem.get().map(|text| view! { <Notice title=text tone=Tone::Bad /> }.into_any())
            })}
        }
        .into_any()
    };
    view! {
        <Panel
            open=open
            title=Signal::derive(move || words::about(words::ADD_MACHINE, &over.name()))
            on_close=close
            footer=footer
        >
            {live(move || match (made.get(), ready.get(), broken.get()) {
                (Some(made), ..) => steps(over, made, renew),
                (None, true, _) => before(),
                (None, false, Some(error)) => failed(&error, Some(over.again)),
                (None, false, None) => view! { <Skeleton lines=4 /> }.into_any(),
            })}
        </Panel>
    }
    .into_any()
}

/// What to do with a code. `again` makes another one.
pub(super) fn steps(over: Over, made: Made, again: Callback<()>) -> AnyView {
    let Made { gateway, code, until, before } = made;
    let Some(code) = code else {
        let action = move || view! { <Button label=words::MAKE_CODE small=true on_press=again /> };
        return view! { <Notice title=words::CODE_LOST tone=Tone::Info action=action /> }.into_any();
    };
    // Who has joined since, and is online.
    let joined = memo(move || {
        let replicas = over.gateway().map(|gateway| gateway.replicas).unwrap_or_default();
        replicas.into_iter().find(|one| one.linked_since.is_some() && !before.contains(&one.id))
    });
    let waiting = {
        let code = StoredValue::new(code);
        move || code.with_value(|code| instructions(code, until, again))
    };
    live(move || match joined.get() {
        Some(replica) => there(over, &gateway, &replica),
        None => waiting(),
    })
}

fn there(over: Over, gateway: &GatewayId, replica: &GatewayReplica) -> AnyView {
    let href = untrack(|| paths::gateway(&over.session.slug(), gateway.as_str()));
    let action = move || view! { <LinkButton href=href.clone() label=words::OPEN small=true /> };
    let title = words::is_online(&replica.machine, &replica.version);
    view! { <Notice title=title text=Some(words::IS_ONLINE_TEXT.to_owned()) tone=Tone::Ok action=action /> }
        .into_any()
}

fn instructions(code: &str, until: f64, again: Callback<()>) -> AnyView {
    let served = served();
    let left = seconds_left(until);
    let over = memo(move || left.get() <= 0);
    let (shown, code) = (code.to_owned(), StoredValue::new(code.to_owned()));
    let good = move || {
        view! {
            <SecretDisplay label=words::CODE value=shown.clone() help=Some(words::CODE_HELP.to_owned()) open=true />
            <p class="muted small" role="timer">
                {words::GOOD_FOR} " " <span class="number">{live(move || words::minutes(left.get()))}</span>
            </p>
            <p>{words::PASTE}</p>
            {lines::by_system(move |system| {
                live(move || {
                    let release = served.get().flatten();
                    code.with_value(|code| lines::block(words::LINES, lines::join(system, release.as_ref(), code)))
                })
            })}
            {live(move || {
                served
                    .get()
                    .filter(Option::is_none)
                    .map(|_| view! { <p class="muted small">{words::NOT_SERVED_SHORT}</p> }.into_any())
            })}
            <p class="muted" role="status">{words::WAITING}</p>
        }
        .into_any()
    };
    let ended = move || {
        let action = move || view! { <Button label=words::MAKE_CODE small=true on_press=again /> };
        let text = Some(words::CODE_OVER_TEXT.to_owned());
        view! { <Notice title=words::CODE_OVER text=text tone=Tone::Warn action=action /> }.into_any()
    };
    view! { <div class="stack">{live(move || if over.get() { ended() } else { good() })}</div> }.into_any()
}

/// How many seconds are left until a moment; told every second.
fn seconds_left(until: f64) -> RwSignal<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "a code's minutes")]
    let now = move || ((until - js_sys::Date::now()) / 1000.0).ceil() as i64;
    let left = RwSignal::new(now());
    let tick = move || {
        left.try_set(now());
    };
    if let Ok(hand) = set_interval_with_handle(tick, Duration::from_secs(1)) {
        on_cleanup(move || hand.clear());
    }
    left
}
