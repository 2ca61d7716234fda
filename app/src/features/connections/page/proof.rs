//! Whether the connection works, why, what to do, and testing it now.

use drawbridge_contract::types::connections::ConnectionSummary;
use drawbridge_domain::access::{ConnectionAction, check};
use drawbridge_domain::connection::Status as Is;
use drawbridge_domain::time::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Parts, section as titled, sign_in_button};
use crate::client::ApiError;
use crate::features::connections::address::Beside;
use crate::features::connections::switch::Switches;
use crate::features::connections::test::test;
use crate::features::connections::{menu, status, words};
use crate::ui::{Button, Fact, Facts, Icon, Menu, Notice, Time, Tone, Variant, live, memo};

/// The test of this page, and how the last one went.
#[derive(Clone, Copy)]
pub(super) struct Proof {
    busy: RwSignal<bool>,
    result: RwSignal<Option<Result<ConnectionSummary, ApiError>>>,
    run: Callback<()>,
}

impl Proof {
    /// Not tested yet.
    pub(super) fn new(parts: Parts) -> Self {
        let busy = RwSignal::new(false);
        let result = RwSignal::new(None);
        let run = move |()| {
            let id =
                parts.connection.with_untracked(|known| known.as_ref().map(|known| known.summary.id.clone()));
            let Some(id) = id.filter(|_| !busy.get_untracked()) else { return };
            busy.set(true);
            result.set(None);
            spawn_local(async move {
                let answer = test(id).await;
                busy.try_set(false);
                result.try_set(Some(answer));
                parts.desk.changed();
            });
        };
        Self { busy, result, run: Callback::new(run) }
    }
}

fn refusal(parts: Parts, action: ConnectionAction) -> Signal<Option<String>> {
    Signal::derive(move || {
        parts.of(|connection| {
            let summary = &connection.summary;
            check(action, summary.level, summary.state.status).err().map(|refusal| refusal.words().to_owned())
        })
    })
}

/// The page's buttons.
pub(super) fn actions(parts: Parts, proof: Proof) -> AnyView {
    let pending = memo(move || parts.of(|connection| connection.summary.state.status == Is::Pending));
    let interactive = memo(move || parts.is_interactive());
    let switches = Switches::new(parts.desk);
    let more = move || {
        let Some(known) = parts.connection.get_untracked() else { return Vec::new() };
        let id = known.summary.id.clone();
        menu::items(parts.desk, &known.summary, proof.run, Callback::new(move |on| switches.turn(&id, on)))
    };
    let mended = memo(move || {
        parts.of(|connection| {
            let state = &connection.summary.state;
            state.status == Is::Invalid && words::is_mended_by_sign_in(state.reason)
        })
    });
    let discard = move || {
        if let Some(known) = parts.connection.get_untracked() {
            parts.desk.open(Beside::Discard(known.summary.id));
        }
    };
    live(move || {
        if pending.get() {
            return view! {
                <Button
                    label=words::DISCARD
                    disabled_reason=refusal(parts, ConnectionAction::Discard)
                    on_press=discard
                />
                {sign_in_button(
                    parts,
                    words::FINISH_SIGN_IN,
                    Variant::Primary,
                    refusal(parts, ConnectionAction::Authorize),
                )}
            }
            .into_any();
        }
        // What mends the connection comes first.
        let (sign_in, test) = if mended.get() && interactive.get() {
            (Variant::Primary, Variant::Secondary)
        } else {
            (Variant::Secondary, Variant::Primary)
        };
        view! {
            {interactive
                .get()
                .then(|| {
                    let reason = refusal(parts, ConnectionAction::Authorize);
                    sign_in_button(parts, words::RECONNECT, sign_in, reason)
                })}
            <Button
                label=words::TEST
                variant=test
                icon=Icon::Refresh
                busy=proof.busy
                disabled_reason=refusal(parts, ConnectionAction::Test)
                on_press=proof.run
            />
            <Menu label=words::MORE_ACTIONS items=more />
        }
        .into_any()
    })
}

/// The card with the status.
pub(super) fn section(parts: Parts, proof: Proof) -> AnyView {
    let state = Signal::derive(move || {
        parts.connection.with(|known| known.as_ref().map(|known| known.summary.state.clone()))
    });
    let reason = move || state.get().map(|state| state.reason.words());
    let remedy = memo(move || {
        state.get().filter(|state| state.status != Is::Active).map(|state| state.reason.remedy())
    });
    let said = memo(move || state.get().and_then(|state| state.provider_words));
    let since = Signal::derive(move || state.get().map(|state| state.since.to_string()).unwrap_or_default());
    let who = move || {
        let who = parts.of(|connection| connection.connected_as.as_ref().map(words::person));
        who.map_or_else(|| view! { <span class="muted">{words::NOBODY}</span> }.into_any(), IntoAny::into_any)
    };
    let verified = move || {
        let (at, by) =
            parts.of(|connection| (connection.summary.last_verified_at, connection.verified_by.clone()));
        match at {
            None => view! { <span class="muted">{words::NEVER}</span> }.into_any(),
            Some(at) => view! {
                <span class="cluster">
                    {time(at)}
                    {by.map(|call| {
                        view! {
                            <span class="muted">{words::VERIFIED_BY}</span>
                            <code class="mono">{call}</code>
                        }
                    })}
                </span>
            }
            .into_any(),
        }
    };
    let kept = move || parts.of(|connection| connection.pending_until);
    let made = move || {
        parts.of(|connection| Some((connection.summary.owner.name.clone(), connection.summary.created_at)))
    };
    let content = view! {
        <div class="box stack">
            {result(proof)}
            <Facts>
                <Fact label=words::REASON>{reason}</Fact>
                {live(move || {
                    said.get()
                        .map(|said| {
                            let of_gateway = state.get().is_some_and(|state| state.reason.is_of_gateway());
                            let who = if of_gateway { words::GATEWAY_SAID } else { words::PROVIDER_SAID };
                            view! { <Fact label=who><q>{said}</q></Fact> }
                        })
                })}
                {live(move || remedy.get().map(|remedy| view! { <Fact label=words::REMEDY>{remedy}</Fact> }))}
                <Fact label=words::SINCE>
                    <Time at=since />
                </Fact>
                {live(move || kept().map(|until| view! { <Fact label=words::KEPT_UNTIL>{time(until)}</Fact> }))}
                <Fact label=words::CONNECTED_AS>{who}</Fact>
                <Fact label=words::COLUMN_VERIFIED>{verified}</Fact>
                <Fact label=words::CREATED_BY>
                    {live(move || {
                        made()
                            .map(|(owner, at)| {
                                view! {
                                    <span class="cluster">
                                        <span>{owner}</span>
                                        <span class="muted">{time(at)}</span>
                                    </span>
                                }
                            })
                    })}
                </Fact>
            </Facts>
        </div>
    };
    titled(words::STATUS, content.into_any())
}

/// How the test went.
fn result(proof: Proof) -> AnyView {
    live(move || {
        proof.result.get().map(|result| {
            let close = move || proof.result.set(None);
            let (title, text, tone) = match result {
                Ok(now) if now.state.status == Is::Active => (words::PROVED_NOW.to_owned(), None, Tone::Ok),
                Ok(now) => {
                    let (title, text) = words::failure(&now.state, false);
                    (title, Some(text), status::tone(now.state.status))
                }
                Err(error) => (words::TEST_FAILED.to_owned(), Some(words::error(&error)), Tone::Bad),
            };
            view! { <Notice title=title text=text tone=tone on_close=close /> }
        })
    })
}

/// A moment.
pub(super) fn time(at: Timestamp) -> AnyView {
    view! { <Time at=at.to_string() /> }.into_any()
}
