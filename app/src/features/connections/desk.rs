//! What the pages of connections share: where they are, what is open beside them, and how they go elsewhere.

use drawbridge_domain::id::ConnectionId;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::address::{Address, Beside, Return, returned};
use crate::shell::{Going, going};
use crate::ui::memo;

/// Where the reader is, and how to go elsewhere.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    /// What the URL says.
    pub(super) address: Memo<Address>,
    /// What is open beside the page.
    pub(super) beside: Memo<Beside>,
    going: Going,
    changed: RwSignal<u32>,
    /// The connection that was made or signed in just now, by its id.
    pub(super) fresh: RwSignal<Option<String>>,
}

impl Desk {
    /// The desk of the page that is open.
    pub(super) fn new() -> Self {
        let query = use_query_map();
        let address = memo(move || query.with(|query| Address::read(&|name| query.get(name))));
        Self {
            address,
            beside: memo(move || address.with(|address| address.beside.clone())),
            going: going(),
            changed: RwSignal::new(0),
            fresh: RwSignal::new(None),
        }
    }

    /// The address of the same page with something else open beside it.
    pub(super) fn href(self, beside: Beside) -> String {
        self.going.path.with(|path| self.address.with(|address| address.with(beside).write(path)))
    }

    /// The address of another list.
    pub(super) fn href_of(self, to: &Address) -> String {
        self.going.path.with(|path| to.write(path))
    }

    /// Goes to another list; `replace` leaves no step back.
    pub(super) fn go(self, to: &Address, replace: bool) {
        let path = self.going.path.get_untracked();
        self.going.to(to.write(&path), replace);
    }

    /// Opens something beside the page.
    pub(super) fn open(self, beside: Beside) {
        let to = self.address.with_untracked(|address| address.with(beside));
        self.go(&to, false);
    }

    /// Opens something else in the place of what is open, without a step back.
    pub(super) fn replace(self, beside: Beside) {
        let to = self.address.with_untracked(|address| address.with(beside));
        self.go(&to, true);
    }

    /// Closes what is open beside the page.
    pub(super) fn close(self) {
        // After an answer that came late, there may be no page any more.
        if let Some(to) = self.address.try_with_untracked(|address| address.with(Beside::Nothing)) {
            self.go(&to, true);
        }
    }

    /// Goes to another page.
    pub(super) fn leave(self, to: String) {
        self.going.to(to, false);
    }

    /// Counts the changes made here; what depends on the connections follows it.
    pub(super) fn version(self) -> u32 {
        self.changed.get()
    }

    /// Says that a connection was made or signed in.
    pub(super) fn made(self, connection: &ConnectionId) {
        self.fresh.try_set(Some(connection.to_string()));
        self.changed();
    }

    /// Says that connections changed.
    pub(super) fn changed(self) {
        self.changed.try_update(|changed| *changed += 1);
    }
}

/// What a sign-in in this window came back with; read once, when the page is drawn.
pub(super) fn came_back() -> Option<Return> {
    let query = use_query_map();
    query.with_untracked(|query| returned(&|name| query.get(name)))
}
