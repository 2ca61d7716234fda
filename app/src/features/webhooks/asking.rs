//! Asking before a webhook is deleted, or its secret replaced; and showing the new one.

use drawbridge_contract::endpoints::{DeleteWebhook, RotateWebhookSecret};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::webhooks::{Webhook, WebhookPath};
use drawbridge_domain::id::Id;
use leptos::prelude::*;

use super::desk::Desk;
use super::words;
use crate::client::{self, Task, call};
use crate::shell::toasts;
use crate::ui::{Button, ConfirmDialog, Notice, Panel, SecretDisplay, Tone, Variant, live, memo};

/// A secret just made; none where the answer was a repeated one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made(pub(super) Option<String>);

/// The webhook that the address names while `what` is open.
fn wanted(desk: Desk, what: &'static str, webhooks: Memo<Vec<Webhook>>) -> Memo<Option<Webhook>> {
    memo(move || {
        let id = desk.webhook();
        webhooks.with(|all| all.iter().find(|one| desk.is_open(what) && one.id.as_str() == id).cloned())
    })
}

fn name_of(wanted: Memo<Option<Webhook>>) -> String {
    wanted.with(|webhook| webhook.as_ref().map(|one| one.name.clone()).unwrap_or_default())
}

/// Asks before one is deleted.
pub(super) fn delete(desk: Desk, webhooks: Memo<Vec<Webhook>>, changed: Callback<()>) -> AnyView {
    let toasts = toasts();
    let task = Task::new();
    let problem = RwSignal::new(None::<String>);
    let wanted = wanted(desk, "delete", webhooks);
    let close = move || {
        problem.try_set(None);
        desk.close();
    };
    let confirm = move || {
        let Some(webhook) = wanted.get_untracked() else { return };
        problem.set(None);
        task.run(async move {
            let path = WebhookPath { webhook: webhook.id };
            match call::<DeleteWebhook>(&path, &Nothing {}, &Nothing {}).await {
                Ok(_) => {
                    toasts.success(words::deleted(&webhook.name));
                    close();
                    changed.try_run(());
                }
                Err(error) => {
                    problem.try_set(Some(client::words::line(&error)));
                }
            }
        });
    };
    view! {
        <ConfirmDialog
            open=Signal::derive(move || wanted.with(Option::is_some))
            title=Signal::derive(move || words::delete_title(&name_of(wanted)))
            verb=words::DELETE
            danger=true
            busy=task.busy()
            problem=problem
            on_confirm=confirm
            on_close=close
        >
            <p>{words::DELETE_TEXT}</p>
        </ConfirmDialog>
    }
    .into_any()
}

/// Asks before a secret is replaced, and shows the new one.
pub(super) fn rotate(desk: Desk, webhooks: Memo<Vec<Webhook>>, changed: Callback<()>) -> AnyView {
    let task = Task::new();
    let problem = RwSignal::new(None::<String>);
    let made = RwSignal::new(None::<Made>);
    let wanted = wanted(desk, "rotate", webhooks);
    let close = move || {
        problem.try_set(None);
        made.try_set(None);
        desk.close();
    };
    let confirm = move || {
        let Some(webhook) = wanted.get_untracked() else { return };
        problem.set(None);
        task.run(async move {
            let path = WebhookPath { webhook: webhook.id };
            match call::<RotateWebhookSecret>(&path, &Nothing {}, &Nothing {}).await {
                Ok(answer) => {
                    made.try_set(Some(Made(answer.value.secret)));
                    changed.try_run(());
                }
                Err(error) => {
                    problem.try_set(Some(client::words::line(&error)));
                }
            }
        });
    };
    let told = memo(move || made.with(Option::is_some));
    let footer = move || view! { <Button label=words::DONE variant=Variant::Primary on_press=close /> };
    view! {
        <ConfirmDialog
            open=Signal::derive(move || wanted.with(Option::is_some) && !told.get())
            title=Signal::derive(move || words::rotate_title(&name_of(wanted)))
            verb=words::ROTATE
            busy=task.busy()
            problem=problem
            on_confirm=confirm
            on_close=close
        >
            <p>{words::ROTATE_TEXT}</p>
        </ConfirmDialog>
        <Panel
            open=Signal::derive(move || wanted.with(Option::is_some) && told.get())
            title=words::SECRET_TITLE
            on_close=close
            footer=footer
        >
            {live(move || made.get().map(secret))}
        </Panel>
    }
    .into_any()
}

/// A secret, to be copied; or why there is none.
pub(super) fn secret(made: Made) -> AnyView {
    match made.0 {
        Some(secret) => view! {
            <SecretDisplay label=words::SECRET value=secret help=Some(words::SECRET_HELP.to_owned()) open=true />
        }
        .into_any(),
        None => view! { <Notice title=words::SECRET_LOST tone=Tone::Info /> }.into_any(),
    }
}
