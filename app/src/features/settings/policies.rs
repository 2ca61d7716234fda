//! The tenant's rules for apps and personal access tokens, and what a change of them does to those that are there.

use drawbridge_contract::endpoints::ChangeTenantSettings;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::tenants::{ChangeTenant, CredentialPolicy, Tenant};
use drawbridge_domain::credential::{TOKEN_DAYS_MAX, TOKEN_DAYS_MIN};
use drawbridge_domain::text::TextFault;
use leptos::prelude::*;

use super::words;
use crate::client::{self, Answered, ApiError, Loading, Options, Task, call_with};
use crate::shell::{Typed, toasts};
use crate::ui::{
    Button, Checkbox, Form, InputKind, Notice, TextField, Tone, Variant, focus_first_error, live, watch,
};

const FORM: &str = "policies-form";
const NOT_SO_LONG: TextFault = TextFault::Said("out_of_range", words::NOT_SO_LONG);

/// A number of days that a token may live at most.
fn days(text: &str) -> Result<u16, TextFault> {
    let days = text.trim().parse().ok().filter(|days| (TOKEN_DAYS_MIN..=TOKEN_DAYS_MAX).contains(days));
    days.ok_or(NOT_SO_LONG)
}

/// What is typed, and what was saved when typing began.
#[derive(Clone, Copy)]
struct Draft {
    once: RwSignal<bool>,
    days: Typed,
    base: RwSignal<Answered<Tenant>>,
    failure: RwSignal<Option<String>>,
}

impl Draft {
    fn new(read: Answered<Tenant>) -> Self {
        let policy = read.value.credentials;
        Self {
            once: RwSignal::new(policy.show_secrets_once),
            days: Typed::from(policy.max_token_days.to_string(), days),
            base: RwSignal::new(read),
            failure: RwSignal::new(None),
        }
    }

    fn saved(self) -> CredentialPolicy {
        self.base.with(|base| base.value.credentials)
    }

    /// What is wanted; nothing where no number is typed.
    fn wanted(self) -> Option<CredentialPolicy> {
        let max_token_days = self.days.value.with(|text| days(text)).ok()?;
        Some(CredentialPolicy { show_secrets_once: self.once.get(), max_token_days })
    }

    fn is_changed(self) -> bool {
        self.wanted() != Some(self.saved())
    }

    /// Begins anew with what is saved.
    fn take(self, saved: Answered<Tenant>) {
        let policy = saved.value.credentials;
        self.once.try_set(policy.show_secrets_once);
        self.days.value.try_set(policy.max_token_days.to_string());
        self.failure.try_set(None);
        self.base.try_set(saved);
    }

    fn reject(self, error: &ApiError) {
        let told = self.days.reject(error, "credentials.maxTokenDays");
        self.failure.try_set((!told).then(|| client::words::line(error)));
        focus_first_error(FORM);
    }
}

/// The form.
pub(super) fn form(read: Signal<Answered<Tenant>>, tenant: Loading<Tenant>, may: bool) -> AnyView {
    let toasts = toasts();
    let draft = Draft::new(read.get_untracked());
    let task = Task::new();
    // What is saved elsewhere takes the form's place where nothing was changed in it. Where something was, it is taken
    // note of if it has nothing to do with the rules, or the reader was told.
    watch(move || {
        let now = read.get();
        untrack(|| {
            if !draft.is_changed() {
                draft.take(now);
            } else if draft.saved() == now.value.credentials || draft.failure.with(Option::is_some) {
                draft.base.set(now);
            }
        });
    });
    let submit = Callback::new(move |()| {
        draft.failure.set(None);
        let good = draft.days.is_good() && may;
        let Some(wanted) = untrack(|| draft.wanted()).filter(|_| good) else { return };
        let etag = draft.base.with_untracked(|base| base.etag.clone());
        let body = ChangeTenant { name: None, credentials: Some(wanted) };
        task.run(async move {
            let options = Options { if_match: etag, ..Options::default() };
            match call_with::<ChangeTenantSettings>(&Nothing {}, &Nothing {}, &body, options).await {
                Ok(answer) => {
                    toasts.success(words::POLICIES_SAVED);
                    draft.take(answer);
                    tenant.refetch();
                }
                Err(error) if error.code() == Some(ProblemCode::PreconditionFailed) => {
                    draft.failure.try_set(Some(words::POLICIES_CHANGED.to_owned()));
                    tenant.refetch();
                    focus_first_error(FORM);
                }
                Err(error) => draft.reject(&error),
            }
        });
    });
    let idle = move || (!draft.is_changed()).then(|| words::NOTHING_TO_SAVE.to_owned());
    let revert = Callback::new(move |()| draft.take(draft.base.get_untracked()));
    let buttons = may.then(|| {
        let reverting = move || {
            draft.is_changed().then(|| view! { <Button label=words::REVERT on_press=revert /> }.into_any())
        };
        view! {
            <div class="cluster">
                <Button
                    label=words::SAVE_POLICIES
                    variant=Variant::Primary
                    submit=true
                    busy=task.busy()
                    disabled_reason=Signal::derive(idle)
                />
                {live(reverting)}
            </div>
        }
        .into_any()
    });
    let refused = (!may).then(|| words::READ_ONLY_TEXT.to_owned());
    view! {
        <section class="section" aria-labelledby="policies">
            <h2 class="section-title" id="policies">
                {words::POLICIES}
            </h2>
            <Form id=FORM on_submit=submit problem=draft.failure>
                <Checkbox
                    label=words::ONCE
                    checked=draft.once
                    help=Some(words::ONCE_HELP.to_owned())
                    disabled_reason=Signal::stored(refused)
                />
                <TextField
                    label=words::LONGEST
                    value=draft.days.value
                    kind=InputKind::Number
                    help=Some(words::LONGEST_HELP.to_owned())
                    error=draft.days.error()
                    suffix="days"
                    required=may
                    read_only=!may
                    on_leave=draft.days.on_leave()
                />
                {live(move || effects(draft))}
                {buttons}
            </Form>
        </section>
    }
    .into_any()
}

/// What saving does to the apps and tokens that are there.
fn effects(draft: Draft) -> Vec<AnyView> {
    let (saved, Some(wanted)) = (draft.saved(), draft.wanted()) else { return Vec::new() };
    let once = match (saved.show_secrets_once, wanted.show_secrets_once) {
        (false, true) => Some((words::ONCE_ON, Tone::Warn)),
        (true, false) => Some((words::ONCE_OFF, Tone::Info)),
        _ => None,
    };
    let life = match wanted.max_token_days.cmp(&saved.max_token_days) {
        std::cmp::Ordering::Less => Some((words::SHORTER, Tone::Warn)),
        std::cmp::Ordering::Greater => Some((words::LONGER, Tone::Info)),
        std::cmp::Ordering::Equal => None,
    };
    let notices = once.into_iter().chain(life);
    notices.map(|(text, tone)| view! { <Notice title=text tone=tone /> }.into_any()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longest_life_is_a_number_of_days() {
        assert_eq!(days(" 90 "), Ok(90));
        assert_eq!((days("1"), days("366")), (Ok(1), Ok(366)));
        for bad in ["", "0", "367", "-1", "1.5", "many", "99999999"] {
            assert_eq!(days(bad), Err(NOT_SO_LONG), "{bad}");
        }
    }
}
