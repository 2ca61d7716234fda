//! What the URL says: search, filter, and what is open over the page.

use leptos::prelude::*;

use crate::shell::{Said, said};

/// What is looked for.
pub(super) const SEARCH: &str = "search";
/// The category that is shown.
pub(super) const CATEGORY: &str = "category";
/// The OAuth client whose form is open: its id, or [`NEW`].
pub(super) const CLIENT: &str = "client";
/// The OAuth client that is about to be deleted.
pub(super) const DELETE: &str = "delete";
/// A client that is not registered yet.
pub(super) const NEW: &str = "new";

const NAMES: [&str; 4] = [SEARCH, CATEGORY, CLIENT, DELETE];

/// Where the reader is, and how to go elsewhere.
#[derive(Clone, Copy)]
pub(super) struct Desk(Said);

impl Desk {
    /// The desk of the page that is open.
    pub(super) fn new() -> Self {
        Self(said(&NAMES))
    }

    /// What the URL says under a name; empty where it says nothing.
    pub(super) fn get(self, name: &str) -> String {
        self.0.get(name)
    }

    /// Goes on with one thing said otherwise; `replace` leaves no step back.
    pub(super) fn say(self, name: &str, value: &str, replace: bool) {
        self.0.say(&[(name, value)], replace);
    }

    /// The same page, all of it.
    pub(super) fn clear(self) {
        let going = self.0.going;
        going.to(going.path.get_untracked(), true);
    }
}
