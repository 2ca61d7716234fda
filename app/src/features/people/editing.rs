//! A user's names and role, to be changed.

use drawbridge_contract::endpoints::ChangeUserSettings;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::people::{ChangeUser, User};
use drawbridge_domain::role::Role;
use drawbridge_domain::text::plain_name;
use drawbridge_domain::user::UserAction;
use leptos::prelude::*;

use super::add::{role_help, roles, text};
use super::user::Parts;
use super::words;
use crate::client::{self, Options, Task, call_with};
use crate::shell::{Typed, toasts};
use crate::ui::{Button, Choice, Form, Notice, SelectField, Tone, Variant, focus_first_error, live, watch};

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

    /// Only what differs from what was there when typing began.
    fn change(self, base: &User) -> ChangeUser {
        let new = |typed: Typed, saved: &str| {
            let text = typed.value.with(|text| text.trim().to_owned());
            (text != saved).then_some(text)
        };
        ChangeUser {
            first_name: new(self.first_name, &base.first_name),
            last_name: new(self.last_name, &base.last_name),
            role: Role::from_code(&self.role.read()).filter(|role| *role != base.role),
        }
    }

    fn take(self, user: &User) {
        self.first_name.value.set(user.first_name.clone());
        self.last_name.value.set(user.last_name.clone());
        self.role.set(user.role.code().to_owned());
    }
}

/// The form.
pub(super) fn form(parts: Parts) -> AnyView {
    let draft = Draft::new(parts);
    let toasts = toasts();
    let task = Task::new();
    let problem = RwSignal::new(None::<String>);
    let newest = move || (parts.user.with(|user| user.user.clone()), parts.etag.get());
    let base = RwSignal::new(untrack(newest));
    // Another save came first: what is typed stays, and the reader chooses.
    let lost = RwSignal::new(false);
    let change = move || base.with(|(user, _)| draft.change(user));
    let take = Callback::new(move |()| {
        let now = untrack(newest);
        draft.take(&now.0);
        base.set(now);
        lost.set(false);
        problem.set(None);
    });
    // What is saved elsewhere takes the fields' place where nothing is typed in them.
    watch(move || {
        let now = newest();
        let untouched = untrack(|| change() == ChangeUser::default());
        if untouched && base.with_untracked(|base| *base != now) {
            take.run(());
        }
    });
    let save = move |change: ChangeUser, options: Options| async move {
        match call_with::<ChangeUserSettings>(&parts.path(), &Nothing {}, &change, options).await {
            Ok(answer) => {
                toasts.success(words::SAVED);
                base.try_set((answer.value, answer.etag));
                lost.try_set(false);
                // One's own role decides which pages there are.
                parts.session.refresh();
                parts.desk.changed();
            }
            Err(error) if error.code() == Some(ProblemCode::PreconditionFailed) => {
                lost.try_set(true);
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
        let change = untrack(change);
        if !good.contains(&false) && change != ChangeUser::default() {
            let known = base.with_untracked(|(_, etag)| etag.clone());
            let if_match = if lost.get_untracked() { parts.etag.get_untracked() } else { known };
            task.run(save(change, Options { if_match, ..Options::default() }));
        }
    });
    let not_saved = move || (change() == ChangeUser::default()).then(|| words::NOTHING_TO_SAVE.to_owned());
    let conflict = move || {
        lost.get().then(|| {
            let text = parts.user.with(|user| words::theirs(&user.user));
            let action = move || view! { <Button label=words::TAKE_THEIRS small=true on_press=take /> };
            view! {
                <Notice title=words::CHANGED_MEANWHILE text=Some(text) tone=Tone::Warn action=action />
            }
        })
    };
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
            {live(conflict)}
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
