//! What opens beside the pages for a connection that exists: edit, permissions, reconnect link, delete.

mod access;
mod changing;
mod client;
mod delete;
mod edit;
mod link;
mod permissions;
mod saving;
mod side;

use drawbridge_contract::endpoints::ReadConnection;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::{Connection, ConnectionPath};
use drawbridge_domain::id::ConnectionId;
use leptos::prelude::*;

use super::address::Beside;
use super::desk::Desk;
use crate::client::{Answered, call, opened};
use crate::ui::memo;

/// All of them; `gone` is called once a connection was deleted.
pub(super) fn panels(desk: Desk, gone: Callback<()>) -> AnyView {
    view! {
        {edit::panel(desk)}
        {permissions::panel(desk)}
        {link::panel(desk)}
        {delete::dialog(desk, gone)}
    }
    .into_any()
}

/// The connection that something is open for.
type Wanted = Memo<Option<ConnectionId>>;

fn wanted(desk: Desk, pick: fn(Beside) -> Option<ConnectionId>) -> Wanted {
    memo(move || pick(desk.beside.get()))
}

/// What is known of the connection that is wanted, read anew each time it is.
type Found = crate::client::Found<Answered<Connection>>;

fn found(wanted: Wanted) -> (Found, Callback<()>) {
    opened(wanted, |connection| {
        call::<ReadConnection>(&ConnectionPath { connection }, &Nothing {}, &Nothing {})
    })
}

/// The connection's name, once it is known.
fn name(found: Found) -> Signal<Option<String>> {
    Signal::derive(move || match found.get() {
        Some(Ok(known)) => Some(known.value.summary.name),
        _ => None,
    })
}
