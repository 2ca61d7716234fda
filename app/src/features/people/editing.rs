//! A user's names and role, to be changed.

use drawbridge_contract::endpoints::ChangeUserSettings;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::people::ChangeUser;
use drawbridge_domain::role::Role;
use drawbridge_domain::text::plain_name;
use drawbridge_domain::user::UserAction;
use leptos::prelude::*;

use super::add::{role_help, roles, text};
use super::user::Parts;
use super::words;
use crate::client::{self, Options, Task, call_with};
use crate::shell::{Typed, toasts};
use crate::ui::{Button, Choice, Form, SelectField, Variant, focus_first_error, watch};

const FORM: &str = "user-form";

#[derive(Clone, Copy)]
struct Draft {
    first_name: Typed,
    last_name: Typed,
    role: RwSignal<String>,
}

impl Draft {
    fn new(parts: Parts) -> Self {
        let user = parts.user.get_untracked().user;
        Self {
            first_name: Typed::from(user.first_name, |text| plain_name(text).map(drop)),
            last_name: Typed::from(user.last_name, |text| plain_name(text).map(drop)),
            role: RwSignal::new(user.role.code().to_owned()),
        }
    }

    /// Only what differs from what is saved.
    fn change(self, parts: Parts) -> ChangeUser {
        parts.user.with(|user| {
            let new = |typed: Typed, saved: &str| {
                let text = typed.value.with(|text| text.trim().to_owned());
                (text != saved).then_some(text)
            };
            ChangeUser {
                first_name: new(self.first_name, &user.user.first_name),
                last_name: new(self.last_name, &user.user.last_name),
                role: Role::from_code(&self.role.read()).filter(|role| *role != user.user.role),
            }
        })
    }

    fn take(self, parts: Parts) {
        let user = parts.user.get_untracked().user;
        self.first_name.value.set(user.first_name);
        self.last_name.value.set(user.last_name);
        self.role.set(user.role.code().to_owned());
    }
}

/// The form.
pub(super) fn form(parts: Parts) -> AnyView {
    let draft = Draft::new(parts);
    let toasts = toasts();
    let task = Task::new();
    let problem = RwSignal::new(None::<String>);
    // What is saved elsewhere takes the fields' place; nothing that is typed is sent over it unseen.
    let version = StoredValue::new(parts.etag.get_untracked());
    watch(move || {
        let now = parts.etag.get();
        if version.get_value() != now {
            version.set_value(now);
            draft.take(parts);
        }
    });
    let save = move |change: ChangeUser, options: Options| async move {
        match call_with::<ChangeUserSettings>(&parts.path(), &Nothing {}, &change, options).await {
            Ok(_) => {
                toasts.success(words::SAVED);
                // One's own role decides which pages there are.
                parts.session.refresh();
                parts.desk.changed();
            }
            Err(error) if error.code() == Some(ProblemCode::PreconditionFailed) => {
                problem.try_set(Some(words::CHANGED_MEANWHILE.to_owned()));
                parts.desk.changed();
            }
            Err(error) => {
                let told = [
                    draft.first_name.reject(&error, "firstName"),
                    draft.last_name.reject(&error, "lastName"),
                ];
                problem.try_set((!told.contains(&true)).then(|| client::words::line(&error)));
                focus_first_error(FORM);
            }
        }
    };
    let submit = Callback::new(move |()| {
        problem.set(None);
        let good = [draft.first_name.is_good(), draft.last_name.is_good()];
        let change = untrack(|| draft.change(parts));
        if !good.contains(&false) && change != ChangeUser::default() {
            let options = Options { if_match: parts.etag.get_untracked(), ..Options::default() };
            task.run(save(change, options));
        }
    });
    let not_saved =
        move || (draft.change(parts) == ChangeUser::default()).then(|| words::NOTHING_TO_SAVE.to_owned());
    let refusal = parts.refusal(UserAction::ChangeRole);
    let options = move || {
        let role = parts.user.with(|user| user.user.role);
        let fixed = refusal.with(Option::is_some);
        let choices = roles(parts.session.role(), role).into_iter();
        choices
            .map(|choice| Choice {
                disabled: choice.disabled || (fixed && choice.value != role.code()),
                ..choice
            })
            .collect::<Vec<_>>()
    };
    let help = move || Some(refusal.get().unwrap_or_else(|| role_help(parts.session.role())));
    view! {
        <Form id=FORM on_submit=submit problem=problem>
            {text(words::FIRST_NAME, draft.first_name)}
            {text(words::LAST_NAME, draft.last_name)}
            <SelectField
                label=words::ROLE
                value=draft.role
                options=Signal::derive(options)
                help=Signal::derive(help)
                required=true
            />
            <div class="cluster">
                <Button
                    label=words::SAVE
                    variant=Variant::Primary
                    submit=true
                    busy=task.busy()
                    disabled_reason=Signal::derive(not_saved)
                />
            </div>
        </Form>
    }
    .into_any()
}
