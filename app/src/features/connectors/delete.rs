//! Asking before an OAuth client is deleted.

use drawbridge_contract::endpoints::DeleteOAuthClient;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::oauth_clients::{OAuthClient, OAuthClientPath};
use drawbridge_domain::id::Id;
use leptos::prelude::*;

use super::desk::{DELETE, Desk};
use super::words;
use crate::client::{self, Task, call};
use crate::shell::toasts;
use crate::ui::{ConfirmDialog, memo};

/// The dialog; open while the address names a client that is there.
pub(super) fn dialog(desk: Desk, clients: Memo<Vec<OAuthClient>>, changed: Callback<()>) -> AnyView {
    let toasts = toasts();
    let task = Task::new();
    let problem = RwSignal::new(None::<String>);
    let wanted = memo(move || {
        let id = desk.get(DELETE);
        clients.with(|clients| clients.iter().find(|one| one.id.as_str() == id).cloned())
    });
    let close = move || {
        problem.try_set(None);
        desk.say(DELETE, "", true);
    };
    let confirm = move || {
        let Some(client) = wanted.get_untracked() else { return };
        problem.set(None);
        task.run(async move {
            let path = OAuthClientPath { client: client.id };
            match call::<DeleteOAuthClient>(&path, &Nothing {}, &Nothing {}).await {
                Ok(_) => {
                    toasts.success(words::deleted(&client.name));
                    close();
                    changed.try_run(());
                }
                Err(error) => {
                    problem.try_set(Some(client::words::line(&error)));
                }
            }
        });
    };
    let name = move || wanted.with(|client| client.as_ref().map(|one| one.name.clone()).unwrap_or_default());
    let used = move || {
        wanted.with(|client| {
            client.as_ref().map(|one| one.connections).filter(|count| *count > 0).map(words::in_use)
        })
    };
    view! {
        <ConfirmDialog
            open=Signal::derive(move || wanted.with(Option::is_some))
            title=Signal::derive(move || words::delete_title(&name()))
            verb=words::DELETE
            danger=true
            busy=task.busy()
            problem=problem
            disabled_reason=Signal::derive(used)
            on_confirm=confirm
            on_close=close
        >
            <p>{words::DELETE_TEXT}</p>
        </ConfirmDialog>
    }
    .into_any()
}
