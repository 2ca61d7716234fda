//! What the address says of the page: what lies over it, and of which webhook.

use leptos::prelude::*;

use crate::shell::{Said, said};
use crate::ui::memo;

const OPEN: &str = "open";
const WEBHOOK: &str = "webhook";

/// Where the reader is.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    said: Said,
    open: Memo<String>,
    webhook: Memo<String>,
}

impl Desk {
    /// The desk of the page that is open.
    pub(super) fn new() -> Self {
        let said = said(&[OPEN, WEBHOOK]);
        Self { said, open: memo(move || said.get(OPEN)), webhook: memo(move || said.get(WEBHOOK)) }
    }

    /// Whether this lies over the page.
    pub(super) fn is_open(self, what: &'static str) -> bool {
        self.open.with(|open| open == what)
    }

    /// The id of the webhook that it is about.
    pub(super) fn webhook(self) -> String {
        self.webhook.get()
    }

    /// The address with something over the page.
    pub(super) fn href(self, what: &str, webhook: &str) -> String {
        self.said.href(&[(OPEN, what), (WEBHOOK, webhook)])
    }

    /// Opens something over the page.
    pub(super) fn show(self, what: &str) {
        self.said.say(&[(OPEN, what), (WEBHOOK, "")], false);
    }

    /// Closes what lies over the page, unless the reader has gone elsewhere.
    pub(super) fn close(self) {
        self.said.say(&[(OPEN, ""), (WEBHOOK, "")], true);
    }
}
