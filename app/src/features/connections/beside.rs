//! What opens over the list, fetched when it is first wanted.

use leptos::prelude::*;

use super::address::Beside;
use super::desk::Desk;
use super::list::Catalogue;
use super::{add, discard, sign_in, words};
use crate::part;

part::lazily! {
    /// The panels and the dialog.
    add: fn panels(desk: Desk, catalogue: Catalogue, reload: Callback<()>) {
        view! {
            {add::panel(desk, catalogue, reload)}
            {sign_in::panel(desk)}
            {discard::dialog(desk, Callback::new(|()| ()))}
        }
        .into_any()
    }
}

/// Whatever the URL says is open over the list.
pub(super) fn overlay(desk: Desk, catalogue: Catalogue, reload: Callback<()>) -> AnyView {
    let open = Signal::derive(move || {
        desk.beside.with(|beside| !matches!(beside, Beside::Nothing | Beside::Try(_)))
    });
    let title = Signal::derive(move || {
        desk.beside
            .with(|beside| match beside {
                Beside::SignIn(_) => words::SIGN_IN_TITLE,
                Beside::Discard(_) => words::DISCARD,
                Beside::Nothing | Beside::Choose | Beside::Make(_) | Beside::Try(_) => words::ADD,
            })
            .to_owned()
    });
    let close = Callback::new(move |()| desk.close());
    part::overlay(open, title, close, move || Box::pin(panels(desk, catalogue, reload)))
}
