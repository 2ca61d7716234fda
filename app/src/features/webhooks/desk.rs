//! What the address says of the page: what lies over it, and of which webhook.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

use crate::paths;
use crate::ui::memo;

/// Where the reader is.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    open: Memo<String>,
    webhook: Memo<String>,
    path: Memo<String>,
    navigate: Callback<(String, bool)>,
}

impl Desk {
    /// The desk of the page that is open.
    pub(super) fn new() -> Self {
        let query = use_query_map();
        let go = use_navigate();
        let said =
            move |name: &'static str| memo(move || query.with(|query| query.get(name).unwrap_or_default()));
        Self {
            open: said("open"),
            webhook: said("webhook"),
            path: use_location().pathname,
            navigate: Callback::new(move |(to, replace): (String, bool)| {
                go(&to, NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
            }),
        }
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
        paths::with(paths::with(self.path.get(), "open", what), "webhook", webhook)
    }

    /// Opens something over the page.
    pub(super) fn show(self, what: &str) {
        let to = untrack(|| self.href(what, ""));
        self.navigate.run((to, false));
    }

    /// Closes what lies over the page, unless the reader has gone elsewhere.
    pub(super) fn close(self) {
        if let Some(path) = self.path.try_get_untracked() {
            self.navigate.try_run((path, true));
        }
    }
}
