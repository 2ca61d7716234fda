//! What is shown while somebody signs in at a provider, and once it is done.

use drawbridge_contract::types::connections::Connection;
use drawbridge_domain::connection::Status;
use leptos::prelude::*;

use crate::features::connections::{status, words};
use crate::ui::{EmptyState, Fact, Facts, Spinner};

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
    let state = connection.summary.state.clone();
    // A provider that fails right after the sign-in leaves the connection made and not yet proved.
    let proved = state.status == Status::Active;
    let text = if proved { words::CONNECTED_TEXT.to_owned() } else { words::why_and_remedy(&state) };
    let (tone, icon) = (status::tone(state.status), status::icon(state.status));
    let badge = status::badge(Signal::stored(Some(state)), true);
    view! {
        <div class=tone.class() role="status">
            <EmptyState title=who text=Some(text) icon=icon />
        </div>
        <Facts>
            <Fact label=words::NAME>{name}</Fact>
            <Fact label=words::COLUMN_STATUS>{badge}</Fact>
        </Facts>
    }
    .into_any()
}
