//! The panel for a new password.

use drawbridge_contract::endpoints::ChangeOwnPassword;
use drawbridge_contract::types::sessions::ChangePassword;
use drawbridge_contract::types::{Nothing, SecretText};
use drawbridge_domain::account::new_password;
use drawbridge_domain::text::TextFault;
use leptos::prelude::*;

use super::words;
use crate::client::{self, ApiError, Task, call};
use crate::shell::{Session, Typed, toasts, use_session};
use crate::ui::{Button, Form, Panel, SecretField, Variant, focus_first_error};

const FORM: &str = "change-password";

#[derive(Clone, Copy)]
struct Draft {
    current: Typed,
    new: Typed,
    failure: RwSignal<Option<ApiError>>,
}

impl Draft {
    fn new(session: Session) -> Self {
        Self {
            current: Typed::new(|text| if text.is_empty() { Err(TextFault::Empty) } else { Ok(()) }),
            new: Typed::new(move |text| {
                let about = session
                    .who()
                    .map(|who| [who.user.email, who.user.first_name, who.user.last_name, who.tenant.name]);
                new_password(
                    text,
                    &about.iter().flatten().map(String::as_str).chain(["drawbridge"]).collect::<Vec<_>>(),
                )
            }),
            failure: RwSignal::new(None),
        }
    }

    fn clear(self) {
        self.current.clear();
        self.new.clear();
        self.failure.try_set(None);
    }

    /// Puts the server's words where they belong.
    fn reject(self, error: ApiError) {
        let told = [self.current.reject(&error, "currentPassword"), self.new.reject(&error, "newPassword")];
        self.failure.try_set((!told.contains(&true)).then_some(error));
    }
}

/// The panel; open while the address says so.
pub(super) fn password_panel(open: Memo<bool>, close: Callback<()>) -> AnyView {
    let toasts = toasts();
    let draft = Draft::new(use_session());
    let task = Task::new();
    let change = move |body: ChangePassword| async move {
        match call::<ChangeOwnPassword>(&Nothing {}, &Nothing {}, &body).await {
            Ok(_) => {
                toasts.success(words::PASSWORD_CHANGED);
                draft.clear();
                close.try_run(());
            }
            Err(error) => {
                draft.reject(error);
                focus_first_error(FORM);
            }
        }
    };
    let submit = Callback::new(move |()| {
        draft.failure.set(None);
        let good = [draft.current.is_good(), draft.new.is_good()];
        if !good.contains(&false) {
            task.run(change(ChangePassword {
                current_password: SecretText::new(draft.current.sent()),
                new_password: SecretText::new(draft.new.sent()),
            }));
        }
    });
    let leave = Callback::new(move |()| {
        draft.clear();
        close.run(());
    });
    let dirty = move || [draft.current, draft.new].iter().any(|typed| !typed.value.read().is_empty());
    let footer = move || {
        view! {
            <Button label=words::CANCEL on_press=leave />
            <Button
                label=words::CHANGE_PASSWORD
                variant=Variant::Primary
                submit=true
                form=FORM
                busy=task.busy()
            />
        }
    };
    view! {
        <Panel
            open=open
            title=words::CHANGE_PASSWORD
            subtitle=Some(words::CHANGE_PASSWORD_TEXT.to_owned())
            dirty=Signal::derive(dirty)
            on_close=leave
            footer=footer
        >
            {form(draft, submit)}
        </Panel>
    }
    .into_any()
}

fn form(draft: Draft, submit: Callback<()>) -> AnyView {
    let problem = move || draft.failure.with(|error| error.as_ref().map(client::words::line));
    view! {
        <Form id=FORM on_submit=submit problem=Signal::derive(problem)>
            <SecretField
                label=words::CURRENT_PASSWORD
                value=draft.current.value
                name="current-password"
                autocomplete="current-password"
                error=draft.current.error()
                required=true
                no_copy=true
            />
            <SecretField
                label=words::NEW_PASSWORD
                value=draft.new.value
                name="new-password"
                autocomplete="new-password"
                help=Some(words::NEW_PASSWORD_HELP.to_owned())
                error=draft.new.error()
                on_leave=draft.new.on_leave()
                required=true
                no_copy=true
            />
        </Form>
    }
    .into_any()
}
