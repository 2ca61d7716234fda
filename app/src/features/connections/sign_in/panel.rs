//! Signing in for a connection that exists: to finish its making, or to mend it.

use drawbridge_contract::endpoints::ReadConnection;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::{Connection, ConnectionPath};
use drawbridge_domain::access::{ConnectionAction, check};
use drawbridge_domain::connection::Status as Is;
use drawbridge_domain::id::ConnectionId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{SignIn, Stage, Terms, done, waiting};
use crate::client::{ApiError, Reading, call};
use crate::features::connections::address::Beside;
use crate::features::connections::desk::Desk;
use crate::features::connections::{status, words};
use crate::shell;
use crate::ui::{Button, Fact, Facts, Notice, Panel, Skeleton, Tone, Variant, focus_by_id, live, memo};

/// The id of the button that ends it.
const DONE: &str = "sign-in-done";

/// A connection, and whether it signs in at the provider.
#[derive(Debug, Clone, PartialEq)]
struct Known {
    connection: Connection,
    interactive: bool,
}

async fn read(connection: ConnectionId) -> Result<Known, ApiError> {
    let connection =
        call::<ReadConnection>(&ConnectionPath { connection }, &Nothing {}, &Nothing {}).await?.value;
    let interactive = connection.summary.interactive;
    Ok(Known { connection, interactive })
}

#[derive(Clone, Copy)]
struct View {
    desk: Desk,
    sign_in: SignIn,
    known: Memo<Option<Result<Known, ApiError>>>,
    /// A change waits for this sign-in.
    applies: Memo<bool>,
    reload: Callback<()>,
}

/// The panel for signing in at the provider for a connection that exists.
pub(in crate::features::connections) fn panel(desk: Desk) -> AnyView {
    let sign_in = SignIn::new();
    let wanted = memo(move || match desk.beside.get() {
        Beside::SignIn(connection) | Beside::Apply(connection) => Some(connection),
        _ => None,
    });
    let applies = memo(move || desk.beside.with(|beside| matches!(beside, Beside::Apply(_))));
    let read = Reading::new(move || {
        desk.version();
        let wanted = wanted.get();
        async move {
            match wanted {
                Some(connection) => Some((connection.clone(), read(connection).await)),
                None => None,
            }
        }
    });
    let known = memo(move || {
        let wanted = wanted.get()?;
        // What another connection left behind is not this one's.
        read.get().flatten().filter(|(connection, _)| *connection == wanted).map(|(_, known)| known)
    });
    let view = View { desk, sign_in, known, applies, reload: Callback::new(move |()| read.refetch()) };
    let name = move || match known.get() {
        Some(Ok(known)) => Some(known.connection.summary.name),
        _ => None,
    };
    let close = move || {
        sign_in.leave(desk);
        desk.close();
    };
    view! {
        <Panel
            open=Signal::derive(move || wanted.with(Option::is_some))
            title=words::SIGN_IN_TITLE
            subtitle=Signal::derive(name)
            on_close=close
            footer=move || footer(view)
        >
            {body(view)}
        </Panel>
    }
    .into_any()
}

fn body(view: View) -> AnyView {
    live(move || match (view.sign_in.stage(), view.known.get()) {
        (Stage::Done(connection), _) => done(&connection),
        (_, None) => view! { <Skeleton lines=4 /> }.into_any(),
        (_, Some(Err(error))) => shell::failed(&error, Some(view.reload)),
        (Stage::Waiting, Some(Ok(known))) => waiting(&known.connection.summary.connector.name),
        (at, Some(Ok(known))) => before(known, &at, view.applies.get()),
    })
}

/// What is shown before the sign-in begins, and after it went wrong.
fn before(known: Known, at: &Stage, applies: bool) -> AnyView {
    let Known { connection, interactive } = known;
    let state = connection.summary.state.clone();
    let refused = connection.details.as_ref().and_then(|details| details.refused_sign_in.as_ref());
    let refused = refused.map(|why| {
        let (title, text) = words::refused_sign_in(why);
        (title, text, Tone::Bad)
    });
    let shown = match at {
        Stage::Failed(failure) => Some((failure.title.clone(), failure.text.clone(), Tone::Bad)),
        _ if applies => Some((words::APPLY.to_owned(), words::APPLY_TEXT.to_owned(), Tone::Info)),
        _ if !interactive => {
            Some((words::NO_SIGN_IN.to_owned(), words::NO_SIGN_IN_TEXT.to_owned(), Tone::Info))
        }
        _ if refused.is_some() => refused,
        _ if state.status == Is::Active => None,
        _ => {
            let (title, text) = words::failure(&state, false);
            let tone = if state.reason.disproves() { Tone::Bad } else { status::tone(state.status) };
            Some((title, text, tone))
        }
    };
    let badge = status::badge(Signal::stored(Some(state)), false);
    let who = connection.connected_as.as_ref().map(words::person);
    view! {
        <div class="stack">
            {shown.map(|(title, text, tone)| view! { <Notice title=title text=Some(text) tone=tone /> })}
            <Facts>
                <Fact label=words::COLUMN_CONNECTOR>{connection.summary.connector.name.clone()}</Fact>
                <Fact label=words::STATUS>{badge}</Fact>
                {who.map(|who| view! { <Fact label=words::CONNECTED_AS>{who}</Fact> })}
            </Facts>
            {interactive
                .then(|| {
                    let text = Some(words::WHICH_ACCOUNT_TEXT.to_owned());
                    view! { <Notice title=words::WHICH_ACCOUNT text=text tone=Tone::Info quiet=true /> }
                })}
        </div>
    }
    .into_any()
}

fn footer(view: View) -> AnyView {
    let View { desk, sign_in, known, applies, .. } = view;
    let ready = move || match known.get() {
        Some(Ok(known)) => Some(known),
        _ => None,
    };
    let go = move |accept_other: bool| {
        let Some(Some(Ok(known))) = known.try_get_untracked() else { return };
        let connection = known.connection.summary;
        let terms = Terms { accept_other, with_change: applies.get_untracked() };
        let round = sign_in.begin(&connection.connector.name);
        spawn_local(async move {
            sign_in.again(round, connection.id.clone(), terms).await;
            desk.changed();
        });
    };
    let refusal = move || {
        let known = ready()?;
        let summary = &known.connection.summary;
        let allowed = check(ConnectionAction::Authorize, summary.level, summary.state.status);
        allowed.err().map(|refusal| refusal.words().to_owned())
    };
    let close = move || {
        sign_in.leave(desk);
        desk.close();
    };
    live(move || match sign_in.stage() {
        Stage::Done(_) => {
            focus_by_id(DONE);
            view! { <Button id=DONE label=words::DONE variant=Variant::Primary on_press=close /> }.into_any()
        }
        Stage::Waiting => view! {
            <Button label=words::CANCEL on_press=move || sign_in.cancel() />
            <Button label=words::OPEN_AGAIN variant=Variant::Primary on_press=move || go(false) />
        }
        .into_any(),
        Stage::Failed(failure) => {
            let accept = failure
                .other
                .then(|| view! { <Button label=words::ACCEPT_OTHER on_press=move || go(true) /> });
            view! {
                <Button label=words::CANCEL on_press=close />
                {accept}
                <Button label=words::TRY_AGAIN variant=Variant::Primary on_press=move || go(false) />
            }
            .into_any()
        }
        Stage::Idle | Stage::Starting => {
            let able = memo(move || ready().is_some_and(|known| known.interactive));
            let label = move || {
                ready().map_or_else(String::new, |known| {
                    words::sign_in_at(&known.connection.summary.connector.name)
                })
            };
            view! {
                <Button label=words::CANCEL on_press=close />
                {live(move || {
                    able.get()
                        .then(|| {
                            view! {
                                <Button
                                    label=Signal::derive(label)
                                    variant=Variant::Primary
                                    busy=Signal::derive(move || sign_in.is_starting())
                                    disabled_reason=Signal::derive(refusal)
                                    on_press=move || go(false)
                                />
                            }
                        })
                })}
            }
            .into_any()
        }
    })
}
