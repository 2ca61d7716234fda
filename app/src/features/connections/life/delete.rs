//! Asking before a connection is deleted, with what uses it.

use drawbridge_contract::endpoints::{DeleteConnection, ListConnectionUses};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::ConnectionPath;
use drawbridge_contract::types::life::{ConnectionUses, DeleteConnectionQuery};
use drawbridge_domain::access::{ConnectionAction, check};
use leptos::prelude::*;

use super::{found, name, wanted};
use crate::client::{ApiError, Reading, Task, call};
use crate::features::connections::address::Beside;
use crate::features::connections::desk::Desk;
use crate::features::connections::words;
use crate::shell::toasts;
use crate::ui::{ConfirmDialog, Skeleton, live, memo};

/// The dialog that asks.
pub(super) fn dialog(desk: Desk, gone: Callback<()>) -> AnyView {
    let wanted = wanted(desk, |beside| if let Beside::Delete(id) = beside { Some(id) } else { None });
    let (known, _) = found(wanted);
    let name = name(known);
    let uses = Reading::new(move || {
        let wanted = wanted.get();
        async move {
            let path = ConnectionPath { connection: wanted? };
            Some(call::<ListConnectionUses>(&path, &Nothing {}, &Nothing {}).await.map(|uses| uses.value))
        }
    });
    let uses = memo(move || wanted.get().and_then(|_| uses.get().flatten()));
    let task = Task::new();
    let problem = RwSignal::new(None::<String>);
    let toasts = toasts();
    let refusal = move || match (known.get()?, uses.get()) {
        (Ok(known), Some(Ok(_))) => {
            let known = known.value.summary;
            let allowed = check(ConnectionAction::Delete, known.level, known.state.status);
            allowed.err().map(|refusal| refusal.words().to_owned())
        }
        (Err(error), _) | (_, Some(Err(error))) => Some(words::error(&error)),
        // Nobody deletes without having seen what it reaches.
        (Ok(_), None) => Some(words::READING_USES.to_owned()),
    };
    let close = move || {
        problem.try_set(None);
        desk.close();
    };
    let confirm = move || {
        let Some(connection) = wanted.get_untracked() else { return };
        let called = name.get_untracked().unwrap_or_default();
        problem.set(None);
        task.run(async move {
            let path = ConnectionPath { connection };
            match call::<DeleteConnection>(&path, &DeleteConnectionQuery::default(), &Nothing {}).await {
                Ok(_) => {
                    toasts.success(words::deleted(&called));
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
    view! {
        <ConfirmDialog
            open=Signal::derive(move || wanted.with(Option::is_some))
            title=Signal::derive(move || words::delete_title(&name.get().unwrap_or_default()))
            verb=words::DELETE
            danger=true
            busy=task.busy()
            problem=problem
            disabled_reason=Signal::derive(refusal)
            on_confirm=confirm
            on_close=close
        >
            <p>{words::DELETE_TEXT}</p>
            {used_by(uses)}
        </ConfirmDialog>
    }
    .into_any()
}

/// What uses the connection.
fn used_by(uses: Memo<Option<Result<ConnectionUses, ApiError>>>) -> AnyView {
    live(move || match uses.get() {
        None => view! { <Skeleton lines=1 /> }.into_any(),
        Some(Err(_)) => ().into_any(),
        Some(Ok(uses)) if uses.items.is_empty() && uses.hidden == 0 => {
            view! { <p class="muted">{words::UNUSED}</p> }.into_any()
        }
        Some(Ok(uses)) => {
            let count = u64::try_from(uses.items.len()).unwrap_or_default() + u64::from(uses.hidden);
            let items = uses.items.into_iter().map(|one| view! { <li>{one.name}</li> });
            let items = items.collect::<Vec<_>>();
            let hidden = (uses.hidden > 0).then(|| view! { <li>{words::hidden_uses(uses.hidden)}</li> });
            view! {
                <p>{words::used_by(count)}</p>
                <ul>{items} {hidden}</ul>
            }
            .into_any()
        }
    })
}
