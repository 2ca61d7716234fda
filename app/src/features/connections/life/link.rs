//! A link by which somebody without an account signs the connection in again.

use drawbridge_contract::endpoints::MakeReconnectLink;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::ConnectionPath;
use drawbridge_contract::types::life::ReconnectLink;
use drawbridge_domain::access::check_reconnect;
use leptos::prelude::*;

use super::{found, name, wanted};
use crate::client::{Task, call};
use crate::features::connections::address::Beside;
use crate::features::connections::desk::Desk;
use crate::features::connections::words;
use crate::shell;
use crate::ui::{Button, Notice, Panel, SecretDisplay, Skeleton, Time, Tone, Variant, live, memo};

/// The panel.
pub(super) fn panel(desk: Desk) -> AnyView {
    let wanted = wanted(desk, |beside| if let Beside::Link(id) = beside { Some(id) } else { None });
    let (known, reload) = found(wanted);
    let made = RwSignal::new(None::<ReconnectLink>);
    let problem = RwSignal::new(None::<String>);
    let task = Task::new();
    let close = move || {
        // The link is shown this once.
        made.try_set(None);
        problem.try_set(None);
        desk.close();
    };
    let press = move || {
        let Some(connection) = wanted.get_untracked() else { return };
        problem.set(None);
        task.run(async move {
            let path = ConnectionPath { connection };
            match call::<MakeReconnectLink>(&path, &Nothing {}, &Nothing {}).await {
                Ok(answer) => {
                    made.try_set(Some(answer.value));
                }
                Err(error) => {
                    problem.try_set(Some(words::error(&error)));
                }
            }
        });
    };
    let refusal = move || match known.get()? {
        Ok(known) => {
            let known = known.value.summary;
            let allowed = check_reconnect(known.level, known.state.status, known.interactive);
            allowed.err().map(|refusal| refusal.words().to_owned())
        }
        Err(error) => Some(words::error(&error)),
    };
    let label = move || if made.with(Option::is_some) { words::LINK_ANOTHER } else { words::LINK_MAKE };
    let footer = move || {
        view! {
            <Button label=words::CLOSE on_press=close />
            <Button
                label=Signal::derive(move || label().to_owned())
                variant=Variant::Primary
                busy=task.busy()
                disabled_reason=Signal::derive(refusal)
                on_press=press
            />
        }
        .into_any()
    };
    let waiting = memo(move || known.with(Option::is_none));
    let failed = memo(move || known.get().and_then(Result::err));
    view! {
        <Panel
            open=Signal::derive(move || wanted.with(Option::is_some))
            title=words::LINK_TITLE
            subtitle=name(known)
            on_close=close
            footer=footer
        >
            {live(move || match failed.get() {
                Some(error) => shell::failed(&error, Some(reload)),
                None if waiting.get() => view! { <Skeleton lines=3 /> }.into_any(),
                None => {
                    view! {
                        <div class="stack">
                            <p>{words::LINK_TEXT}</p>
                            <ul>
                                <li>{words::LINK_ONCE}</li>
                                <li>{words::LINK_PINNED}</li>
                                <li>{words::LINK_NEWER}</li>
                            </ul>
                            {live(move || {
                                problem.get().map(|text| view! { <Notice title=text tone=Tone::Bad /> })
                            })}
                            {live(move || made.get().map(shown))}
                        </div>
                    }
                    .into_any()
                }
            })}
        </Panel>
    }
    .into_any()
}

fn shown(link: ReconnectLink) -> AnyView {
    view! {
        <div class="stack-small" role="status">
            <SecretDisplay
                label=words::LINK
                value=link.url
                open=true
                help=Some(words::LINK_SHOWN_ONCE.to_owned())
            />
            <p class="muted small">
                {words::LINK_ENDS} " " <Time at=link.expires_at.to_string() />
            </p>
        </div>
    }
    .into_any()
}
