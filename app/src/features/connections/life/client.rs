//! The OAuth client that a connection signs in through, and the choice of another one.

use drawbridge_contract::endpoints::ListOAuthClients;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::OAuthClientRef;
use drawbridge_contract::types::oauth_clients::{ListOAuthClientsQuery, OAuthClient};
use drawbridge_domain::id::{Id, OAuthClientId};
use leptos::prelude::*;

use crate::client::{Reading, call};
use crate::features::connections::words;
use crate::shell;
use crate::ui::{Choice, SelectField, live, memo};

/// What is chosen, and what was.
#[derive(Clone)]
pub(super) struct Chosen {
    value: RwSignal<String>,
    was: OAuthClientRef,
    connector: String,
}

impl Chosen {
    /// The choice as it starts.
    pub(super) fn new(was: OAuthClientRef, connector: String) -> Self {
        Self { value: RwSignal::new(was.id.to_string()), was, connector }
    }

    /// Another client than before.
    pub(super) fn change(&self) -> Option<OAuthClientId> {
        let other = OAuthClientId::parse(&self.value.get()).ok();
        other.filter(|id| *id != self.was.id)
    }
}

/// The field; until the others have come there is the present one to choose.
pub(super) fn field(chosen: &Chosen, error: Signal<Option<String>>) -> AnyView {
    let Chosen { value, was, connector } = chosen.clone();
    let clients = Reading::new(move || {
        let query =
            ListOAuthClientsQuery { connector: Some(connector.clone()), page_size: Some(200), cursor: None };
        let answer = call::<ListOAuthClients>(&Nothing {}, &query, &Nothing {});
        async move { answer.await.map(|answer| answer.value.items) }
    });
    let label = |client: &OAuthClient| [&client.name, " (", &client.client_id, ")"].concat();
    let options = memo(move || match clients.get() {
        Some(Ok(list)) => list.iter().map(|client| Choice::new(client.id.as_str(), label(client))).collect(),
        _ => vec![Choice::new(was.id.as_str(), was.name.clone())],
    });
    let failed = memo(move || clients.get().and_then(Result::err));
    view! {
        <SelectField
            label=words::CLIENT
            value=value
            options=options
            name="oauthClient"
            help=Some(words::OTHER_CLIENT_HELP.to_owned())
            error=error
        />
        {live(move || {
            failed.get().map(|error| shell::failed(&error, Some(Callback::new(move |()| clients.refetch()))))
        })}
    }
    .into_any()
}
