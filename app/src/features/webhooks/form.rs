//! The panel in which a webhook is made, or changed.

use drawbridge_contract::endpoints::{ChangeWebhookSettings, MakeWebhook, ReadWebhook};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::webhooks::{ChangeWebhook, CreateWebhook, Webhook, WebhookPath};
use drawbridge_domain::id::{Id, WebhookId};
use drawbridge_domain::text;
use drawbridge_domain::webhook::{URL_MAX, WebhookEvent};
use leptos::prelude::*;

use super::asking::Made;
use super::desk::Desk;
use super::{asking, words};
use crate::client::{self, Answered, ApiError, Options, Task, call, call_with, opened};
use crate::shell::{self, Typed, toasts};
use crate::ui::{
    Button, Checkbox, Form, Panel, Skeleton, TextField, Variant, exact, focus_first_error, live, memo, watch,
};

const FORM: &str = "webhook-form";

/// What is typed, for which webhook, and what became of it.
#[derive(Clone, Copy)]
struct Draft {
    name: Typed,
    url: Typed,
    events: StoredValue<Vec<(WebhookEvent, RwSignal<bool>)>>,
    enabled: RwSignal<bool>,
    /// The webhook as it is saved; none for a new one.
    base: RwSignal<Option<Answered<Webhook>>>,
    failure: RwSignal<Option<String>>,
    /// The secret of the one just made.
    made: RwSignal<Option<Made>>,
}

impl Draft {
    fn new() -> Self {
        Self {
            name: Typed::new(|text| text::plain_name(text).map(drop)),
            url: Typed::new(|text| text::opaque_value(text.trim(), URL_MAX).map(drop)),
            events: StoredValue::new(
                WebhookEvent::ALL.iter().map(|event| (*event, RwSignal::new(true))).collect(),
            ),
            enabled: RwSignal::new(true),
            base: RwSignal::new(None),
            failure: RwSignal::new(None),
            made: RwSignal::new(None),
        }
    }

    /// Begins anew: with a webhook as it is saved, or with nothing.
    fn take(self, saved: Option<Answered<Webhook>>) {
        self.name.clear();
        self.url.clear();
        let webhook = saved.as_ref().map(|saved| &saved.value);
        if let Some(webhook) = webhook {
            self.name.value.try_set(webhook.name.clone());
            self.url.value.try_set(webhook.url.clone());
        }
        self.events.try_with_value(|events| {
            for (event, chosen) in events {
                chosen.try_set(webhook.is_none_or(|webhook| webhook.events.contains(event)));
            }
        });
        self.enabled.try_set(webhook.is_none_or(|webhook| webhook.enabled));
        self.failure.try_set(None);
        self.made.try_set(None);
        self.base.try_set(saved);
    }

    fn chosen(self) -> Vec<WebhookEvent> {
        self.events.with_value(|all| all.iter().filter(|(_, on)| on.get()).map(|(event, _)| *event).collect())
    }

    fn is_dirty(self) -> bool {
        let (name, url, chosen, enabled) =
            (self.name.value.get(), self.url.value.get(), self.chosen(), self.enabled.get());
        let same = self.base.with(|base| match base.as_ref().map(|base| &base.value) {
            None => name.is_empty() && url.is_empty(),
            Some(base) => {
                name == base.name && url == base.url && chosen == base.events && enabled == base.enabled
            }
        });
        !same && self.made.with(Option::is_none)
    }

    /// Somebody else changed it meanwhile: what is typed stays, and is saved over it if that is wanted.
    async fn meet(self) {
        let Some(base) = self.base.get_untracked() else { return };
        let path = WebhookPath { webhook: base.value.id };
        match call::<ReadWebhook>(&path, &Nothing {}, &Nothing {}).await {
            Ok(theirs) => {
                self.failure.try_set(Some(words::changed(&theirs.value.name)));
                self.base.try_set(Some(theirs));
            }
            Err(error) => self.reject(&error),
        }
    }

    /// Puts the server's words where they belong.
    fn reject(self, error: &ApiError) {
        let told = [self.name.reject(error, "name"), self.url.reject(error, "url")];
        let words = error.field("events").unwrap_or_else(|| client::words::line(error));
        self.failure.try_set((!told.contains(&true)).then_some(words));
        focus_first_error(FORM);
    }

    /// Makes the webhook, or changes the one that is there.
    async fn send(self) -> Result<Option<Made>, ApiError> {
        let (name, url) = (self.name.sent().trim().to_owned(), self.url.sent().trim().to_owned());
        let events = untrack(|| self.chosen());
        match self.base.get_untracked() {
            None => {
                let body = CreateWebhook { name, url, events };
                let answer = call::<MakeWebhook>(&Nothing {}, &Nothing {}, &body).await?;
                Ok(Some(Made(answer.value.secret)))
            }
            Some(base) => {
                let enabled = Some(self.enabled.get_untracked());
                let body = ChangeWebhook { name: Some(name), url: Some(url), events: Some(events), enabled };
                let path = WebhookPath { webhook: base.value.id };
                let options = Options { if_match: base.etag, ..Options::default() };
                call_with::<ChangeWebhookSettings>(&path, &Nothing {}, &body, options).await?;
                Ok(None)
            }
        }
    }
}

/// The panel; open while the address says so.
pub(super) fn panel(desk: Desk, changed: Callback<()>) -> AnyView {
    let toasts = toasts();
    let draft = Draft::new();
    let task = Task::new();
    let is_new = memo(move || desk.is_open("add"));
    let wanted = memo(move || {
        let id = if desk.is_open("edit") { desk.webhook() } else { String::new() };
        WebhookId::parse(&id).ok()
    });
    let (known, retry) =
        opened(wanted, |webhook| call::<ReadWebhook>(&WebhookPath { webhook }, &Nothing {}, &Nothing {}));
    watch(move || match known.get() {
        Some(Ok(answer)) if !is_new.get() => draft.take(Some(answer)),
        _ if is_new.get() => draft.take(None),
        _ => (),
    });
    let close = Callback::new(move |()| {
        draft.take(None);
        desk.close();
    });
    let submit = Callback::new(move |()| {
        draft.failure.set(None);
        let good = [draft.name.is_good(), draft.url.is_good()];
        if untrack(|| draft.chosen()).is_empty() {
            draft.failure.set(Some(words::NO_EVENT.to_owned()));
        } else if !good.contains(&false) {
            task.run(async move {
                let name = draft.name.sent().trim().to_owned();
                match draft.send().await {
                    Ok(Some(made)) => {
                        draft.made.try_set(Some(made));
                        changed.try_run(());
                    }
                    Ok(None) => {
                        toasts.success(words::saved(&name));
                        close.try_run(());
                        changed.try_run(());
                    }
                    Err(error) if error.code() == Some(ProblemCode::PreconditionFailed) => draft.meet().await,
                    Err(error) => draft.reject(&error),
                }
            });
        }
    });
    let told = memo(move || draft.made.with(Option::is_some));
    let footer = move || {
        live(move || {
            if told.get() {
                view! { <Button label=words::DONE variant=Variant::Primary on_press=close /> }.into_any()
            } else {
                let verb = if is_new.get() { words::ADD } else { words::SAVE };
                view! {
                    <Button label=words::CANCEL on_press=close />
                    <Button label=verb variant=Variant::Primary submit=true form=FORM busy=task.busy() />
                }
                .into_any()
            }
        })
    };
    let title = move || {
        let title = if is_new.get() { words::ADD } else { words::EDIT_TITLE };
        if told.get() { words::SECRET_TITLE } else { title }.to_owned()
    };
    let ready = memo(move || is_new.get() || matches!(known.get(), Some(Ok(_))));
    let failed = memo(move || known.get().and_then(Result::err).filter(|_| !is_new.get()));
    view! {
        <Panel
            open=Signal::derive(move || is_new.get() || wanted.with(Option::is_some))
            title=Signal::derive(title)
            dirty=Signal::derive(move || draft.is_dirty())
            on_close=close
            footer=footer
        >
            {live(move || match (draft.made.get(), ready.get(), failed.get()) {
                (Some(made), ..) => asking::secret(made),
                (None, true, _) => fields(draft, is_new.get(), submit),
                (None, false, Some(error)) => shell::failed(&error, Some(retry)),
                (None, false, None) => view! { <Skeleton lines=5 /> }.into_any(),
            })}
        </Panel>
    }
    .into_any()
}

fn fields(draft: Draft, is_new: bool, submit: Callback<()>) -> AnyView {
    let events = draft.events.with_value(|events| {
        events
            .iter()
            .map(|(event, chosen)| {
                let help = Some(event.code().to_owned());
                view! { <Checkbox label=event.words() checked=*chosen help=help /> }.into_any()
            })
            .collect::<Vec<_>>()
    });
    let enabled = (!is_new).then(|| {
        let help = Some(words::ENABLED_HELP.to_owned());
        view! { <Checkbox label=words::ENABLED checked=draft.enabled help=help /> }.into_any()
    });
    let until =
        draft.base.with_untracked(|base| base.as_ref().and_then(|base| base.value.previous_secret_until));
    let previous = until.map(|until| {
        view! { <p class="muted small">{words::PREVIOUS} " " {exact(js_sys::Date::parse(&until.to_string()))} "."</p> }
            .into_any()
    });
    view! {
        <Form id=FORM on_submit=submit problem=draft.failure>
            <TextField
                label=words::NAME
                value=draft.name.value
                help=Some(words::NAME_HELP.to_owned())
                error=draft.name.error()
                required=true
                max_length=100
            />
            <TextField
                label=words::URL
                value=draft.url.value
                help=Some(words::URL_HELP.to_owned())
                error=draft.url.error()
                required=true
                code=true
            />
            <fieldset class="cards">
                <legend class="field-label">{words::EVENTS}</legend>
                <div class="stack-small">{events}</div>
            </fieldset>
            {enabled}
            {previous}
        </Form>
    }
    .into_any()
}
