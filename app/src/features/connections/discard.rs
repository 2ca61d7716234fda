//! Asking before a connection whose making was not finished is discarded.

use drawbridge_contract::endpoints::{DeleteConnection, ReadConnection};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::{ConnectionPath, ConnectionSummary};
use drawbridge_contract::types::life::DeleteConnectionQuery;
use drawbridge_domain::access::{ConnectionAction, check};
use drawbridge_domain::connection::Status;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::address::Beside;
use super::desk::Desk;
use super::words;
use crate::client::{ApiError, Reading, call};
use crate::shell::toasts;
use crate::ui::{ConfirmDialog, Fact, Facts, Time, live, memo};

/// The dialog that asks; `gone` is called once the connection is.
pub(super) fn dialog(desk: Desk, gone: Callback<()>) -> AnyView {
    let wanted = memo(move || match desk.beside.get() {
        Beside::Discard(connection) => Some(ConnectionPath { connection }),
        _ => None,
    });
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let toasts = toasts();
    let read = Reading::new(move || {
        let wanted = wanted.get();
        async move {
            match wanted {
                Some(path) => Some(call::<ReadConnection>(&path, &Nothing {}, &Nothing {}).await),
                None => None,
            }
        }
    });
    let known = memo(move || -> Option<Result<ConnectionSummary, ApiError>> {
        wanted.get()?;
        read.get().flatten().map(|answer| answer.map(|answer| answer.value.summary))
    });
    let name = move || match known.get() {
        Some(Ok(known)) => known.name,
        _ => String::new(),
    };
    let refusal = move || match known.get()? {
        Ok(known) => {
            let allowed = check(ConnectionAction::Discard, known.level, known.state.status);
            allowed.err().map(|refusal| refusal.words().to_owned())
        }
        Err(error) => Some(words::error(&error)),
    };
    let close = move || {
        problem.try_set(None);
        desk.close();
    };
    let confirm = move || {
        let (Some(path), Some(Ok(known))) = (wanted.get_untracked(), known.get_untracked()) else { return };
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let only = DeleteConnectionQuery { status: Some(Status::Pending) };
            let answer = call::<DeleteConnection>(&path, &only, &Nothing {}).await;
            busy.try_set(false);
            match answer {
                Ok(_) => {
                    toasts.success(words::discarded(&known.name));
                    close();
                    desk.changed();
                    gone.try_run(());
                }
                Err(error) => {
                    problem.try_set(Some(words::error(&error)));
                }
            }
        });
    };
    let made = move || match known.get() {
        Some(Ok(known)) => Some((known.owner.name, known.created_at.to_string())),
        _ => None,
    };
    view! {
        <ConfirmDialog
            open=Signal::derive(move || wanted.with(Option::is_some))
            title=Signal::derive(move || words::discard_title(&name()))
            verb=words::DISCARD
            danger=true
            busy=busy
            problem=problem
            disabled_reason=Signal::derive(refusal)
            on_confirm=confirm
            on_close=close
        >
            <p>{words::DISCARD_TEXT}</p>
            {live(move || {
                made()
                    .map(|(owner, at)| {
                        view! {
                            <Facts>
                                <Fact label=words::CREATED_BY>{owner}</Fact>
                                <Fact label=words::COLUMN_CREATED>
                                    <Time at=at />
                                </Fact>
                            </Facts>
                        }
                    })
            })}
        </ConfirmDialog>
    }
    .into_any()
}
