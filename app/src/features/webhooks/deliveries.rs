//! What was sent to a webhook, and sending it again.

use drawbridge_contract::endpoints::{ListWebhookDeliveries, Redeliver};
use drawbridge_contract::types::webhooks::{
    ListWebhookDeliveriesQuery, Webhook, WebhookDelivery, WebhookDeliveryPath, WebhookPath,
};
use drawbridge_contract::types::{List, Nothing};
use drawbridge_domain::id::{Id, WebhookId};
use drawbridge_domain::limits::{MAX_PAGE_SIZE, PAGE_SIZE};
use drawbridge_domain::webhook::may_redeliver;
use leptos::prelude::*;

use super::desk::Desk;
use super::words;
use crate::client::{self, Answered, Loading, Task, call};
use crate::shell::{Topic, follow, loaded, toasts};
use crate::ui::{Badge, Button, EmptyState, Icon, Panel, Time, exact, live, memo};

/// The panel; open while the address says so.
pub(super) fn panel(desk: Desk, webhooks: Memo<Vec<Webhook>>, changed: Callback<()>) -> AnyView {
    let wanted = memo(move || {
        let id = if desk.is_open("log") { desk.webhook() } else { String::new() };
        WebhookId::parse(&id).ok()
    });
    let name = move || {
        let id = wanted.get();
        let name = webhooks
            .with(|all| all.iter().find(|one| Some(&one.id) == id.as_ref()).map(|one| one.name.clone()));
        name.unwrap_or_else(|| words::WEBHOOKS.to_owned())
    };
    view! {
        <Panel
            open=Signal::derive(move || wanted.with(Option::is_some))
            title=Signal::derive(name)
            subtitle=Some(words::DELIVERIES.to_owned())
            on_close=move || desk.close()
        >
            {live(move || wanted.get().map(|id| list(id, webhooks, changed)))}
        </Panel>
    }
    .into_any()
}

/// Deliveries that are older than those that follow.
#[derive(Debug, Clone, Default, PartialEq)]
struct Older {
    rows: Vec<WebhookDelivery>,
    next: Option<String>,
}

fn list(id: WebhookId, webhooks: Memo<Vec<Webhook>>, changed: Callback<()>) -> AnyView {
    let known = StoredValue::new(id);
    let read = move |cursor: Option<String>, size: u32| {
        let query = ListWebhookDeliveriesQuery { cursor, page_size: Some(size) };
        let path = WebhookPath { webhook: known.get_value() };
        call::<ListWebhookDeliveries>(&path, &query, &Nothing {})
    };
    let size = RwSignal::new(PAGE_SIZE);
    let newest = Loading::new(move || read(None, size.get()));
    let older = RwSignal::new(None::<Older>);
    // Whoever reads in what is older is not disturbed there: it does not change, and would have to be read again.
    follow(Topic::Webhooks, move || {
        if older.with_untracked(Option::is_none) {
            newest.refetch();
        }
    });
    let enabled = memo(move || {
        webhooks.with(|all| known.with_value(|id| all.iter().any(|one| one.id == *id && one.enabled)))
    });
    let again = Callback::new(move |()| {
        older.try_set(None);
        newest.refetch();
        changed.try_run(());
    });
    let toasts = toasts();
    let task = Task::new();
    loaded(newest, 6, move |first: Signal<Answered<List<WebhookDelivery>>>| {
        let rows = memo(move || {
            let mut rows = first.with(|first| first.value.items.clone());
            rows.extend(older.get().unwrap_or_default().rows);
            rows
        });
        let next = memo(move || match older.get() {
            Some(older) => older.next,
            None => first.with(|first| first.value.next_cursor.clone()),
        });
        let more = move || {
            // As long as they fit one page they all follow.
            if size.get_untracked() < MAX_PAGE_SIZE {
                size.set(MAX_PAGE_SIZE);
                return;
            }
            let Some(cursor) = next.get_untracked() else { return };
            let coming = read(Some(cursor), MAX_PAGE_SIZE);
            task.run(async move {
                match coming.await {
                    Ok(answer) => {
                        older.try_update(|older| {
                            let older = older.get_or_insert_default();
                            older.rows.extend(answer.value.items);
                            older.next = answer.value.next_cursor;
                        });
                    }
                    Err(error) => toasts.error(client::words::line(&error)),
                }
            });
        };
        let more = Callback::new(move |()| more());
        let keys = memo(move || {
            rows.with(|rows| rows.iter().map(|row| row.id.as_str().to_owned()).collect::<Vec<_>>())
        });
        view! {
            <div class="stack">
                {live(move || {
                    keys.with(Vec::is_empty)
                        .then(|| view! { <EmptyState title=words::NO_DELIVERIES icon=Icon::List /> }.into_any())
                })}
                <For each=move || keys.get() key=Clone::clone let:key>
                    {delivery(key, rows, known, enabled, again)}
                </For>
                {live(move || {
                    next.with(Option::is_some)
                        .then(|| {
                            view! { <Button label=words::MORE small=true busy=task.busy() on_press=more /> }
                                .into_any()
                        })
                })}
            </div>
        }
        .into_any()
    })
}

/// One of them. It follows what becomes of it; what is open in it stays open.
fn delivery(
    key: String,
    rows: Memo<Vec<WebhookDelivery>>,
    webhook: StoredValue<WebhookId>,
    enabled: Memo<bool>,
    again: Callback<()>,
) -> AnyView {
    let toasts = toasts();
    let task = Task::new();
    let find = move |key: &str| rows.with(|rows| rows.iter().find(|row| row.id.as_str() == key).cloned());
    let Some(first) = untrack(|| find(&key)) else { return ().into_any() };
    let path =
        StoredValue::new(WebhookDeliveryPath { webhook: webhook.get_value(), delivery: first.id.clone() });
    let (event, message, body, made) =
        (first.event.clone(), first.message.clone(), first.body.clone(), first.created_at.to_string());
    // One that is gone from the list stays as it was until it is gone from the page.
    let row = memo(move || find(&key).unwrap_or_else(|| first.clone()));
    let refused = move || may_redeliver(enabled.get()).err().map(str::to_owned);
    let press = move || {
        let path = path.get_value();
        task.run(async move {
            match call::<Redeliver>(&path, &Nothing {}, &Nothing {}).await {
                Ok(_) => toasts.neutral(words::REDELIVERED),
                Err(error) => toasts.error(client::words::line(&error)),
            }
            again.try_run(());
        });
    };
    view! {
        <section class="box stack-small">
            <div class="split">
                <span class="cluster">
                    <strong>{event}</strong>
                    {live(move || {
                        let (word, tone) = words::state(row.with(|row| row.state));
                        view! { <Badge label=word tone=tone /> }.into_any()
                    })}
                    <span class="muted small"><Time at=made /></span>
                </span>
                <Button
                    label=words::REDELIVER
                    small=true
                    busy=task.busy()
                    disabled_reason=Signal::derive(refused)
                    on_press=press
                />
            </div>
            <span class="mono small muted">{message}</span>
            {live(move || attempts(row.get()))}
            <details>
                <summary>{words::BODY}</summary>
                <pre class="answer-text" tabindex="0" aria-label=words::BODY>
                    {body}
                </pre>
            </details>
        </section>
    }
    .into_any()
}

/// What was tried, and when it is tried again.
fn attempts(row: WebhookDelivery) -> AnyView {
    let next = row.next_at.map(|at| {
        view! { <span class="small">{words::NEXT} " " {exact(js_sys::Date::parse(&at.to_string()))}</span> }.into_any()
    });
    let attempts: Vec<_> = row
        .attempts
        .into_iter()
        .map(|attempt| {
            let line = words::attempt(&attempt);
            let answer = (!attempt.answer.is_empty())
                .then(|| view! { <div class="mono small muted">{attempt.answer}</div> }.into_any());
            view! {
                <li>
                    {line} " " <span class="muted"><Time at=attempt.at.to_string() /></span>
                    {answer}
                </li>
            }
            .into_any()
        })
        .collect();
    view! {
        <ul class="stack-small">{attempts}</ul>
        {next}
    }
    .into_any()
}
