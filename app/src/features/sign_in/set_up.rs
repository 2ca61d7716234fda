//! The first set-up of a deployment.

use drawbridge_contract::endpoints::SetUpDeployment;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::sessions::SetUp;
use drawbridge_contract::types::{Nothing, SecretText};
use drawbridge_domain::account;
use drawbridge_domain::text::{TextFault, plain_name};
use leptos::prelude::*;

use super::words;
use crate::client::{self, ApiError, Task, call};
use crate::shell::{Typed, focus_field, title, toasts, use_session};
use crate::ui::{Button, Form, InputKind, SecretField, TextField, Variant, focus_first_error};

const FORM: &str = "set-up";

#[derive(Clone, Copy)]
struct Fields {
    code: Typed,
    tenant: Typed,
    first_name: Typed,
    last_name: Typed,
    email: Typed,
    password: Typed,
}

impl Fields {
    fn new() -> Self {
        let (tenant, first_name, last_name) = (
            Typed::new(|text| plain_name(text).map(drop)),
            Typed::new(|text| plain_name(text).map(drop)),
            Typed::new(|text| plain_name(text).map(drop)),
        );
        let email = Typed::new(account::email);
        Self {
            code: Typed::new(|text| if text.trim().is_empty() { Err(TextFault::Empty) } else { Ok(()) }),
            password: Typed::new(move |text| {
                // Read with tracking: a password that repeats the tenant's name stops being good when it is typed.
                let about = [tenant, first_name, last_name, email].map(|typed| typed.value.get());
                check_password(text, &about)
            }),
            tenant,
            first_name,
            last_name,
            email,
        }
    }

    fn named(self) -> [(Typed, &'static str); 6] {
        [
            (self.code, "setupCode"),
            (self.tenant, "tenantName"),
            (self.first_name, "firstName"),
            (self.last_name, "lastName"),
            (self.email, "email"),
            (self.password, "password"),
        ]
    }

    fn all_good(self) -> bool {
        // Every one is asked, so that every error shows.
        self.named().map(|(typed, _)| typed.is_good()).iter().all(|good| *good)
    }

    fn body(self) -> SetUp {
        let trimmed = |typed: Typed| typed.sent().trim().to_owned();
        SetUp {
            setup_code: SecretText::new(trimmed(self.code)),
            tenant_name: trimmed(self.tenant),
            email: trimmed(self.email),
            first_name: trimmed(self.first_name),
            last_name: trimmed(self.last_name),
            password: SecretText::new(self.password.sent()),
        }
    }

    /// Puts what the server says beside the fields that it is about; whether there was any.
    fn reject(self, error: &ApiError) -> bool {
        if error.code() == Some(ProblemCode::SetupCodeWrong) {
            self.code.reject_with(client::words::line(error));
            return true;
        }
        self.named().map(|(typed, path)| typed.reject(error, path)).contains(&true)
    }
}

fn check_password(password: &str, about: &[String; 4]) -> Result<(), TextFault> {
    let about: Vec<&str> = about.iter().map(String::as_str).chain(["drawbridge"]).collect();
    account::new_password(password, &about)
}

/// The page.
#[component]
pub fn SetUpPage() -> impl IntoView {
    title(words::SET_UP);
    focus_field();
    let session = use_session();
    let toasts = toasts();
    let fields = Fields::new();
    let failure = RwSignal::new(None::<ApiError>);
    let task = Task::new();
    let set_up = move |body: SetUp| async move {
        match call::<SetUpDeployment>(&Nothing {}, &Nothing {}, &body).await {
            Ok(answer) => session.enter(answer.value),
            Err(error) if error.code() == Some(ProblemCode::NotFound) => {
                toasts.neutral(words::ALREADY_SET_UP);
                session.leave();
            }
            Err(error) => {
                failure.try_set((!fields.reject(&error)).then_some(error));
                focus_first_error(FORM);
            }
        }
    };
    let submit = move || {
        failure.set(None);
        if fields.all_good() {
            task.run(set_up(fields.body()));
        }
    };
    view! {
        <div class="stack-small">
            <h1 class="page-title">{words::SET_UP}</h1>
            <p class="muted">{words::SET_UP_TEXT}</p>
        </div>
        <Form
            id=FORM
            on_submit=submit
            problem=Signal::derive(move || failure.with(|error| error.as_ref().map(client::words::line)))
        >
            <TextField
                label=words::SETUP_CODE
                value=fields.code.value
                help=Some(words::SETUP_CODE_HELP.to_owned())
                error=fields.code.error()
                on_leave=fields.code.on_leave()
                required=true
                autofocus=true
                code=true
            />
            {text(words::TENANT_NAME, fields.tenant, "organization", Some(words::TENANT_NAME_HELP))}
            {text(words::FIRST_NAME, fields.first_name, "given-name", None)}
            {text(words::LAST_NAME, fields.last_name, "family-name", None)}
            <TextField
                label=words::EMAIL
                value=fields.email.value
                kind=InputKind::Email
                name="email"
                autocomplete="username"
                error=fields.email.error()
                on_leave=fields.email.on_leave()
                required=true
            />
            <SecretField
                label=words::PASSWORD
                value=fields.password.value
                name="password"
                autocomplete="new-password"
                help=Some(words::PASSWORD_HELP.to_owned())
                error=fields.password.error()
                on_leave=fields.password.on_leave()
                required=true
                no_copy=true
            />
            <Button label=words::SET_UP_SUBMIT variant=Variant::Primary submit=true busy=task.busy() />
        </Form>
    }
    .into_any()
}

fn text(label: &'static str, typed: Typed, fill: &'static str, help: Option<&'static str>) -> AnyView {
    view! {
        <TextField
            label=label
            value=typed.value
            name=fill
            autocomplete=fill
            help=help.map(str::to_owned)
            error=typed.error()
            on_leave=typed.on_leave()
            required=true
        />
    }
    .into_any()
}
