//! The sign-in page.

use drawbridge_contract::endpoints::SignInWithPassword;
use drawbridge_contract::types::sessions::SignIn;
use drawbridge_contract::types::{Nothing, SecretText};
use drawbridge_domain::account;
use drawbridge_domain::text::TextFault;
use leptos::prelude::*;

use super::words;
use crate::client::{self, ApiError, Task, call};
use crate::shell::{SessionState, Typed, focus_field, title, use_session};
use crate::ui::{
    Button, Form, InputKind, Notice, SecretField, TextField, Tone, Variant, focus_first_error, live,
};

const FORM: &str = "sign-in";

/// The page.
#[component]
pub fn SignInPage() -> impl IntoView {
    title(words::SIGN_IN);
    focus_field();
    let session = use_session();
    let email = Typed::new(account::email);
    let password = Typed::new(|text| if text.is_empty() { Err(TextFault::Empty) } else { Ok(()) });
    let failure = RwSignal::new(None::<ApiError>);
    let task = Task::new();
    let sign_in = move |body: SignIn| async move {
        match call::<SignInWithPassword>(&Nothing {}, &Nothing {}, &body).await {
            Ok(answer) => session.enter(answer.value),
            Err(error) => {
                let told = [email.reject(&error, "email"), password.reject(&error, "password")];
                failure.try_set((!told.contains(&true)).then_some(error));
                focus_first_error(FORM);
            }
        }
    };
    let submit = move || {
        failure.set(None);
        let good = [email.is_good(), password.is_good()];
        if !good.contains(&false) {
            let (email, password) = (email.sent().trim().to_owned(), SecretText::new(password.sent()));
            task.run(sign_in(SignIn { email, password }));
        }
    };
    let ended = move || session.state() == SessionState::SignedOut { ended: true };
    view! {
        <h1 class="page-title">{words::SIGN_IN}</h1>
        {live(move || {
            let text = Some(words::ENDED_TEXT.to_owned());
            ended().then(|| view! { <Notice title=words::ENDED text=text tone=Tone::Info /> }.into_any())
        })}
        <Form
            id=FORM
            on_submit=submit
            problem=Signal::derive(move || failure.with(|error| error.as_ref().map(client::words::line)))
        >
            <TextField
                label=words::EMAIL
                value=email.value
                kind=InputKind::Email
                name="email"
                autocomplete="username"
                required=true
                autofocus=true
                error=email.error()
                on_leave=email.on_leave()
            />
            <SecretField
                label=words::PASSWORD
                value=password.value
                name="password"
                autocomplete="current-password"
                required=true
                no_copy=true
                error=password.error()
            />
            <Button label=words::SIGN_IN variant=Variant::Primary submit=true busy=task.busy() />
        </Form>
    }
    .into_any()
}
