//! The panel that adds a user, and ends with the link to copy.

use drawbridge_contract::endpoints::InviteToTenant;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::people::{InviteUser, Invited};
use drawbridge_domain::account;
use drawbridge_domain::role::Role;
use drawbridge_domain::text::plain_name;
use drawbridge_domain::user::check_gives_role;
use leptos::prelude::*;

use super::desk::Desk;
use super::{link, words};
use crate::client::{self, ApiError, Task, call};
use crate::shell::{Typed, use_session};
use crate::ui::{
    Button, Choice, Form, InputKind, Panel, SelectField, TextField, Variant, focus_first_error, live, memo,
};

const FORM: &str = "add-user";

#[derive(Clone, Copy)]
struct Draft {
    email: Typed,
    first_name: Typed,
    last_name: Typed,
    role: RwSignal<String>,
    error: RwSignal<Option<ApiError>>,
    made: RwSignal<Option<Invited>>,
}

impl Draft {
    fn new() -> Self {
        Self {
            email: Typed::new(account::email),
            first_name: Typed::new(|text| plain_name(text).map(drop)),
            last_name: Typed::new(|text| plain_name(text).map(drop)),
            role: RwSignal::new(Role::Designer.code().to_owned()),
            error: RwSignal::new(None),
            made: RwSignal::new(None),
        }
    }

    fn texts(self) -> [(Typed, &'static str); 3] {
        [(self.email, "email"), (self.first_name, "firstName"), (self.last_name, "lastName")]
    }

    fn clear(self) {
        for (typed, _) in self.texts() {
            typed.clear();
        }
        self.role.set(Role::Designer.code().to_owned());
        self.error.set(None);
        self.made.set(None);
    }

    fn reject(self, error: ApiError) {
        let told = self.texts().map(|(typed, path)| typed.reject(&error, path)).contains(&true);
        self.error.try_set((!told).then_some(error));
    }
}

/// The roles to choose from; those that the reader may not give cannot be chosen.
pub(super) fn roles(actor: Role, from: Role) -> Vec<Choice> {
    Role::ALL
        .map(|role| Choice {
            disabled: check_gives_role(actor, from, role).is_err(),
            ..Choice::new(role.code(), role.name())
        })
        .to_vec()
}

/// What is said under the choice of a role.
pub(super) fn role_help(actor: Role) -> String {
    if actor == Role::GlobalAdministrator {
        words::ROLE_TEXT.to_owned()
    } else {
        [words::ROLE_TEXT, " ", words::ROLE_HELP].concat()
    }
}

/// The panel; open while the address says so.
pub(super) fn panel(desk: Desk) -> AnyView {
    let draft = Draft::new();
    let task = Task::new();
    let invite = move |body: InviteUser| async move {
        match call::<InviteToTenant>(&Nothing {}, &Nothing {}, &body).await {
            Ok(answer) => {
                draft.made.try_set(Some(answer.value));
                desk.changed();
            }
            Err(error) => {
                draft.reject(error);
                focus_first_error(FORM);
            }
        }
    };
    let submit = Callback::new(move |()| {
        draft.error.set(None);
        let good = draft.texts().map(|(typed, _)| typed.is_good());
        if good.contains(&false) {
            return;
        }
        let text = |typed: Typed| typed.sent().trim().to_owned();
        task.run(invite(InviteUser {
            email: text(draft.email),
            first_name: text(draft.first_name),
            last_name: text(draft.last_name),
            role: Role::from_code(&draft.role.get_untracked()).unwrap_or(Role::Participant),
        }));
    });
    let close = Callback::new(move |()| {
        draft.clear();
        desk.close();
    });
    let made = memo(move || draft.made.with(Option::is_some));
    let dirty = move || !made.get() && draft.texts().iter().any(|(typed, _)| !typed.value.read().is_empty());
    let title = move || if made.get() { words::INVITED } else { words::ADD_USER }.to_owned();
    let footer = move || {
        live(move || {
            if made.get() {
                view! {
                    <Button label=words::ADD_ANOTHER on_press=move || draft.clear() />
                    <Button label=words::DONE variant=Variant::Primary on_press=close />
                }
                .into_any()
            } else {
                view! {
                    <Button label=words::CANCEL on_press=close />
                    <Button
                        label=words::INVITE
                        variant=Variant::Primary
                        submit=true
                        form=FORM
                        busy=task.busy()
                    />
                }
                .into_any()
            }
        })
    };
    let body = move || {
        live(move || match draft.made.get() {
            Some(made) => done(made),
            None => form(draft, submit),
        })
    };
    view! {
        <Panel
            open=desk.is_open("add")
            title=Signal::derive(title)
            dirty=Signal::derive(dirty)
            on_close=close
            footer=footer
        >
            {body()}
        </Panel>
    }
    .into_any()
}

fn done(made: Invited) -> AnyView {
    let (name, email) = (words::name(&made.user), made.user.email);
    view! {
        <div class="stack">
            <p role="status">
                <strong>{name}</strong>
                <br />
                <span class="muted">{email} " · " {made.user.role.name()}</span>
            </p>
            {link::shown(made.link)}
        </div>
    }
    .into_any()
}

fn form(draft: Draft, submit: Callback<()>) -> AnyView {
    let session = use_session();
    let problem = move || draft.error.with(|error| error.as_ref().map(client::words::line));
    view! {
        <Form id=FORM on_submit=submit problem=Signal::derive(problem)>
            <p class="muted">{words::ADD_TEXT}</p>
            <TextField
                label=words::EMAIL
                value=draft.email.value
                kind=InputKind::Email
                name="email"
                autocomplete="off"
                error=draft.email.error()
                on_leave=draft.email.on_leave()
                required=true
                autofocus=true
            />
            {text(words::FIRST_NAME, draft.first_name)}
            {text(words::LAST_NAME, draft.last_name)}
            <SelectField
                label=words::ROLE
                value=draft.role
                options=Signal::derive(move || roles(session.role(), Role::Participant))
                help=Signal::derive(move || Some(role_help(session.role())))
                required=true
            />
        </Form>
    }
    .into_any()
}

/// A field for a name.
pub(super) fn text(label: &'static str, typed: Typed) -> AnyView {
    view! {
        <TextField
            label=label
            value=typed.value
            autocomplete="off"
            error=typed.error()
            on_leave=typed.on_leave()
            required=true
            max_length=100
        />
    }
    .into_any()
}
