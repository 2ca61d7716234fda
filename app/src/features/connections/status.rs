//! How a connection's state is shown: icon, word and colour, with the reason.

use drawbridge_contract::types::connections::ConnectionState;
use drawbridge_domain::connection::Status;
use leptos::prelude::*;

use super::words;
use crate::ui;
use crate::ui::{Icon, Tone};

/// What a status means.
pub(super) fn tone(status: Status) -> Tone {
    match status {
        Status::Active => Tone::Ok,
        Status::Degraded => Tone::Warn,
        Status::Invalid => Tone::Bad,
        Status::Pending => Tone::Info,
        Status::Disabled => Tone::Neutral,
    }
}

/// The icon of a status.
pub(super) fn icon(status: Status) -> Icon {
    match status {
        Status::Pending => Icon::Clock,
        Status::Disabled => Icon::Pause,
        other => tone(other).icon(),
    }
}

/// A state in few words; the reason stands under it unless all is well.
pub(super) fn badge(state: Signal<Option<ConnectionState>>, with_reason: bool) -> AnyView {
    let status = Signal::derive(move || {
        state.with(|state| state.as_ref().map_or(Status::Pending, |state| state.status))
    });
    let detail = Signal::derive(move || {
        state.with(|state| {
            state.as_ref().filter(|state| with_reason && state.status != Status::Active).map(words::why)
        })
    });
    view! {
        <ui::Status
            label=move || status.get().name().to_owned()
            tone=Signal::derive(move || tone(status.get()))
            icon=Signal::derive(move || Some(icon(status.get())))
            detail=detail
        />
    }
    .into_any()
}

/// Where a connector's picture is.
pub(super) fn picture(icon: &str) -> String {
    ["/icons/connectors/", icon, ".svg"].concat()
}
