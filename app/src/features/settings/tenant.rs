//! Settings → Tenant: its name and its rules. Administrators read, a Global administrator changes.

use drawbridge_contract::endpoints::{ChangeTenantSettings, ReadTenant};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::tenants::{ChangeTenant, Tenant};
use drawbridge_domain::id::Id;
use drawbridge_domain::role::Role;
use drawbridge_domain::text::plain_name;
use leptos::prelude::*;

use super::{policies, words};
use crate::client::{self, Answered, ApiError, Loading, Options, Task, call, call_with};
use crate::shell::{Topic, Typed, follow, loaded, title, toasts, use_session};
use crate::ui::{
    Button, CopyButton, Fact, Facts, Form, Notice, PageHeader, TextField, Time, Tone, Variant,
    focus_first_error, live, memo, watch,
};

const FORM: &str = "tenant-form";

/// The page.
#[component]
pub fn TenantPage() -> impl IntoView {
    title(words::TENANT);
    let tenant = Loading::new(|| call::<ReadTenant>(&Nothing {}, &Nothing {}, &Nothing {}));
    follow(Topic::Tenant, move || tenant.refetch());
    view! {
        <PageHeader title=words::TENANT />
        {loaded(tenant, 5, move |read| settings(read, tenant))}
    }
    .into_any()
}

fn settings(read: Signal<Answered<Tenant>>, tenant: Loading<Tenant>) -> AnyView {
    let may = use_session().role().includes(Role::GlobalAdministrator);
    view! {
        <div class="page-narrow stack">
            {(!may)
                .then(|| {
                    view! { <Notice title=words::READ_ONLY text=Some(words::READ_ONLY_TEXT.to_owned()) tone=Tone::Info /> }
                })}
            {name_form(read, tenant, may)}
            {policies::form(read, tenant, may)}
            {facts(read)}
        </div>
    }
    .into_any()
}

fn facts(read: Signal<Answered<Tenant>>) -> AnyView {
    let slug = move || read.with(|tenant| tenant.value.slug.clone());
    let id = Signal::derive(move || read.with(|tenant| tenant.value.id.as_str().to_owned()));
    view! {
        <Facts>
            <Fact label=words::SLUG>
                <span class="mono">{slug}</span>
            </Fact>
            <Fact label=words::ID>
                <span class="cluster">
                    <span class="mono">{id}</span>
                    <CopyButton text=id quiet=true />
                </span>
            </Fact>
            <Fact label=words::CREATED>
                <Time at=Signal::derive(move || read.with(|tenant| tenant.value.created_at.to_string())) />
            </Fact>
        </Facts>
    }
    .into_any()
}

/// What is typed, and what became of it.
#[derive(Clone, Copy)]
struct Draft {
    /// What stands in the field.
    name: Typed,
    /// What was saved when typing began, with its version.
    base: RwSignal<Answered<Tenant>>,
    /// The last save's failure.
    error: RwSignal<Option<ApiError>>,
}

impl Draft {
    fn new(read: Answered<Tenant>) -> Self {
        Self {
            name: Typed::from(read.value.name.clone(), |text| plain_name(text).map(drop)),
            base: RwSignal::new(read),
            error: RwSignal::new(None),
        }
    }

    fn is_changed(self) -> bool {
        self.name.value.with(|name| self.base.with(|base| base.value.name != name.trim()))
    }

    /// Begins anew with what is saved.
    fn take(self, saved: Answered<Tenant>) {
        self.name.value.try_set(saved.value.name.clone());
        self.base.try_set(saved);
        self.error.try_set(None);
    }

    /// Whether the last save came after somebody else's, whose version is here.
    fn is_lost(self, read: Signal<Answered<Tenant>>) -> bool {
        let code = self.error.with(|error| error.as_ref().and_then(ApiError::code));
        code == Some(ProblemCode::PreconditionFailed)
            && read.with(|read| self.base.with(|base| read.etag != base.etag))
    }
}

fn name_form(read: Signal<Answered<Tenant>>, tenant: Loading<Tenant>, may: bool) -> AnyView {
    let session = use_session();
    let toasts = toasts();
    let draft = Draft::new(read.get_untracked());
    let task = Task::new();
    // What is saved elsewhere takes the field's place where nothing is typed in it.
    watch(move || {
        let now = read.get();
        if untrack(|| !draft.is_changed() && draft.base.with(|base| *base != now)) {
            draft.take(now);
        }
    });
    let save = Callback::new(move |()| {
        let options =
            Options { if_match: draft.base.with_untracked(|base| base.etag.clone()), ..Options::default() };
        let body = ChangeTenant { name: Some(draft.name.sent().trim().to_owned()), credentials: None };
        task.run(async move {
            match call_with::<ChangeTenantSettings>(&Nothing {}, &Nothing {}, &body, options).await {
                Ok(answer) => {
                    toasts.success(words::SAVED);
                    session.rename_tenant(&answer.value.name);
                    draft.take(answer);
                }
                Err(error) => {
                    if error.code() == Some(ProblemCode::PreconditionFailed) {
                        tenant.refetch();
                    }
                    let told = draft.name.reject(&error, "name");
                    draft.error.try_set((!told).then_some(error));
                    focus_first_error(FORM);
                }
            }
        });
    });
    let submit = Callback::new(move |()| {
        if draft.name.is_good() && may && untrack(|| draft.is_changed()) {
            save.run(());
        }
    });
    let not_saved = move || (!draft.is_changed()).then(|| words::NOTHING_TO_SAVE.to_owned());
    let revert = Callback::new(move |()| draft.take(draft.base.get_untracked()));
    let lost = memo(move || draft.is_lost(read));
    let problem = move || draft.error.get().filter(|_| !lost.get()).map(|error| client::words::line(&error));
    let buttons = may.then(|| {
        view! {
            <div class="cluster">
                <Button
                    label=words::SAVE
                    variant=Variant::Primary
                    submit=true
                    busy=task.busy()
                    disabled_reason=Signal::derive(not_saved)
                />
                {live(move || {
                    draft
                        .is_changed()
                        .then(|| view! { <Button label=words::REVERT on_press=revert /> }.into_any())
                })}
            </div>
        }
        .into_any()
    });
    view! {
        <Form id=FORM on_submit=submit problem=Signal::derive(problem)>
            {conflict(lost, draft, read, submit)}
            <TextField
                label=words::NAME
                value=draft.name.value
                name="name"
                help=Some(words::NAME_HELP.to_owned())
                error=draft.name.error()
                required=may
                read_only=!may
                autocomplete="organization"
            />
            {buttons}
        </Form>
    }
    .into_any()
}

/// Another save came first: shows what is there now and lets the reader choose.
fn conflict(lost: Memo<bool>, draft: Draft, read: Signal<Answered<Tenant>>, submit: Callback<()>) -> AnyView {
    let take = Callback::new(move |()| draft.take(read.get_untracked()));
    let keep = Callback::new(move |()| {
        draft.base.set(read.get_untracked());
        draft.error.set(None);
        submit.run(());
    });
    let action = move || {
        view! {
            <Button label=words::TAKE_THEIRS small=true on_press=take />
            <Button label=words::SAVE_MINE small=true on_press=keep />
        }
    };
    let text = Signal::derive(move || {
        let theirs = read.with(|read| read.value.name.clone());
        Some(words::changed_meanwhile(&theirs, draft.name.value.read().trim()))
    });
    live(move || {
        lost.get().then(|| {
            let title = words::CHANGED_MEANWHILE;
            view! { <Notice title=title text=text tone=Tone::Warn action=action /> }.into_any()
        })
    })
}
