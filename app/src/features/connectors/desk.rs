//! What the URL says: search, filter, and what is open over the page.

use drawbridge_contract::endpoint::encode;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

use crate::ui::memo;

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
pub(super) struct Desk {
    said: Memo<[String; 4]>,
    path: Memo<String>,
    navigate: Callback<(String, bool)>,
}

impl Desk {
    /// The desk of the page that is open.
    pub(super) fn new() -> Self {
        let query = use_query_map();
        let go = use_navigate();
        Self {
            said: memo(move || query.with(|query| NAMES.map(|name| query.get(name).unwrap_or_default()))),
            path: use_location().pathname,
            navigate: Callback::new(move |(to, replace): (String, bool)| {
                go(&to, NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
            }),
        }
    }

    /// What the URL says under a name; empty where it says nothing.
    pub(super) fn get(self, name: &str) -> String {
        self.said
            .with(|said| {
                NAMES.iter().zip(said).find(|(known, _)| **known == name).map(|(_, value)| value.clone())
            })
            .unwrap_or_default()
    }

    /// Goes on with one thing said otherwise; `replace` leaves no step back.
    pub(super) fn say(self, name: &str, value: &str, replace: bool) {
        let Some(said) = self.said.try_get_untracked() else { return };
        let changed =
            NAMES.iter().zip(&said).map(|(known, old)| (*known, if *known == name { value } else { old }));
        self.go(&write(&self.path.get_untracked(), changed), replace);
    }

    /// The same page, all of it.
    pub(super) fn clear(self) {
        self.go(&self.path.get_untracked(), true);
    }

    fn go(self, to: &str, replace: bool) {
        self.navigate.run((to.to_owned(), replace));
    }
}

/// An address; what says nothing is left out.
fn write<'a>(path: &str, said: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut address = path.to_owned();
    for (name, value) in said.filter(|(_, value)| !value.is_empty()) {
        address.push(if address.contains('?') { '&' } else { '?' });
        address.push_str(name);
        address.push('=');
        encode(value, &mut address);
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_left_out() {
        assert_eq!(write("/p", NAMES.iter().map(|name| (*name, ""))), "/p");
        let said = [(SEARCH, "a&b"), (CATEGORY, ""), (CLIENT, NEW)];
        assert_eq!(write("/p", said.into_iter()), "/p?search=a%26b&client=new");
    }
}
