//! Where the reader is in User management: what the URL says, and how to go elsewhere.

use leptos::prelude::*;

use crate::shell::{Said, said};
use crate::ui::memo;

/// What can stand in the query, in the order in which it is written.
const NAMES: [&str; 5] = ["search", "role", "state", "sort", OPEN];
/// What lies over the page.
pub(super) const OPEN: &str = "open";

/// Where the reader is.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    said: Said,
    changed: RwSignal<u32>,
}

impl Desk {
    /// The desk of the page that is open.
    pub(super) fn new() -> Self {
        Self { said: said(&NAMES), changed: RwSignal::new(0) }
    }

    /// What the URL says under a name.
    pub(super) fn get(self, name: &str) -> String {
        self.said.get(name)
    }

    /// Whether the URL says that this lies over the page.
    pub(super) fn is_open(self, what: &'static str) -> Signal<bool> {
        memo(move || self.get(OPEN) == what).into()
    }

    /// The address of the same page with something said otherwise.
    pub(super) fn href(self, change: &[(&str, &str)]) -> String {
        self.said.href(change)
    }

    /// Says something otherwise; `replace` leaves no step back.
    pub(super) fn say(self, change: &[(&str, &str)], replace: bool) {
        self.said.say(change, replace);
    }

    /// Opens something over the page.
    pub(super) fn open(self, what: &str) {
        self.say(&[(OPEN, what)], false);
    }

    /// Closes what lies over the page, unless the reader has gone elsewhere.
    pub(super) fn close(self) {
        self.say(&[(OPEN, "")], true);
    }

    /// Goes to another page.
    pub(super) fn leave(self, to: String) {
        self.said.going.to(to, false);
    }

    /// Counts the changes made here; what depends on them follows it.
    pub(super) fn version(self) -> u32 {
        self.changed.get()
    }

    /// Says that something was changed.
    pub(super) fn changed(self) {
        self.changed.try_update(|changed| *changed += 1);
    }
}
