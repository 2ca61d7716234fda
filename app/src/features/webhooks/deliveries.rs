//! What was sent to a webhook, and sending it again.

use drawbridge_contract::endpoints::{ListWebhookDeliveries, Redeliver};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::webhooks::{
    ListWebhookDeliveriesQuery, Webhook, WebhookDelivery, WebhookDeliveryPath, WebhookPath,
};
use drawbridge_domain::id::{Id, WebhookId};
use drawbridge_domain::webhook::may_redeliver;
use leptos::prelude::*;

use super::desk::Desk;
use super::words;
use crate::client::{self, ApiError, Task, call};
use crate::shell::{self, toasts};
use crate::ui::{Badge, Button, EmptyState, Icon, Panel, Skeleton, Time, exact, live, memo};

/// What is known of the deliveries.
#[derive(Clone, Copy)]
struct Log {
    rows: RwSignal<Option<Vec<WebhookDelivery>>>,
    next: RwSignal<Option<String>>,
    error: RwSignal<Option<ApiError>>,
    task: Task,
}

impl Log {
    /// Reads the first page, or the one after what is there.
    fn read(self, webhook: WebhookId, cursor: Option<String>) {
        let query = ListWebhookDeliveriesQuery { cursor: cursor.clone(), page_size: None };
        self.task.run(async move {
            let path = WebhookPath { webhook };
            match call::<ListWebhookDeliveries>(&path, &query, &Nothing {}).await {
                Ok(answer) => {
                    self.rows.try_update(|rows| {
                        let mut all = rows.take().filter(|_| cursor.is_some()).unwrap_or_default();
                        all.extend(answer.value.items);
                        *rows = Some(all);
                    });
                    self.next.try_set(answer.value.next_cursor);
                    self.error.try_set(None);
                }
                Err(error) => {
                    self.error.try_set(Some(error));
                }
            }
        });
    }
}

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

fn list(id: WebhookId, webhooks: Memo<Vec<Webhook>>, changed: Callback<()>) -> AnyView {
    let log = Log {
        rows: RwSignal::new(None),
        next: RwSignal::new(None),
        error: RwSignal::new(None),
        task: Task::new(),
    };
    let known = StoredValue::new(id);
    let read = Callback::new(move |cursor: Option<String>| log.read(known.get_value(), cursor));
    untrack(|| read.run(None));
    let enabled = memo(move || {
        webhooks.with(|all| known.with_value(|id| all.iter().any(|one| one.id == *id && one.enabled)))
    });
    let again = Callback::new(move |()| {
        read.run(None);
        changed.run(());
    });
    let retry = Callback::new(move |()| read.run(None));
    live(move || match (log.rows.get(), log.error.get()) {
        (_, Some(error)) => shell::failed(&error, Some(retry)),
        (None, None) => view! { <Skeleton lines=6 /> }.into_any(),
        (Some(rows), None) if rows.is_empty() => {
            view! { <EmptyState title=words::NO_DELIVERIES icon=Icon::List /> }.into_any()
        }
        (Some(rows), None) => {
            let rows: Vec<_> =
                rows.into_iter().map(|row| delivery(row, known.get_value(), enabled, again)).collect();
            let more = log.next.get().map(|cursor| {
                let press = move || read.run(Some(cursor.clone()));
                view! { <Button label=words::MORE small=true busy=log.task.busy() on_press=press /> }
                    .into_any()
            });
            view! { <div class="stack">{rows} {more}</div> }.into_any()
        }
    })
}

fn delivery(row: WebhookDelivery, webhook: WebhookId, enabled: Memo<bool>, again: Callback<()>) -> AnyView {
    let toasts = toasts();
    let task = Task::new();
    let (word, tone) = words::state(row.state);
    let path = StoredValue::new(WebhookDeliveryPath { webhook, delivery: row.id });
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
        <section class="box stack-small">
            <div class="split">
                <span class="cluster">
                    <strong>{row.event}</strong>
                    <Badge label=word tone=tone />
                    <span class="muted small"><Time at=row.created_at.to_string() /></span>
                </span>
                <Button
                    label=words::REDELIVER
                    small=true
                    busy=task.busy()
                    disabled_reason=Signal::derive(refused)
                    on_press=press
                />
            </div>
            <span class="mono small muted">{row.message}</span>
            <ul class="stack-small">{attempts}</ul>
            {next}
            <details>
                <summary>{words::BODY}</summary>
                <pre class="answer-text" tabindex="0" aria-label=words::BODY>
                    {row.body}
                </pre>
            </details>
        </section>
    }
    .into_any()
}
