//! Which OAuth client a connection is made through.

use drawbridge_contract::endpoints::ListOAuthClients;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connectors::{Connector, ConnectorAuthWay};
use drawbridge_contract::types::oauth_clients::{ListOAuthClientsQuery, OAuthClient};
use drawbridge_domain::id::Id;
use drawbridge_domain::role::Role;
use leptos::prelude::*;

use super::Add;
use crate::client::{Reading, call};
use crate::features::connections::words;
use crate::shell::{self, use_session};
use crate::ui::{Button, Choice, Icon, Notice, SelectField, Skeleton, Tone, live, memo};

/// The role that may register clients.
const REGISTRAR: Role = Role::Developer;

/// The choice among the registered clients, or what to do where there is none.
pub(super) fn field(
    add: Add,
    connector: StoredValue<Connector>,
    way: &ConnectorAuthWay,
    value: RwSignal<String>,
    error: Signal<Option<String>>,
) -> AnyView {
    let session = use_session();
    let may = memo(move || session.role().includes(REGISTRAR));
    let clients = Reading::new(move || {
        add.register.registered();
        let connector = connector.with_value(|connector| connector.summary.id.clone());
        let query = ListOAuthClientsQuery { connector: Some(connector), page_size: Some(200), cursor: None };
        let answer = call::<ListOAuthClients>(&Nothing {}, &query, &Nothing {});
        async move {
            let clients = answer.await.map(|answer| answer.value.items);
            if let Ok(clients) = &clients {
                settle(clients, value);
            }
            clients
        }
    });
    shell::follow(shell::Topic::OauthClients, move || clients.refetch());
    let name = connector.with_value(|connector| connector.summary.name.clone());
    let _ = way;
    // Drawn anew only when there is another choice: the keyboard may be in it.
    let came = memo(move || clients.get());
    live(move || match came.get() {
        None => view! { <Skeleton lines=2 /> }.into_any(),
        Some(Err(error)) => shell::failed(&error, Some(Callback::new(move |()| clients.refetch()))),
        Some(Ok(list)) if list.is_empty() => none(add, &name, may.get(), error),
        Some(Ok(list)) => choice(add, &list, value, error, may.get()),
    })
}

/// Where there is only one client it is the one; a choice that is gone is no choice.
fn settle(clients: &[OAuthClient], value: RwSignal<String>) {
    let chosen = value.try_get_untracked().unwrap_or_default();
    if !clients.iter().any(|client| client.id.as_str() == chosen) {
        let only = match clients {
            [only] => only.id.to_string(),
            _ => String::new(),
        };
        value.try_set(only);
    }
}

fn choice(
    add: Add,
    clients: &[OAuthClient],
    value: RwSignal<String>,
    error: Signal<Option<String>>,
    may: bool,
) -> AnyView {
    let mut options = vec![Choice::new("", words::CHOOSE_ONE)];
    let label = |client: &OAuthClient| [&client.name, " (", &client.client_id, ")"].concat();
    options.extend(clients.iter().map(|client| Choice::new(client.id.as_str(), label(client))));
    view! {
        <div class="stack-small">
            <SelectField
                label=words::CLIENT
                value=value
                options=options
                name="oauthClient"
                help=Some(words::CLIENT_HELP.to_owned())
                error=error
                required=true
            />
            {live(move || {
                (may && !add.registering.get())
                    .then(|| {
                        let open = move || add.registering.set(true);
                        view! {
                            <div class="cluster">
                                <Button label=words::REGISTER_ANOTHER small=true icon=Icon::Plus on_press=open />
                            </div>
                        }
                    })
            })}
        </div>
    }
    .into_any()
}

fn none(add: Add, connector: &str, may: bool, error: Signal<Option<String>>) -> AnyView {
    let text = if may { words::NO_CLIENT_REGISTER } else { words::NO_CLIENT_ASK };
    let action = move || {
        (may && !add.registering.get()).then(|| {
            let open = move || add.registering.set(true);
            view! { <Button label=words::REGISTER_TITLE small=true on_press=open /> }
        })
    };
    let tone = Signal::derive(move || if error.with(Option::is_some) { Tone::Bad } else { Tone::Warn });
    let title = words::no_client(connector);
    // The keyboard is brought here when Connect is pressed without a client.
    live(move || {
        let invalid = error.with(Option::is_some).then_some("true");
        let title = title.clone();
        view! {
            <div tabindex="-1" role="group" aria-label=words::CLIENT aria-invalid=invalid>
                <Notice title=title text=Some(text.to_owned()) tone=tone.get() action=move || action quiet=true />
            </div>
        }
    })
}
