//! The panel in which an OAuth client is registered, or its name, id and secret are changed.

use drawbridge_contract::endpoints::{ChangeOAuthClientSettings, ReadOAuthClient, RegisterOAuthClient};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::connectors::{ClientNeed, Connector};
use drawbridge_contract::types::oauth_clients::{
    ChangeOAuthClient, CreateOAuthClient, OAuthClient, OAuthClientPath,
};
use drawbridge_contract::types::{Nothing, SecretText};
use drawbridge_domain::id::{Id, OAuthClientId};
use drawbridge_domain::text;
use leptos::prelude::*;

use super::desk::{CLIENT, Desk, NEW};
use super::words;
use crate::client::{self, Answered, ApiError, Options, Task, call, call_with, opened};
use crate::shell::{self, Typed, toasts};
use crate::ui::{
    Button, ExternalLink, Form, Panel, SecretDisplay, SecretField, Skeleton, TextField, Variant,
    focus_first_error, live, memo, watch,
};

const FORM: &str = "oauth-client";
/// The longest client id and secret.
const LONGEST: usize = 4096;

/// What is typed, for which client, and what became of it.
#[derive(Clone, Copy)]
struct Draft {
    name: Typed,
    client_id: Typed,
    secret: Typed,
    /// The client as it is saved; none for a new one.
    base: RwSignal<Option<Answered<OAuthClient>>>,
    failure: RwSignal<Option<String>>,
}

impl Draft {
    fn new() -> Self {
        let base = RwSignal::new(None::<Answered<OAuthClient>>);
        let kept = move |text: &str| text.is_empty() && base.with_untracked(Option::is_some);
        Self {
            name: Typed::new(|text| text::plain_name(text).map(drop)),
            client_id: Typed::new(|text| text::opaque_value(text, LONGEST).map(drop)),
            secret: Typed::new(
                move |text| {
                    if kept(text) { Ok(()) } else { text::opaque_value(text, LONGEST).map(drop) }
                },
            ),
            base,
            failure: RwSignal::new(None),
        }
    }

    /// Begins anew: with a client as it is saved, or with nothing.
    fn take(self, saved: Option<Answered<OAuthClient>>) {
        for typed in [self.name, self.client_id, self.secret] {
            typed.clear();
        }
        if let Some(saved) = &saved {
            self.name.value.try_set(saved.value.name.clone());
            self.client_id.value.try_set(saved.value.client_id.clone());
        }
        self.failure.try_set(None);
        self.base.try_set(saved);
    }

    fn is_dirty(self) -> bool {
        let (name, id) = self.base.with(|base| {
            base.as_ref()
                .map(|base| (base.value.name.clone(), base.value.client_id.clone()))
                .unwrap_or_default()
        });
        self.name.value.get() != name
            || self.client_id.value.get() != id
            || !self.secret.value.get().is_empty()
    }

    /// Puts the server's words where they belong.
    fn reject(self, error: ApiError) {
        let told = [
            self.name.reject(&error, "name"),
            self.client_id.reject(&error, "clientId"),
            self.secret.reject(&error, "clientSecret"),
        ];
        self.failure.try_set((!told.contains(&true)).then(|| client::words::line(&error)));
    }

    /// Somebody else changed it meanwhile: what is typed stays, and is saved over it if that is wanted.
    async fn meet(self) {
        let Some(base) = self.base.get_untracked() else { return };
        let path = OAuthClientPath { client: base.value.id };
        match call::<ReadOAuthClient>(&path, &Nothing {}, &Nothing {}).await {
            Ok(theirs) => {
                self.failure.try_set(Some(words::changed(&theirs.value.name)));
                self.base.try_set(Some(theirs));
            }
            Err(error) => self.reject(error),
        }
    }
}

/// The panel; open while the address names a client, or a new one.
pub(super) fn panel(
    desk: Desk,
    connector: StoredValue<Connector>,
    need: ClientNeed,
    changed: Callback<()>,
) -> AnyView {
    let toasts = toasts();
    let draft = Draft::new();
    let task = Task::new();
    let wanted = memo(move || OAuthClientId::parse(&desk.get(CLIENT)).ok());
    let is_new = memo(move || desk.get(CLIENT) == NEW);
    let (known, retry) = opened(wanted, |client| {
        call::<ReadOAuthClient>(&OAuthClientPath { client }, &Nothing {}, &Nothing {})
    });
    watch(move || match known.get() {
        Some(Ok(answer)) if !is_new.get() => draft.take(Some(answer)),
        _ if is_new.get() => draft.take(None),
        _ => (),
    });
    let close = Callback::new(move |()| {
        draft.take(None);
        desk.say(CLIENT, "", true);
    });
    let submit = Callback::new(move |()| {
        draft.failure.set(None);
        let good = [draft.name.is_good(), draft.client_id.is_good(), draft.secret.is_good()];
        if good.contains(&false) {
            return;
        }
        let connector = connector.with_value(|connector| connector.summary.id.clone());
        let base = draft.base.get_untracked();
        task.run(async move {
            let name = draft.name.sent().trim().to_owned();
            match send(draft, connector, base).await {
                Ok(()) => {
                    toasts.success(words::saved(&name));
                    close.try_run(());
                    changed.try_run(());
                }
                Err(error) if error.code() == Some(ProblemCode::PreconditionFailed) => draft.meet().await,
                Err(error) => {
                    draft.reject(error);
                    focus_first_error(FORM);
                }
            }
        });
    });
    let footer = move || {
        let label = move || if is_new.get() { words::REGISTER_VERB } else { words::SAVE }.to_owned();
        view! {
            <Button label=words::CANCEL on_press=close />
            <Button
                label=Signal::derive(label)
                variant=Variant::Primary
                submit=true
                form=FORM
                busy=task.busy()
            />
        }
    };
    let title = move || if is_new.get() { words::REGISTER } else { words::CHANGE_TITLE }.to_owned();
    let need = StoredValue::new(need);
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
            {live(move || match (ready.get(), failed.get()) {
                (true, _) => form(draft, need, is_new, submit),
                (false, Some(error)) => shell::failed(&error, Some(retry)),
                (false, None) => view! { <Skeleton lines=5 /> }.into_any(),
            })}
        </Panel>
    }
    .into_any()
}

/// Registers the client, or changes the one that is there.
async fn send(draft: Draft, connector: String, base: Option<Answered<OAuthClient>>) -> Result<(), ApiError> {
    let name = draft.name.sent().trim().to_owned();
    let client_id = draft.client_id.sent().trim().to_owned();
    let secret = draft.secret.sent().trim().to_owned();
    match base {
        None => {
            let body =
                CreateOAuthClient { connector, name, client_id, client_secret: SecretText::new(secret) };
            call::<RegisterOAuthClient>(&Nothing {}, &Nothing {}, &body).await.map(drop)
        }
        Some(base) => {
            let client_secret = (!secret.is_empty()).then(|| SecretText::new(secret));
            let body = ChangeOAuthClient { name: Some(name), client_id: Some(client_id), client_secret };
            let path = OAuthClientPath { client: base.value.id };
            let options = Options { if_match: base.etag, ..Options::default() };
            call_with::<ChangeOAuthClientSettings>(&path, &Nothing {}, &body, options).await.map(drop)
        }
    }
}

fn form(draft: Draft, need: StoredValue<ClientNeed>, is_new: Memo<bool>, submit: Callback<()>) -> AnyView {
    let need = need.get_value();
    let new = is_new.get_untracked();
    let help = need.registration.map(|registration| {
        view! {
            <p class="muted">{registration.help}</p>
            <p>
                <ExternalLink href=registration.url label=words::REGISTER_WHERE />
            </p>
        }
    });
    view! {
        <div class="stack">
            {help}
            <SecretDisplay
                label=words::REDIRECT
                value=need.redirect_url
                open=true
                help=Some(words::REDIRECT_HELP.to_owned())
            />
            <Form id=FORM on_submit=submit problem=draft.failure>
                <TextField
                    label=words::NAME
                    value=draft.name.value
                    help=Some(words::NAME_HELP.to_owned())
                    error=draft.name.error()
                    required=true
                />
                <TextField
                    label=words::CLIENT_ID
                    value=draft.client_id.value
                    error=draft.client_id.error()
                    required=true
                    code=true
                />
                <SecretField
                    label=words::CLIENT_SECRET
                    value=draft.secret.value
                    error=draft.secret.error()
                    required=new
                    keeps=!new
                />
            </Form>
        </div>
    }
    .into_any()
}
