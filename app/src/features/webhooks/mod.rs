//! Settings → Webhooks: which addresses are told of events, and what was sent to them.

mod asking;
mod deliveries;
mod desk;
mod form;
mod words;

use drawbridge_contract::endpoints::{ListWebhooks, TestWebhook};
use drawbridge_contract::types::webhooks::{Webhook, WebhookPath};
use drawbridge_contract::types::{List, Nothing};
use drawbridge_domain::id::Id;
use leptos::prelude::*;

use crate::client::{self, Answered, Loading, Task, call};
use crate::shell::{Topic, follow, loaded, title, toasts};
use crate::ui::{
    ActionsMenu, Button, Cell, CellKind, Column, EmptyState, Icon, MenuItem, PageHeader, Status, Table, Tone,
    Truncate, Variant, memo,
};
use desk::Desk;

/// The page.
#[component]
pub fn WebhooksPage() -> impl IntoView {
    title(words::WEBHOOKS);
    let desk = Desk::new();
    let list = Loading::new(|| call::<ListWebhooks>(&Nothing {}, &Nothing {}, &Nothing {}));
    let changed = Callback::new(move |()| list.refetch());
    follow(Topic::Webhooks, move || list.refetch());
    let known = list.known();
    let webhooks = memo(move || {
        known.with(|known| known.newest.as_ref().map(|list| list.value.items.clone())).unwrap_or_default()
    });
    let actions = move || add(desk);
    view! {
        <PageHeader title=words::WEBHOOKS text=Some(words::ABOUT.to_owned()) actions=actions />
        {loaded(list, 5, move |_: Signal<Answered<List<Webhook>>>| table(desk, webhooks, changed))}
        {form::panel(desk, changed)}
        {deliveries::panel(desk, webhooks, changed)}
        {asking::delete(desk, webhooks, changed)}
        {asking::rotate(desk, webhooks, changed)}
    }
    .into_any()
}

fn add(desk: Desk) -> AnyView {
    let press = move || desk.show("add");
    view! { <Button label=words::ADD variant=Variant::Primary icon=Icon::Plus on_press=press /> }.into_any()
}

fn table(desk: Desk, webhooks: Memo<Vec<Webhook>>, changed: Callback<()>) -> AnyView {
    let columns = vec![
        Column::new("name", words::NAME).class("col-wide"),
        Column::new("events", words::EVENTS),
        Column::new("state", words::STATE),
        Column::new("", "").class("col-actions"),
    ];
    let keys = memo(move || {
        webhooks.with(|all| all.iter().map(|one| one.id.as_str().to_owned()).collect::<Vec<_>>())
    });
    let empty = move || {
        view! {
            <EmptyState
                title=words::FIRST
                text=Some(words::FIRST_TEXT.to_owned())
                icon=Icon::Link
                action=move || add(desk)
            />
        }
        .into_any()
    };
    view! {
        <Table
            label=words::WEBHOOKS
            columns=columns
            rows=keys
            row=move |id: String| cells(desk, webhooks, changed, id)
            empty=empty
        />
    }
    .into_any()
}

/// A webhook's state as a word, its tone and the reason.
fn state(webhook: &Webhook) -> (&'static str, Tone, Option<String>) {
    match (webhook.enabled, webhook.failing_since) {
        (false, _) => {
            (words::DISABLED, Tone::Neutral, webhook.disabled_because.map(|why| words::off(why).to_owned()))
        }
        (true, Some(_)) => (words::FAILING, Tone::Warn, Some(words::SINCE.to_owned())),
        (true, None) => (words::ACTIVE, Tone::Ok, None),
    }
}

fn cells(desk: Desk, webhooks: Memo<Vec<Webhook>>, changed: Callback<()>, id: String) -> AnyView {
    let toasts = toasts();
    let task = Task::new();
    let key = StoredValue::new(id);
    let webhook = memo(move || {
        webhooks.with(|all| all.iter().find(|one| key.with_value(|id| one.id.as_str() == id)).cloned())
    });
    let text = move |read: fn(&Webhook) -> String| {
        Signal::derive(move || webhook.with(|webhook| webhook.as_ref().map(read).unwrap_or_default()))
    };
    let stands = memo(move || webhook.with(|webhook| webhook.as_ref().map(state)));
    let name = text(|webhook| webhook.name.clone());
    let try_it = move || {
        let Some(webhook) = webhook.get_untracked() else { return };
        task.run(async move {
            let path = WebhookPath { webhook: webhook.id };
            match call::<TestWebhook>(&path, &Nothing {}, &Nothing {}).await {
                Ok(answer) => toasts.neutral(words::tested(&answer.value)),
                Err(error) => toasts.error(client::words::line(&error)),
            }
            changed.try_run(());
        });
    };
    let href = move |what: &'static str| key.with_value(|id| desk.href(what, id));
    let items = move || {
        let link = |label, what| MenuItem::link(label, untrack(|| href(what)));
        vec![
            link(words::DELIVERIES, "log").icon(Icon::List),
            MenuItem::new(words::TEST, try_it).icon(Icon::Check),
            link(words::EDIT, "edit").icon(Icon::Settings),
            link(words::ROTATE, "rotate").icon(Icon::Refresh),
            link(words::DELETE, "delete").icon(Icon::Trash).danger().divided(),
        ]
    };
    view! {
        <Cell kind=CellKind::Title>
            <span class="name-cell">
                <span>
                    <a class="truncate" href=Signal::derive(move || href("log")) title=name>
                        {name}
                    </a>
                    <span class="muted small truncate">{text(|webhook| webhook.url.clone())}</span>
                </span>
            </span>
        </Cell>
        <Cell label=words::EVENTS>
            <Truncate text=text(|webhook| {
                webhook.events.iter().map(|event| event.code()).collect::<Vec<_>>().join(", ")
            }) />
        </Cell>
        <Cell label=words::STATE>
            <Status
                label=Signal::derive(move || stands.get().map(|(word, ..)| word.to_owned()).unwrap_or_default())
                tone=Signal::derive(move || stands.get().map_or(Tone::Neutral, |(_, tone, _)| tone))
                detail=Signal::derive(move || stands.get().and_then(|(.., why)| why))
            />
        </Cell>
        <Cell kind=CellKind::Actions>
            <ActionsMenu of=name items=items />
        </Cell>
    }
    .into_any()
}
