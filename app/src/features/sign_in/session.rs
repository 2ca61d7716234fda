//! The sign-in page.

use drawbridge_contract::endpoints::{FindSignIn, SignInWithPassword};
use drawbridge_contract::types::sessions::SignIn;
use drawbridge_contract::types::sso::{SignInOffer, SlugPath};
use drawbridge_contract::types::{Nothing, SecretText};
use drawbridge_domain::account;
use drawbridge_domain::text::TextFault;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::words;
use crate::client::{self, ApiError, Reading, Task, call};
use crate::paths;
use crate::shell::{Session, SessionState, Typed, focus_field, title, use_session};
use crate::ui::{
    Button, Form, InputKind, Notice, SecretField, TextField, Tone, Variant, focus_first_error, live,
};

const FORM: &str = "sign-in";

/// The page.
#[component]
pub fn SignInPage(
    /// The tenant whose own address it is; empty: nobody's.
    tenant: String,
) -> impl IntoView {
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
    // A tenant's own address offers its own provider; anywhere else the email address tells which one it is.
    let is_offered = RwSignal::new(false);
    let by_email = by_email(email);
    let ended = move || session.state() == SessionState::SignedOut { ended: true };
    view! {
        <h1 class="page-title">{words::SIGN_IN}</h1>
        {offered(tenant, is_offered)}
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
            {live(move || {
                (!is_offered.get()).then(|| view! { <Button label=words::SSO on_press=by_email /> }.into_any())
            })}
        </Form>
    }
    .into_any()
}

/// Leaves for the provider; the browser comes back to where it wanted to go. Over a page with something typed in it
/// that happens in a tab of its own: the page goes on when the reader comes back to it.
fn leave(session: Session, name: &str, value: &str, wanted: Option<String>) {
    let address =
        paths::with(paths::with("/oauth/sign-in".to_owned(), name, value), "to", &wanted.unwrap_or_default());
    if session.has_lapsed().get_untracked() {
        window().open_with_url_and_target(&address, "_blank").ok();
    } else {
        window().location().assign(&address).ok();
    }
}

/// By the email address that is typed.
fn by_email(email: Typed) -> Callback<()> {
    let (session, query) = (use_session(), use_query_map());
    Callback::new(move |()| {
        if email.is_good() {
            leave(session, "email", email.sent().trim(), query.with_untracked(|query| query.get("to")));
        } else {
            focus_first_error(FORM);
        }
    })
}

/// What the tenant's own address offers besides the password.
fn offered(tenant: String, is_offered: RwSignal<bool>) -> AnyView {
    if tenant.is_empty() {
        return ().into_any();
    }
    let (session, query) = (use_session(), use_query_map());
    let path = StoredValue::new(SlugPath { slug: tenant });
    let read = Reading::new(move || {
        let answer = path.with_value(|path| call::<FindSignIn>(path, &Nothing {}, &Nothing {}));
        // Where there is nothing, or it cannot be found out, the password is there.
        async move {
            let offer = answer.await.ok().map(|answer| answer.value);
            is_offered.try_set(offer.is_some());
            offer
        }
    });
    let go = Callback::new(move |()| {
        path.with_value(|path| {
            leave(session, "tenant", &path.slug, query.with_untracked(|query| query.get("to")));
        });
    });
    live(move || {
        let SignInOffer { tenant_name, label } = read.get().flatten()?;
        Some(
            view! {
                <div class="stack">
                    <p class="muted">{words::sign_in_to(&tenant_name)}</p>
                    <Button label=words::sso(&label) variant=Variant::Primary on_press=go />
                    <p class="muted">{words::OR}</p>
                </div>
            }
            .into_any(),
        )
    })
}
