//! Asking before an app or a token is deleted, or a token revoked.

use std::future::Future;
use std::pin::Pin;

use drawbridge_domain::credential::{may_change, may_delete};
use leptos::prelude::*;

use super::calls;
use super::credential::{Credential, Kind};
use super::desk::Desk;
use super::one::One;
use super::{when, words};
use crate::client::{self, ApiError, Task};
use crate::shell::toasts;
use crate::ui::{ConfirmDialog, Panel, Skeleton, live, memo};

type Doing = Pin<Box<dyn Future<Output = Result<(), ApiError>>>>;

/// What is asked.
#[derive(Clone, Copy)]
struct Question {
    title: fn(&Credential) -> String,
    text: fn(Kind) -> &'static str,
    verb: fn(Kind) -> &'static str,
    refused: fn(&Credential) -> Option<&'static str>,
    act: fn(Credential) -> Doing,
    done: &'static str,
}

const DELETE: Question = Question {
    title: |one| words::delete_title(one.kind(), one.name()),
    text: |kind| if kind == Kind::App { words::DELETE_APP_TEXT } else { words::DELETE_TOKEN_TEXT },
    verb: |kind| if kind == Kind::App { words::DELETE } else { words::YES },
    refused: |one| match one {
        Credential::App(_) => None,
        Credential::Token(token) => may_delete(token.status).err(),
    },
    act: |one| Box::pin(calls::delete(one)),
    done: words::DELETED,
};

const REVOKE: Question = Question {
    title: |one| words::revoke_title(one.name()),
    text: |_| words::REVOKE_TEXT,
    verb: |_| words::YES,
    refused: |one| match one {
        Credential::App(_) => None,
        Credential::Token(token) => may_change(token.status).err(),
    },
    act: |one| Box::pin(calls::revoke(one)),
    done: words::REVOKED,
};

/// Both questions; each open while the address says so.
pub(super) fn dialogs(desk: Desk) -> AnyView {
    view! {
        {ask(desk, One::new(desk, &["delete"]), DELETE)}
        {ask(desk, One::new(desk, &["revoke"]), REVOKE)}
    }
    .into_any()
}

fn ask(desk: Desk, one: One, question: Question) -> AnyView {
    let toasts = toasts();
    let task = Task::new();
    let problem = RwSignal::new(None::<String>);
    let known = memo(move || one.get());
    let kind = move || one.id.with(|id| Kind::of(id));
    let close = move || {
        problem.try_set(None);
        desk.close();
    };
    let confirm = move || {
        let Some(credential) = known.get_untracked() else { return };
        problem.set(None);
        let name = credential.name().to_owned();
        task.run(async move {
            match (question.act)(credential).await {
                Ok(()) => {
                    toasts.success(words::done(&name, question.done));
                    close();
                    desk.changed();
                }
                Err(error) => {
                    problem.try_set(Some(client::words::line(&error)));
                }
            }
        });
    };
    let title = move || known.with(|known| known.as_ref().map(question.title)).unwrap_or_default();
    let refused = move || known.with(|known| known.as_ref().and_then(question.refused)).map(str::to_owned);
    let open = memo(move || known.with(Option::is_some));
    view! {
        <ConfirmDialog
            open=open
            title=Signal::derive(title)
            verb=Signal::derive(move || (question.verb)(kind()).to_owned())
            danger=true
            busy=task.busy()
            problem=problem
            disabled_reason=Signal::derive(refused)
            on_confirm=confirm
            on_close=close
        >
            <p>{(question.text)(kind())}</p>
            {live(move || known.with(|known| known.as_ref().filter(|one| !is_over(one)).map(used)))}
        </ConfirmDialog>
        // Where it is not here, or not yet.
        <Panel
            open=Signal::derive(move || one.is_open().get() && !open.get())
            title=words::PAGE
            on_close=close
        >
            {one.shown(|_| view! { <Skeleton lines=3 /> }.into_any())}
        </Panel>
    }
    .into_any()
}

fn is_over(one: &Credential) -> bool {
    matches!(one, Credential::Token(token) if token.status.is_final())
}

/// Who would miss it: when and from where it was last used.
fn used(one: &Credential) -> AnyView {
    match one.last_used() {
        None => view! { <p>{words::NOT_USED_YET}</p> }.into_any(),
        Some(_) => {
            view! { <div class="box stack-small"><strong>{words::LAST_USED}</strong> {when::last_use(one.last_used())}</div> }
                .into_any()
        }
    }
}
