//! The provider's settings.

use drawbridge_contract::endpoints::ChangeSsoSettings;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::sso::{ChangeSso, SsoSettings};
use drawbridge_contract::types::{Nothing, SecretText};
use drawbridge_domain::role::Role;
use drawbridge_domain::sso::{self, DEFAULT_ROLES, SCOPES};
use drawbridge_domain::text::{TextFault, plain_name};
use leptos::prelude::*;

use super::desk::Desk;
use super::words;
use crate::client::{self, ApiError, Options, Task, call_with};
use crate::shell::{Typed, toasts};
use crate::ui::{
    Button, Checkbox, Choice, Form, SecretDisplay, SecretField, SelectField, TextField, Variant,
    focus_first_error,
};

const FORM: &str = "sso-form";

/// What is typed.
#[derive(Clone, Copy)]
struct Draft {
    issuer: Typed,
    client_id: Typed,
    secret: Typed,
    scopes: Typed,
    label: Typed,
    role: RwSignal<String>,
    auto_join: RwSignal<bool>,
    /// What was saved when typing began, with its version.
    base: RwSignal<Option<SsoSettings>>,
    etag: RwSignal<Option<String>>,
    error: RwSignal<Option<ApiError>>,
}

impl Draft {
    fn new(settings: Option<&SsoSettings>, etag: Option<String>) -> Self {
        let of = |field: fn(&SsoSettings) -> &str, preset: &str| settings.map_or(preset, field).to_owned();
        let some = |text: &str| if text.trim().is_empty() { Err(TextFault::Empty) } else { Ok(()) };
        let keeps = settings.is_some();
        let role = settings.map_or(Role::Participant, |set| set.default_role);
        Self {
            issuer: Typed::from(of(|set| &set.issuer, ""), sso::issuer),
            client_id: Typed::from(of(|set| &set.client_id, ""), some),
            secret: Typed::new(move |text| if keeps { Ok(()) } else { some(text) }),
            scopes: Typed::from(of(|set| &set.scopes, SCOPES), sso::scopes),
            label: Typed::from(of(|set| &set.label, ""), |text| plain_name(text).map(drop)),
            role: RwSignal::new(role.code().to_owned()),
            auto_join: RwSignal::new(settings.is_some_and(|set| set.auto_join)),
            base: RwSignal::new(settings.cloned()),
            etag: RwSignal::new(etag),
            error: RwSignal::new(None),
        }
    }

    fn named(self) -> [(Typed, &'static str); 5] {
        [
            (self.issuer, "issuer"),
            (self.client_id, "clientId"),
            (self.secret, "clientSecret"),
            (self.scopes, "scopes"),
            (self.label, "label"),
        ]
    }

    fn all_good(self) -> bool {
        // Every one is asked, so that every error shows.
        !self.named().map(|(typed, _)| typed.is_good()).contains(&false)
    }

    fn body(self) -> ChangeSso {
        let sent = |typed: Typed| Some(typed.sent().trim().to_owned());
        ChangeSso {
            issuer: sent(self.issuer),
            client_id: sent(self.client_id),
            client_secret: sent(self.secret).filter(|text| !text.is_empty()).map(SecretText::new),
            scopes: sent(self.scopes),
            label: sent(self.label),
            default_role: Role::from_code(&self.role.get_untracked()),
            auto_join: Some(self.auto_join.get_untracked()),
        }
    }

    /// Puts what the server says beside the fields that it is about; whether there was any.
    fn reject(self, error: &ApiError) -> bool {
        self.named().map(|(typed, path)| typed.reject(error, path)).contains(&true)
    }
}

pub(super) fn section(desk: Desk) -> AnyView {
    let read = desk.read.get_untracked();
    let keeps = read.value.settings.is_some();
    let draft = Draft::new(read.value.settings.as_ref(), read.etag);
    let toasts = toasts();
    let task = Task::new();
    let save = move |body: ChangeSso| async move {
        let options = Options { if_match: draft.etag.get_untracked(), ..Options::default() };
        match call_with::<ChangeSsoSettings>(&Nothing {}, &Nothing {}, &body, options).await {
            Ok(answer) => {
                toasts.success(words::SAVED);
                draft.etag.try_set(answer.etag);
                draft.secret.clear();
                if let Some(settings) = &answer.value.settings {
                    draft.issuer.value.try_set(settings.issuer.clone());
                }
                draft.base.try_set(answer.value.settings);
                desk.refetch();
            }
            Err(error) => {
                if error.code() == Some(ProblemCode::PreconditionFailed) {
                    desk.refetch();
                }
                draft.error.try_set((!draft.reject(&error)).then_some(error));
                focus_first_error(FORM);
            }
        }
    };
    let submit = move || {
        let lost = draft.error.with_untracked(|error| error.as_ref().and_then(ApiError::code));
        // A switch makes a new version too. Whoever was told that somebody else saved, and saves again, means it.
        let now = desk.read.get_untracked();
        let unchanged =
            draft.base.with_untracked(|base| same_fields(base.as_ref(), now.value.settings.as_ref()));
        if unchanged || lost == Some(ProblemCode::PreconditionFailed) {
            draft.etag.set(now.etag);
        }
        draft.error.set(None);
        if draft.all_good() && desk.refusal.with_untracked(Option::is_none) {
            task.run(save(draft.body()));
        }
    };
    let problem = Signal::derive(move || {
        draft.error.with(|error| {
            error.as_ref().map(|error| match error.code() {
                Some(ProblemCode::PreconditionFailed) => words::CHANGED_MEANWHILE.to_owned(),
                _ => client::words::line(error),
            })
        })
    });
    let redirect = Signal::derive(move || desk.read.with(|read| read.value.redirect_url.clone()));
    let roles: Vec<Choice> =
        DEFAULT_ROLES.into_iter().map(|role| Choice::new(role.code(), role.name())).collect();
    view! {
        <section class="section" aria-labelledby="sso-provider">
            <h2 class="section-title" id="sso-provider">
                {words::PROVIDER}
            </h2>
            <Form id=FORM on_submit=submit problem=problem>
                <SecretDisplay
                    label=words::REDIRECT
                    value=redirect
                    open=true
                    help=Some(words::REDIRECT_HELP.to_owned())
                />
                {text(words::ISSUER, draft.issuer, "issuer", Some(words::ISSUER_HELP))}
                {text(words::CLIENT_ID, draft.client_id, "client-id", None)}
                <SecretField
                    label=words::CLIENT_SECRET
                    value=draft.secret.value
                    name="client-secret"
                    keeps=keeps
                    required=!keeps
                    error=draft.secret.error()
                    on_leave=draft.secret.on_leave()
                />
                {text(words::SCOPES, draft.scopes, "scopes", None)}
                {text(words::LABEL, draft.label, "label", Some(words::LABEL_HELP))}
                <SelectField
                    label=words::ROLE
                    value=draft.role
                    options=roles
                    name="role"
                    help=Some(words::ROLE_HELP.to_owned())
                />
                <Checkbox
                    label=words::AUTO_JOIN
                    checked=draft.auto_join
                    name="auto-join"
                    help=Some(words::AUTO_JOIN_HELP.to_owned())
                    disabled_reason=desk.refusal
                />
                <div class="form-actions">
                    <Button
                        label=words::SAVE
                        variant=Variant::Primary
                        submit=true
                        busy=task.busy()
                        disabled_reason=desk.refusal
                    />
                </div>
            </Form>
        </section>
    }
    .into_any()
}

/// Whether two states have the same in what this form sets.
fn same_fields(one: Option<&SsoSettings>, other: Option<&SsoSettings>) -> bool {
    let fields = |set: &SsoSettings| {
        let texts = [&set.issuer, &set.client_id, &set.scopes, &set.label].map(Clone::clone);
        (texts, set.default_role, set.auto_join)
    };
    one.map(fields) == other.map(fields)
}

fn text(label: &'static str, typed: Typed, name: &'static str, help: Option<&'static str>) -> AnyView {
    view! {
        <TextField
            label=label
            value=typed.value
            name=name
            autocomplete="off"
            help=help.map(str::to_owned)
            error=typed.error()
            on_leave=typed.on_leave()
            required=true
        />
    }
    .into_any()
}
