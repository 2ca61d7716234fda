//! What opens over the list, fetched when it is first wanted.

use leptos::prelude::*;

use super::address::Beside;
use super::desk::Desk;
use super::list::Catalogue;
use super::listing::Listing;
use super::{add, deleted as gone, discard, life, sign_in, words};
use crate::part;

part::lazily! {
    /// The panels and the dialog.
    add: fn panels(desk: Desk, catalogue: Catalogue, reload: Callback<()>) {
        view! {
            {add::panel(desk, catalogue, reload)}
            {sign_in::panel(desk)}
            {discard::dialog(desk, Callback::new(|()| ()))}
            {life::panels(desk, Callback::new(|()| ()))}
        }
        .into_any()
    }
}

part::lazily! {
    /// The connections that were deleted.
    add: pub(super) fn deleted(desk: Desk, listing: Listing) { gone::table(desk, listing) }
}

part::lazily! {
    /// What opens beside the page of one connection, other than its sign-in.
    add: fn life_panels(desk: Desk, gone: Callback<()>) { life::panels(desk, gone) }
}

/// What the URL says is open beside the page of one connection; `gone` is called once it was deleted.
pub(super) fn of_one(desk: Desk, gone: Callback<()>) -> AnyView {
    let open = Signal::derive(move || {
        desk.beside.with(|beside| {
            matches!(beside, Beside::Edit(_) | Beside::Permissions(_) | Beside::Link(_) | Beside::Delete(_))
        })
    });
    let close = Callback::new(move |()| desk.close());
    part::overlay(open, title(desk), close, move || Box::pin(life_panels(desk, gone)))
}

/// Whatever the URL says is open over the list.
pub(super) fn overlay(desk: Desk, catalogue: Catalogue, reload: Callback<()>) -> AnyView {
    let open = Signal::derive(move || {
        desk.beside.with(|beside| !matches!(beside, Beside::Nothing | Beside::Try(_)))
    });
    let close = Callback::new(move |()| desk.close());
    part::overlay(open, title(desk), close, move || Box::pin(panels(desk, catalogue, reload)))
}

/// The title of what is open, until it is there.
fn title(desk: Desk) -> Signal<String> {
    Signal::derive(move || {
        desk.beside
            .with(|beside| match beside {
                Beside::SignIn(_) | Beside::Apply(_) => words::SIGN_IN_TITLE,
                Beside::Discard(_) => words::DISCARD,
                Beside::Edit(_) => words::EDIT_TITLE,
                Beside::Permissions(_) => words::PERMISSIONS,
                Beside::Link(_) => words::LINK_TITLE,
                Beside::Delete(_) => words::DELETE,
                Beside::Nothing | Beside::Choose | Beside::Make(_) | Beside::Try(_) => words::ADD,
            })
            .to_owned()
    })
}
