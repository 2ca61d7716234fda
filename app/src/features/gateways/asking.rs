//! Asking before something is done with a gateway or one of its machines.

use std::future::Future;
use std::pin::Pin;

use drawbridge_contract::endpoints::{
    DisableGateway, DrainGatewayReplica, RemoveGatewayReplica, RotateGatewayKey,
};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::gateways::{Gateway, GatewayPath, GatewayReplica, GatewayReplicaPath};
use drawbridge_domain::gateway::{GatewayAction, action};
use drawbridge_domain::id::Id;
use leptos::prelude::*;

use super::over::Over;
use super::status::refusal;
use super::words;
use crate::client::{self, ApiError, Task, call};
use crate::shell::toasts;
use crate::ui::{ConfirmDialog, live};

/// What is done, with what is said then.
type Doing = Pin<Box<dyn Future<Output = Result<String, ApiError>>>>;

/// A question.
pub(super) struct Question {
    /// What the address calls it.
    pub(super) open: &'static str,
    /// The verb.
    pub(super) verb: &'static str,
    /// It destroys something.
    pub(super) danger: bool,
    /// What it is about, by name.
    pub(super) title: Signal<String>,
    /// Why it cannot be done just now.
    pub(super) refusal: Signal<Option<String>>,
    /// What it means.
    pub(super) text: fn(Over) -> AnyView,
    /// Does it; nothing where what it is about is not known yet.
    pub(super) act: fn(Over) -> Option<Doing>,
    /// What follows.
    pub(super) then: fn(Over),
}

/// The dialog; open while the address says so.
pub(super) fn ask(over: Over, question: Question) -> AnyView {
    let Question { open, verb, danger, title, refusal, text, act, then } = question;
    let toasts = toasts();
    let task = Task::new();
    let problem = RwSignal::new(None::<String>);
    let confirm = move || {
        problem.set(None);
        let Some(doing) = untrack(|| act(over)) else { return };
        task.run(async move {
            match doing.await {
                Ok(said) => {
                    toasts.success(said);
                    then(over);
                }
                Err(error) => {
                    problem.try_set(Some(client::words::line(&error)));
                }
            }
        });
    };
    let close = move || {
        problem.try_set(None);
        over.desk.close();
    };
    let reason = move || {
        let known = over.found.with(|found| match found {
            None => Some(words::LOOKING.to_owned()),
            Some(Err(error)) => Some(client::words::line(error)),
            Some(Ok(_)) => None,
        });
        known.or_else(|| refusal.get())
    };
    view! {
        <ConfirmDialog
            open=over.desk.is_open(open)
            title=title
            verb=verb
            danger=danger
            busy=task.busy()
            problem=problem
            disabled_reason=Signal::derive(reason)
            on_confirm=confirm
            on_close=close
        >
            {text(over)}
        </ConfirmDialog>
    }
    .into_any()
}

/// What follows where the gateway stays.
pub(super) fn stay(over: Over) {
    over.desk.close();
    over.desk.changed();
}

fn path(gateway: &Gateway) -> GatewayPath {
    GatewayPath { gateway: gateway.summary.id.clone() }
}

fn refused(over: Over, wish: GatewayAction) -> Signal<Option<String>> {
    Signal::derive(move || over.gateway().and_then(|gateway| refusal(wish, &gateway.summary)))
}

fn titled(over: Over, verb: &'static str) -> Signal<String> {
    Signal::derive(move || words::question(verb, words::GATEWAY, &over.name()))
}

/// Asks before one is switched off.
pub(super) fn disable(over: Over) -> AnyView {
    ask(
        over,
        Question {
            open: "disable",
            verb: words::DISABLE,
            danger: true,
            title: titled(over, words::DISABLE),
            refusal: refused(over, GatewayAction::Disable),
            text: |over| {
                let reach = move || over.gateway().map(|gateway| words::connections(gateway.connections));
                view! { <p>{words::DISABLE_TEXT}</p> <p class="muted">{live(reach)}</p> }.into_any()
            },
            act: |over| {
                let gateway = over.gateway()?;
                let calling = call::<DisableGateway>(&path(&gateway), &Nothing {}, &Nothing {});
                Some(Box::pin(async move {
                    let answer = calling.await?;
                    Ok(words::named(&answer.value.summary.name, words::DISABLED))
                }))
            },
            then: stay,
        },
    )
}

/// Asks before its agents make new keys.
pub(super) fn rotate(over: Over) -> AnyView {
    ask(
        over,
        Question {
            open: "rotate",
            verb: words::ROTATE,
            danger: false,
            title: Signal::derive(move || words::rotate_title(&over.name())),
            refusal: refused(over, GatewayAction::RotateKey),
            text: |_| view! { <p>{words::ROTATE_TEXT}</p> }.into_any(),
            act: |over| {
                let gateway = over.gateway()?;
                let calling = call::<RotateGatewayKey>(&path(&gateway), &Nothing {}, &Nothing {});
                Some(Box::pin(async move {
                    let rotation = calling.await?.value;
                    Ok(words::rotated(rotation.rotated, rotation.asked))
                }))
            },
            then: stay,
        },
    )
}

/// The machine that the address names.
fn machine(over: Over) -> Option<GatewayReplica> {
    let id = over.desk.machine();
    over.gateway()?.replicas.into_iter().find(|replica| replica.id.as_str() == id)
}

fn of_machine(over: Over, verb: &'static str) -> Signal<String> {
    Signal::derive(move || {
        let name = machine(over).map(|replica| replica.machine).unwrap_or_default();
        words::question(verb, words::MACHINE, &name)
    })
}

fn machine_path(over: Over) -> Option<(GatewayReplicaPath, String)> {
    let (gateway, replica) = (over.gateway()?, machine(over)?);
    Some((GatewayReplicaPath { gateway: gateway.summary.id, replica: replica.id }, replica.machine))
}

/// Asks before a machine takes no new calls.
pub(super) fn drain(over: Over) -> AnyView {
    let refusal = move || {
        let replica = machine(over)?;
        action::may_drain(replica.linked_since.is_some(), replica.draining).err().map(str::to_owned)
    };
    ask(
        over,
        Question {
            open: "drain",
            verb: words::DRAIN,
            danger: false,
            title: of_machine(over, words::DRAIN),
            refusal: Signal::derive(refusal),
            text: |_| view! { <p>{words::DRAIN_TEXT}</p> }.into_any(),
            act: |over| {
                let (path, name) = machine_path(over)?;
                let calling = call::<DrainGatewayReplica>(&path, &Nothing {}, &Nothing {});
                Some(Box::pin(async move {
                    calling.await?;
                    Ok(words::named(&name, words::DRAINED))
                }))
            },
            then: stay,
        },
    )
}

/// Asks before a machine is removed.
pub(super) fn remove(over: Over) -> AnyView {
    ask(
        over,
        Question {
            open: "remove",
            verb: words::REMOVE,
            danger: true,
            title: of_machine(over, words::REMOVE),
            refusal: Signal::stored(None),
            text: |over| {
                let last =
                    move || over.gateway().filter(|one| one.replicas.len() == 1).map(|_| words::REMOVE_LAST);
                view! { <p>{words::REMOVE_TEXT}</p> <p>{live(last)}</p> }.into_any()
            },
            act: |over| {
                let (path, name) = machine_path(over)?;
                let calling = call::<RemoveGatewayReplica>(&path, &Nothing {}, &Nothing {});
                Some(Box::pin(async move {
                    calling.await?;
                    Ok(words::named(&name, words::REMOVED))
                }))
            },
            then: stay,
        },
    )
}
