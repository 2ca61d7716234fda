//! Registering an OAuth client on the spot.

use drawbridge_contract::endpoints::RegisterOAuthClient;
use drawbridge_contract::types::connectors::{Connector, ConnectorAuthWay};
use drawbridge_contract::types::oauth_clients::CreateOAuthClient;
use drawbridge_contract::types::{Nothing, SecretText};
use drawbridge_domain::text;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Add, make};
use crate::client::{ApiError, call};
use crate::features::connections::words;
use crate::ui::{
    Button, ExternalLink, Form, SecretDisplay, SecretField, TextField, Variant, focus_first_error,
};

const FORM: &str = "register-client";
/// The longest client id and secret.
const LONGEST: usize = 4096;

/// What is typed for a client.
#[derive(Clone, Copy)]
pub(super) struct Register {
    name: RwSignal<String>,
    client_id: RwSignal<String>,
    client_secret: RwSignal<String>,
    tried: RwSignal<bool>,
    busy: RwSignal<bool>,
    refused: RwSignal<Option<ApiError>>,
    registered: RwSignal<u32>,
}

impl Register {
    /// Nothing typed yet.
    pub(super) fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            name: empty(),
            client_id: empty(),
            client_secret: empty(),
            tried: RwSignal::new(false),
            busy: RwSignal::new(false),
            refused: RwSignal::new(None),
            registered: RwSignal::new(0),
        }
    }

    /// Counts the clients registered here; what lists clients follows it.
    pub(super) fn registered(self) -> u32 {
        self.registered.get()
    }

    /// Whether something was typed that would be lost.
    pub(super) fn is_dirty(self) -> bool {
        [self.name, self.client_id, self.client_secret]
            .iter()
            .any(|value| value.with(|value| !value.is_empty()))
    }

    /// Forgets what was typed.
    pub(super) fn forget(self) {
        for value in [self.name, self.client_id, self.client_secret] {
            value.try_set(String::new());
        }
        self.tried.try_set(false);
        self.refused.try_set(None);
    }

    fn faults(self) -> [Option<String>; 3] {
        let words = |checked: Result<&str, text::TextFault>| checked.err().map(|fault| fault.to_string());
        [
            self.name.with(|name| words(text::plain_name(name))),
            self.client_id.with(|id| words(text::opaque_value(id, LONGEST))),
            self.client_secret.with(|secret| words(text::opaque_value(secret, LONGEST))),
        ]
    }

    /// What is wrong with a field, once it was tried to save it, by its place in [`Self::faults`].
    fn error(self, place: usize, path: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            let own = self.tried.get().then(|| self.faults().into_iter().nth(place).flatten()).flatten();
            own.or_else(|| self.refused.with(|error| error.as_ref().and_then(|error| error.field(path))))
        })
    }
}

/// The form, with what the provider wants to know and where.
pub(super) fn form(
    add: Add,
    connector: StoredValue<Connector>,
    way: &ConnectorAuthWay,
    chosen: RwSignal<String>,
) -> AnyView {
    let Some(need) = way.client.clone() else { return ().into_any() };
    let register = add.register;
    let problem = move || {
        register.refused.with(|error| match error {
            Some(ApiError::Problem(problem)) if !problem.fields.is_empty() => None,
            error => error.as_ref().map(words::error),
        })
    };
    let save = move || save(add, connector, chosen);
    let cancel = move || {
        register.forget();
        add.registering.set(false);
    };
    let title = StoredValue::new(crate::ui::unique_id("register"));
    // It opens below what was pressed, where it may be out of sight.
    make::focus_first("#register-client input");
    view! {
        <section class="box stack" aria-labelledby=title.get_value()>
            <h3 class="section-title" id=title.get_value()>
                {words::REGISTER_TITLE}
            </h3>
            {need
                .registration
                .map(|registration| {
                    view! {
                        <div class="stack-small">
                            <p class="muted">{registration.help}</p>
                            <p>
                                <ExternalLink href=registration.url label=words::REGISTER_WHERE />
                            </p>
                        </div>
                    }
                })}
            <SecretDisplay
                label=words::REDIRECT
                value=need.redirect_url
                open=true
                help=Some(words::REDIRECT_HELP.to_owned())
            />
            <Form id=FORM on_submit=save problem=Signal::derive(problem)>
                <TextField
                    label=words::CLIENT_NAME
                    value=register.name
                    help=Some(words::CLIENT_NAME_HELP.to_owned())
                    error=register.error(0, "name")
                    required=true
                />
                <TextField
                    label=words::CLIENT_ID
                    value=register.client_id
                    error=register.error(1, "clientId")
                    required=true
                    code=true
                />
                <SecretField
                    label=words::CLIENT_SECRET
                    value=register.client_secret
                    error=register.error(2, "clientSecret")
                    required=true
                />
                <div class="cluster">
                    <Button label=words::REGISTER variant=Variant::Secondary submit=true busy=register.busy />
                    <Button label=words::CANCEL variant=Variant::Quiet on_press=cancel />
                </div>
            </Form>
        </section>
    }
    .into_any()
}

fn save(add: Add, connector: StoredValue<Connector>, chosen: RwSignal<String>) {
    let register = add.register;
    register.tried.set(true);
    register.refused.set(None);
    if register.busy.get_untracked() || untrack(move || register.faults()).iter().any(Option::is_some) {
        return;
    }
    let body = CreateOAuthClient {
        connector: connector.with_value(|connector| connector.summary.id.clone()),
        name: register.name.get_untracked().trim().to_owned(),
        client_id: register.client_id.get_untracked().trim().to_owned(),
        client_secret: SecretText::new(register.client_secret.get_untracked().trim().to_owned()),
    };
    register.busy.set(true);
    spawn_local(async move {
        let answer = call::<RegisterOAuthClient>(&Nothing {}, &Nothing {}, &body).await;
        register.busy.try_set(false);
        match answer {
            Ok(client) => {
                register.forget();
                chosen.try_set(client.value.id.to_string());
                register.registered.try_update(|count| *count += 1);
                add.registering.try_set(false);
            }
            Err(error) => {
                register.refused.try_set(Some(error));
                focus_first_error(FORM);
            }
        }
    });
}
