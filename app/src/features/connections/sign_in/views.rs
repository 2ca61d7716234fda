//! What is shown while somebody signs in at a provider, and once it is done.

use drawbridge_contract::types::connections::Connection;
use leptos::prelude::*;

use crate::features::connections::{status, words};
use crate::ui::{EmptyState, Fact, Facts, Icon, Spinner};

/// Shown while the person is at the provider.
pub(in crate::features::connections) fn waiting(connector: &str) -> AnyView {
    view! {
        <div class="stack">
            <Spinner label=words::waiting(connector) />
            <p class="muted">{words::WAITING_TEXT}</p>
            <p class="muted">{words::OPEN_AGAIN_TEXT}</p>
        </div>
    }
    .into_any()
}

/// Shown once the connection works.
pub(in crate::features::connections) fn done(connection: &Connection) -> AnyView {
    let name = connection.summary.name.clone();
    let who = words::connected_as(connection.connected_as.as_ref());
    let state = Signal::stored(Some(connection.summary.state.clone()));
    let badge = status::badge(state, true);
    view! {
        <div class="tone-ok" role="status">
            <EmptyState title=who text=Some(words::CONNECTED_TEXT.to_owned()) icon=Icon::Check />
        </div>
        <Facts>
            <Fact label=words::NAME>{name}</Fact>
            <Fact label=words::COLUMN_STATUS>{badge}</Fact>
        </Facts>
    }
    .into_any()
}
