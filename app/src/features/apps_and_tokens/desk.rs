//! Where the reader is on the page: what the address says, and how to go elsewhere.

use drawbridge_contract::endpoint::encode;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

use super::credential::Kind;
use crate::ui::memo;

/// What can stand in the query, in the order in which it is written.
const NAMES: [&str; 4] = ["apps", "tokens", OPEN, ID];
/// What lies over the page.
const OPEN: &str = "open";
/// Which one it is about.
const ID: &str = "id";

/// Where the reader is.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    said: Memo<[String; 4]>,
    path: Memo<String>,
    navigate: Callback<(String, bool)>,
    changed: RwSignal<u32>,
    /// The key of what was just made.
    pub(super) fresh: RwSignal<Option<String>>,
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
            changed: RwSignal::new(0),
            fresh: RwSignal::new(None),
        }
    }

    fn get(self, name: &str) -> String {
        let place = NAMES.iter().position(|known| *known == name);
        self.said.with(|said| place.and_then(|place| said.get(place)).cloned().unwrap_or_default())
    }

    /// What is searched for.
    pub(super) fn search(self, kind: Kind) -> String {
        self.get(searched(kind)).trim().to_owned()
    }

    /// Searches for something.
    pub(super) fn find(self, kind: Kind, text: &str) {
        self.say(&[(searched(kind), text.trim())], true);
    }

    /// Whether this lies over the page.
    pub(super) fn is_open(self, what: &str) -> bool {
        self.get(OPEN) == what
    }

    /// The id of what lies over the page, while it is one of these.
    pub(super) fn open_id(self, what: &[&str]) -> String {
        if what.contains(&self.get(OPEN).as_str()) { self.get(ID) } else { String::new() }
    }

    /// The address with something over the page.
    pub(super) fn href(self, what: &str, id: &str) -> String {
        self.path.with(|path| self.said.with(|said| write(path, said, &[(OPEN, what), (ID, id)])))
    }

    fn say(self, change: &[(&str, &str)], replace: bool) {
        let to = untrack(|| self.path.with(|path| self.said.with(|said| write(path, said, change))));
        self.navigate.run((to, replace));
    }

    /// Closes what lies over the page, unless the reader has gone elsewhere.
    pub(super) fn close(self) {
        if self.said.try_get_untracked().is_some() {
            self.say(&[(OPEN, ""), (ID, "")], true);
        }
    }

    /// Counts the changes made here; the lists follow it.
    pub(super) fn version(self) -> u32 {
        self.changed.get()
    }

    /// Says that something was changed.
    pub(super) fn changed(self) {
        self.changed.try_update(|changed| *changed += 1);
    }
}

const fn searched(kind: Kind) -> &'static str {
    match kind {
        Kind::App => "apps",
        Kind::Token => "tokens",
    }
}

fn write(path: &str, said: &[String; 4], change: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    for (name, present) in NAMES.iter().zip(said) {
        let new = change.iter().find(|(changed, _)| changed == name).map(|(_, value)| *value);
        let value = new.unwrap_or(present);
        if !value.is_empty() {
            address.push(if address.contains('?') { '&' } else { '?' });
            address.push_str(name);
            address.push('=');
            encode(value, &mut address);
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_searched_for_stays_while_something_is_opened_and_closed() {
        let said = ["a&b", "", "edit", "app_1"].map(str::to_owned);
        assert_eq!(write("/p", &said, &[]), "/p?apps=a%26b&open=edit&id=app_1");
        assert_eq!(write("/p", &said, &[(OPEN, ""), (ID, "")]), "/p?apps=a%26b");
        assert_eq!(write("/p", &said, &[(OPEN, "create"), (ID, "")]), "/p?apps=a%26b&open=create");
    }
}
