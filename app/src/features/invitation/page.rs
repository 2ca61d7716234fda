//! The page.

use drawbridge_contract::endpoints::{AcceptTheInvitation, AcceptWithSession, ReadInvitation, SignOut};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::people::{AcceptInvitation, Invitation, InvitationPath, JoinTenant};
use drawbridge_contract::types::sessions::WhoAmI;
use drawbridge_contract::types::{Nothing, SecretText};
use drawbridge_domain::account::new_password;
use drawbridge_domain::text::TextFault;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::words;
use crate::client::{self, Answered, ApiError, Reading, Task, call};
use crate::paths;
use crate::shell::{Session, Typed, failed, focus_field, title, use_session};
use crate::ui::{
    Button, EmptyState, Form, Icon, InputKind, LinkButton, Notice, SecretField, Skeleton, TextField, Tone,
    Variant, focus_first_error, live, memo,
};

const FORM: &str = "invitation";

/// The page.
#[component]
pub fn InvitationPage(
    /// The secret of the link.
    token: String,
) -> impl IntoView {
    title(words::INVITATION);
    let session = use_session();
    let path = StoredValue::new(InvitationPath { token });
    let read = Reading::new(move || {
        let answer = path.with_value(|path| call::<ReadInvitation>(path, &Nothing {}, &Nothing {}));
        async move { answer.await.map(|answer| answer.value) }
    });
    let navigate = use_navigate();
    let enter = Callback::new(move |who: WhoAmI| {
        let home = paths::home(&who.tenant.slug);
        session.enter(who);
        navigate(&home, NavigateOptions { replace: true, ..NavigateOptions::default() });
    });
    let known = memo(move || read.get());
    // Who is signed in decides what is asked for.
    let present = memo(move || session.who().map(|who| who.user.email));
    live(move || match known.get() {
        None => view! { <Skeleton lines=4 /> }.into_any(),
        Some(Err(error)) if error.code() == Some(ProblemCode::NotFound) => gone(),
        Some(Err(error)) => failed(&error, Some(Callback::new(move |()| read.refetch()))),
        Some(Ok(invitation)) => {
            let token = path.with_value(|path| path.token.clone());
            let content = match present.get() {
                None => password(&invitation, token, enter),
                Some(email) if email == invitation.email => own_session(&email, token, enter),
                Some(email) => somebody_else(session, &email, &invitation.email),
            };
            view! {
                <div class="stack-small">
                    <h1 class="page-title">{words::join(&invitation.tenant_name)}</h1>
                    <p class="muted">
                        {words::about(&invitation.first_name, &invitation.last_name, invitation.role)}
                    </p>
                </div>
                {content}
                {invitation.single_sign_on.filter(|_| present.with(Option::is_none)).map(|label| by_sso(label, path))}
            }
            .into_any()
        }
    })
}

/// Accepts as one's account at the tenant's provider: no password is needed.
fn by_sso(label: String, path: StoredValue<InvitationPath>) -> AnyView {
    let press = move || {
        let start =
            path.with_value(|path| paths::with("/oauth/sign-in".to_owned(), "invitation", &path.token));
        window().location().assign(&start).ok();
    };
    view! { <Button label=words::sso(&label) on_press=press /> }.into_any()
}

fn gone() -> AnyView {
    let action = move || view! { <LinkButton href=paths::ROOT.to_owned() label=words::SIGN_IN variant=Variant::Primary /> };
    view! {
        <EmptyState
            title=words::GONE
            text=Some(words::GONE_TEXT.to_owned())
            icon=Icon::Link
            page=true
            action=action
        />
    }
    .into_any()
}

/// Asks for a new password, or for that of the account that is there.
fn password(invitation: &Invitation, token: String, enter: Callback<WhoAmI>) -> AnyView {
    focus_field();
    let has_account = invitation.has_account;
    let about = [
        invitation.email.clone(),
        invitation.first_name.clone(),
        invitation.last_name.clone(),
        invitation.tenant_name.clone(),
        "drawbridge".to_owned(),
    ];
    let typed = Typed::new(move |text| {
        if has_account {
            return if text.is_empty() { Err(TextFault::Empty) } else { Ok(()) };
        }
        new_password(text, &about.each_ref().map(String::as_str))
    });
    let email = RwSignal::new(invitation.email.clone());
    let failure = RwSignal::new(None::<ApiError>);
    let task = Task::new();
    let accept = move |body: AcceptInvitation| async move {
        match call::<AcceptTheInvitation>(&Nothing {}, &Nothing {}, &body).await {
            Ok(Answered { value, .. }) => enter.run(value),
            Err(error) => {
                let told = typed.reject(&error, "password");
                failure.try_set((!told).then_some(error));
                focus_first_error(FORM);
            }
        }
    };
    let submit = move || {
        failure.set(None);
        if typed.is_good() {
            let token = SecretText::new(token.clone());
            task.run(accept(AcceptInvitation { token, password: SecretText::new(typed.sent()) }));
        }
    };
    let (label, help, fill, verb) = if has_account {
        (words::PASSWORD, words::PASSWORD_HELP, "current-password", words::JOIN)
    } else {
        (words::NEW_PASSWORD, words::NEW_PASSWORD_HELP, "new-password", words::ACCEPT)
    };
    let problem = move || failure.with(|error| error.as_ref().map(client::words::line));
    view! {
        <Form id=FORM on_submit=submit problem=Signal::derive(problem)>
            <TextField
                label=words::EMAIL
                value=email
                kind=InputKind::Email
                name="email"
                autocomplete="username"
                read_only=true
            />
            <SecretField
                label=label
                value=typed.value
                name="password"
                autocomplete=fill
                help=Some(help.to_owned())
                error=typed.error()
                on_leave=typed.on_leave()
                required=true
                no_copy=true
            />
            <Button label=verb variant=Variant::Primary submit=true busy=task.busy() />
        </Form>
    }
    .into_any()
}

/// Joins with the session that is there.
fn own_session(email: &str, token: String, enter: Callback<WhoAmI>) -> AnyView {
    let failure = RwSignal::new(None::<ApiError>);
    let task = Task::new();
    let join = move |body: JoinTenant| async move {
        match call::<AcceptWithSession>(&Nothing {}, &Nothing {}, &body).await {
            Ok(answer) => enter.run(answer.value),
            Err(error) => {
                failure.try_set(Some(error));
            }
        }
    };
    let press = move || {
        failure.set(None);
        task.run(join(JoinTenant { token: SecretText::new(token.clone()) }));
    };
    view! {
        <p>{words::as_present(email)}</p>
        {problem(failure)}
        <div class="form-actions">
            <Button label=words::JOIN variant=Variant::Primary busy=task.busy() on_press=press />
        </div>
    }
    .into_any()
}

fn problem(failure: RwSignal<Option<ApiError>>) -> AnyView {
    live(move || {
        let error = failure.get()?;
        Some(view! { <Notice title=client::words::line(&error) tone=Tone::Bad /> }.into_any())
    })
}

/// Somebody else is signed in: signs out first.
fn somebody_else(session: Session, present: &str, invited: &str) -> AnyView {
    let failure = RwSignal::new(None::<ApiError>);
    let task = Task::new();
    let press = move || {
        failure.set(None);
        task.run(async move {
            match call::<SignOut>(&Nothing {}, &Nothing {}, &Nothing {}).await {
                Ok(_) => session.leave(),
                Err(error) => {
                    failure.try_set(Some(error));
                }
            }
        });
    };
    let text = words::somebody_else(present, invited);
    let action =
        move || view! { <Button label=words::SIGN_OUT small=true busy=task.busy() on_press=press /> };
    view! {
        <Notice title=words::SOMEBODY_ELSE text=Some(text) tone=Tone::Info action=action />
        {problem(failure)}
    }
    .into_any()
}
