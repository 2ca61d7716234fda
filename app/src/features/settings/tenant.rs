//! Settings → Tenant: its name. Administrators read, a Global administrator changes.

use drawbridge_contract::endpoints::{ChangeTenantSettings, ReadTenant};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::tenants::{ChangeTenant, Tenant};
use drawbridge_domain::id::Id;
use drawbridge_domain::role::Role;
use drawbridge_domain::text::{TextFault, plain_name};
use leptos::prelude::*;

use super::words;
use crate::client::{self, Answered, ApiError, Options, call, call_with};
use crate::shell::{Loading, loaded, title, toasts, use_session};
use crate::ui::{
    Button, CopyButton, Fact, Facts, Form, Notice, PageHeader, TextField, Time, Tone, Variant,
    focus_first_error,
};

const FORM: &str = "tenant-form";

/// The page.
#[component]
pub fn TenantPage() -> impl IntoView {
    title(words::TENANT);
    let tenant: Loading<Tenant> =
        LocalResource::new(|| call::<ReadTenant>(&Nothing {}, &Nothing {}, &Nothing {}));
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
    name: RwSignal<String>,
    /// What was saved when typing began, with its version.
    base: RwSignal<Answered<Tenant>>,
    /// The last save's failure.
    error: RwSignal<Option<ApiError>>,
    /// What is wrong with the name, once somebody tried to save it.
    fault: RwSignal<Option<TextFault>>,
}

fn name_form(read: Signal<Answered<Tenant>>, tenant: Loading<Tenant>, may: bool) -> AnyView {
    let session = use_session();
    let toasts = toasts();
    let first = read.get_untracked();
    let draft = Draft {
        name: RwSignal::new(first.value.name.clone()),
        base: RwSignal::new(first),
        error: RwSignal::new(None),
        fault: RwSignal::new(None),
    };
    let save = Action::new_local(move |name: &String| {
        let options =
            Options { if_match: draft.base.with_untracked(|base| base.etag.clone()), ..Options::default() };
        let body = ChangeTenant { name: name.clone() };
        let saving = call_with::<ChangeTenantSettings>(&Nothing {}, &Nothing {}, &body, options);
        async move {
            match saving.await {
                Ok(answer) => {
                    toasts.success(words::SAVED);
                    session.rename_tenant(&answer.value.name);
                    draft.name.try_set(answer.value.name.clone());
                    draft.error.try_set(None);
                    draft.base.try_set(answer);
                }
                Err(error) => {
                    if error.code() == Some(ProblemCode::PreconditionFailed) {
                        tenant.refetch();
                    }
                    draft.error.try_set(Some(error));
                    focus_first_error(FORM);
                }
            }
        }
    });
    let submit = Callback::new(move |()| {
        let typed = draft.name.get_untracked();
        let checked = plain_name(&typed);
        draft.fault.set(checked.err());
        if let Ok(name) = checked
            && may
            && draft.base.with_untracked(|base| base.value.name != name)
            && !save.pending().get_untracked()
        {
            save.dispatch_local(name.to_owned());
        }
    });
    let changed = move || draft.name.with(|name| draft.base.with(|base| base.value.name != name.trim()));
    let not_saved = move || (!changed()).then(|| words::NOTHING_TO_SAVE.to_owned());
    let revert = move || {
        draft.name.set(draft.base.with_untracked(|base| base.value.name.clone()));
        draft.error.set(None);
        draft.fault.set(None);
    };
    let name_error = move || match draft.fault.get() {
        Some(fault) => Some(fault.to_string()),
        None => draft.error.with(|error| error.as_ref()?.field("name")),
    };
    let lost = Memo::new(move |_| {
        let lost = draft
            .error
            .with(|error| error.as_ref().and_then(ApiError::code) == Some(ProblemCode::PreconditionFailed));
        // Only once the newer version is here.
        lost && read.with(|read| draft.base.with(|base| read.etag != base.etag))
    });
    let problem = move || {
        let error = draft.error.get()?;
        let shown_elsewhere = lost.get() || error.field("name").is_some();
        (!shown_elsewhere).then(|| client::words::line(&error))
    };
    let buttons = move || {
        may.then(|| {
            view! {
                <div class="cluster">
                    <Button
                        label=words::SAVE
                        variant=Variant::Primary
                        submit=true
                        busy=save.pending()
                        disabled_reason=Signal::derive(not_saved)
                    />
                    {move || {
                        changed().then(|| view! { <Button label=words::REVERT on_press=revert /> })
                    }}
                </div>
            }
            .into_any()
        })
    };
    view! {
        <Form id=FORM on_submit=submit problem=Signal::derive(problem)>
            {conflict(lost, draft, read, submit)}
            <TextField
                label=words::NAME
                value=draft.name
                name="name"
                help=Some(words::NAME_HELP.to_owned())
                error=Signal::derive(name_error)
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
    let take = move || {
        let theirs = read.get_untracked();
        draft.name.set(theirs.value.name.clone());
        draft.base.set(theirs);
        draft.error.set(None);
    };
    let keep = move || {
        draft.base.set(read.get_untracked());
        draft.error.set(None);
        submit.run(());
    };
    let action = move || {
        view! {
            <Button label=words::TAKE_THEIRS small=true on_press=take />
            <Button label=words::SAVE_MINE small=true on_press=keep />
        }
    };
    (move || {
        lost.get().then(|| {
            let text = move || {
                let theirs = read.with(|read| read.value.name.clone());
                Some(words::changed_meanwhile(&theirs, draft.name.read().trim()))
            };
            view! {
                <Notice
                    title=words::CHANGED_MEANWHILE
                    text=Signal::derive(text)
                    tone=Tone::Warn
                    action=action
                />
            }
        })
    })
    .into_any()
}
