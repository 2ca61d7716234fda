//! Where the reader is in Gateways: what the address says, and how to go elsewhere.

use leptos::prelude::*;

use crate::shell::{Said, said};
use crate::ui::memo;

/// What can stand in the query, in the order in which it is written.
const NAMES: [&str; 6] = ["search", "status", "sort", OPEN, GATEWAY, MACHINE];
const OPEN: &str = "open";
const GATEWAY: &str = "gateway";
const MACHINE: &str = "machine";

/// Where the reader is: on the list, or on the page of one gateway.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    said: Said,
    own: Option<Memo<String>>,
    changed: RwSignal<u32>,
    /// The row that was just made.
    pub(super) fresh: RwSignal<Option<String>>,
}

impl Desk {
    /// The desk of the list, or of the page of the gateway with that id.
    pub(super) fn new(own: Option<Memo<String>>) -> Self {
        Self { said: said(&NAMES), own, changed: RwSignal::new(0), fresh: RwSignal::new(None) }
    }

    /// What the address says under a name.
    pub(super) fn get(self, name: &str) -> String {
        self.said.get(name)
    }

    /// What lies over the page; empty: nothing.
    pub(super) fn open(self) -> String {
        self.said.get(OPEN)
    }

    /// Whether this lies over the page.
    pub(super) fn is_open(self, what: &'static str) -> Signal<bool> {
        memo(move || self.open() == what).into()
    }

    /// The id of the gateway that it is about.
    pub(super) fn gateway(self) -> String {
        self.own.map_or_else(|| self.said.get(GATEWAY), |own| own.get())
    }

    /// The id of the agent that it is about.
    pub(super) fn machine(self) -> String {
        self.said.get(MACHINE)
    }

    /// The address with something over the page, about a gateway.
    pub(super) fn href(self, what: &str, gateway: &str) -> String {
        let gateway = if self.own.is_some() { "" } else { gateway };
        self.said.href(&[(OPEN, what), (GATEWAY, gateway), (MACHINE, "")])
    }

    /// The address with something over the page, about an agent of the page's gateway.
    pub(super) fn href_of(self, what: &str, machine: &str) -> String {
        self.said.href(&[(OPEN, what), (MACHINE, machine)])
    }

    /// Says something otherwise; `replace` leaves no step back.
    pub(super) fn say(self, change: &[(&str, &str)], replace: bool) {
        self.said.say(change, replace);
    }

    /// Closes what lies over the page, unless the reader has gone elsewhere.
    pub(super) fn close(self) {
        self.say(&[(OPEN, ""), (GATEWAY, ""), (MACHINE, "")], true);
    }

    /// Goes to another page.
    pub(super) fn leave(self, to: String) {
        self.said.going.to(to, false);
    }

    /// Whether this is the page of one gateway.
    pub(super) fn is_own_page(self) -> bool {
        self.own.is_some()
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
