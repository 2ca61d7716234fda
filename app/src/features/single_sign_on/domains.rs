//! The email domains that the tenant names as its own, and their proofs.

use drawbridge_contract::endpoints::{NameSsoDomain, ProveSsoDomain, RemoveSsoDomain};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::sso::{DomainPath, NameDomain, SsoDomain};
use drawbridge_domain::sso;
use leptos::prelude::*;

use super::desk::{Desk, Work};
use super::words;
use crate::client::{self, ApiError, Task, call};
use crate::shell::{Typed, toasts};
use crate::ui::{
    Button, Form, SecretDisplay, Status, TextField, Tone, Variant, focus_first_error, live, memo,
};

const FORM: &str = "domain-form";

pub(super) fn section(desk: Desk) -> AnyView {
    let domains = memo(move || desk.read.with(|read| read.value.domains.clone()));
    view! {
        <section class="section" aria-labelledby="sso-domains">
            <h2 class="section-title" id="sso-domains">
                {words::DOMAINS}
            </h2>
            <p class="muted">{words::DOMAINS_TEXT}</p>
            {live(move || domains.get().into_iter().map(|domain| one(desk, domain)).collect::<Vec<_>>())}
            {adding(desk)}
        </section>
    }
    .into_any()
}

fn one(desk: Desk, domain: SsoDomain) -> AnyView {
    let path = StoredValue::new(DomainPath { domain: domain.domain.clone() });
    let work = Work::new();
    let prove = move || {
        let call = path.with_value(|path| call::<ProveSsoDomain>(path, &Nothing {}, &Nothing {}));
        work.run(desk, words::IS_PROVED, call);
    };
    let remove = move || {
        let call = path.with_value(|path| call::<RemoveSsoDomain>(path, &Nothing {}, &Nothing {}));
        work.run(desk, words::REMOVED, call);
    };
    let (label, text) = match (domain.proved_at, domain.missing) {
        (Some(_), false) => (words::PROVED, None),
        (Some(_), true) => (words::MISSING, Some(words::MISSING_TEXT)),
        (None, _) => (words::NOT_PROVED, Some(words::RECORD_TEXT)),
    };
    let tone = if text.is_some() { Tone::Warn } else { Tone::Ok };
    let look = text.map(|_| {
        view! { <Button label=words::PROVE busy=work.task.busy() disabled_reason=desk.refusal on_press=prove /> }
            .into_any()
    });
    let record = text.map(|text| {
        view! {
            <p>{text}</p>
            <SecretDisplay label=words::RECORD_NAME value=domain.record_name open=true />
            <SecretDisplay label=words::RECORD_VALUE value=domain.record_value open=true />
        }
        .into_any()
    });
    view! {
        <div class="box stack">
            <div class="split">
                <strong>{domain.domain}</strong>
                <Status label=label tone=tone />
            </div>
            {record}
            <div class="cluster">
                {look}
                <Button
                    label=words::REMOVE
                    variant=Variant::Quiet
                    busy=work.task.busy()
                    disabled_reason=desk.refusal
                    on_press=remove
                />
            </div>
            {work.notice()}
        </div>
    }
    .into_any()
}

fn adding(desk: Desk) -> AnyView {
    let toasts = toasts();
    let domain = Typed::new(sso::domain);
    let failure = RwSignal::new(None::<ApiError>);
    let task = Task::new();
    let add = move |body: NameDomain| async move {
        match call::<NameSsoDomain>(&Nothing {}, &Nothing {}, &body).await {
            Ok(_) => {
                toasts.success(words::ADDED);
                domain.clear();
                desk.refetch();
            }
            Err(error) => {
                failure.try_set((!domain.reject(&error, "domain")).then_some(error));
                focus_first_error(FORM);
            }
        }
    };
    let submit = move || {
        failure.set(None);
        if domain.is_good() && desk.refusal.with_untracked(Option::is_none) {
            task.run(add(NameDomain { domain: domain.sent().trim().to_owned() }));
        }
    };
    view! {
        <Form
            id=FORM
            on_submit=submit
            problem=Signal::derive(move || failure.with(|error| error.as_ref().map(client::words::line)))
        >
            <TextField
                label=words::DOMAIN
                value=domain.value
                name="domain"
                autocomplete="off"
                placeholder="example.com"
                error=domain.error()
                on_leave=domain.on_leave()
                required=true
            />
            <div class="form-actions">
                <Button label=words::ADD submit=true busy=task.busy() disabled_reason=desk.refusal />
            </div>
        </Form>
    }
    .into_any()
}
