//! The user's own account at the tenant's provider.

use drawbridge_contract::endpoints::{ConnectOwnIdentity, DisconnectOwnIdentity, ReadOwnIdentity};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::sso::OwnIdentity;
use drawbridge_domain::sso::NEEDS_PASSWORD;
use leptos::prelude::*;

use super::words;
use crate::client::{self, Answered, ApiError, Loading, Task, call};
use crate::shell::{loaded, toasts, use_session};
use crate::ui::{Button, Notice, Tone, live};

/// The section; nothing where the tenant has no single sign-on.
pub(super) fn identity() -> AnyView {
    let loading = Loading::new(|| call::<ReadOwnIdentity>(&Nothing {}, &Nothing {}, &Nothing {}));
    loaded(loading, 1, move |read| {
        live(move || {
            let own = read.with(|read: &Answered<OwnIdentity>| read.value.clone());
            (own.label.is_some() || own.connected_as.is_some()).then(|| section(own, loading))
        })
    })
}

fn section(own: OwnIdentity, loading: Loading<OwnIdentity>) -> AnyView {
    let session = use_session();
    let toasts = toasts();
    let failure = RwSignal::new(None::<ApiError>);
    let task = Task::new();
    let by_sso = Signal::derive(move || {
        session.who().is_some_and(|who| who.by_sso).then(|| NEEDS_PASSWORD.to_owned())
    });
    let is_off = own.label.is_none();
    let connect = move || {
        failure.set(None);
        task.run(async move {
            match call::<ConnectOwnIdentity>(&Nothing {}, &Nothing {}, &Nothing {}).await {
                Ok(answer) => {
                    window().location().assign(&answer.value.url).ok();
                }
                Err(error) => {
                    failure.try_set(Some(error));
                }
            }
        });
    };
    let disconnect = move || {
        failure.set(None);
        task.run(async move {
            match call::<DisconnectOwnIdentity>(&Nothing {}, &Nothing {}, &Nothing {}).await {
                Ok(_) => {
                    toasts.success(words::DISCONNECTED);
                    loading.refetch();
                }
                Err(error) => {
                    failure.try_set(Some(error));
                }
            }
        });
    };
    let (text, button) = match &own.connected_as {
        Some(who) => (
            words::connected_as(who),
            view! { <Button label=words::DISCONNECT busy=task.busy() disabled_reason=by_sso on_press=disconnect /> }
                .into_any(),
        ),
        None => (
            words::not_connected(own.label.as_deref().unwrap_or_default()),
            view! {
                <Button
                    label=words::CONNECT
                    busy=task.busy()
                    disabled_reason=Signal::derive(move || by_sso.get().filter(|_| !is_off))
                    on_press=connect
                />
            }
            .into_any(),
        ),
    };
    view! {
        <section class="section" aria-labelledby="own-identity">
            <h2 class="section-title" id="own-identity">
                {words::IDENTITY}
            </h2>
            <div class="box split">
                <p>{text}</p>
                {button}
            </div>
            {live(move || {
                let error = failure.get()?;
                Some(view! { <Notice title=client::words::line(&error) tone=Tone::Bad /> }.into_any())
            })}
        </section>
    }
    .into_any()
}
