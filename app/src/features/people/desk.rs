//! Where the reader is in User management: what the URL says, and how to go elsewhere.

use drawbridge_contract::endpoint::encode;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

use crate::ui::memo;

/// What can stand in the query, in the order in which it is written.
const NAMES: [&str; 5] = ["search", "role", "state", "sort", "open"];
/// What lies over the page.
pub(super) const OPEN: &str = "open";

/// Where the reader is.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    said: Memo<[String; 5]>,
    path: Memo<String>,
    navigate: Callback<(String, bool)>,
    changed: RwSignal<u32>,
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
        }
    }

    /// What the URL says under a name.
    pub(super) fn get(self, name: &str) -> String {
        let place = NAMES.iter().position(|known| *known == name);
        self.said.with(|said| place.and_then(|place| said.get(place)).cloned().unwrap_or_default())
    }

    /// Whether the URL says that this lies over the page.
    pub(super) fn is_open(self, what: &'static str) -> Signal<bool> {
        memo(move || self.get(OPEN) == what).into()
    }

    /// The address of the same page with something said otherwise.
    pub(super) fn href(self, change: &[(&str, &str)]) -> String {
        self.path.with(|path| self.said.with(|said| write(path, said, change)))
    }

    /// Says something otherwise; `replace` leaves no step back.
    pub(super) fn say(self, change: &[(&str, &str)], replace: bool) {
        let to = untrack(|| self.href(change));
        self.navigate.run((to, replace));
    }

    /// Opens something over the page.
    pub(super) fn open(self, what: &str) {
        self.say(&[(OPEN, what)], false);
    }

    /// Closes what lies over the page, unless the reader has gone elsewhere.
    pub(super) fn close(self) {
        if self.said.try_get_untracked().is_some() {
            self.say(&[(OPEN, "")], true);
        }
    }

    /// Goes to another page.
    pub(super) fn leave(self, to: String) {
        self.navigate.try_run((to, false));
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

fn write(path: &str, said: &[String; 5], change: &[(&str, &str)]) -> String {
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
    fn only_what_is_said_is_written() {
        let said = ["a&b", "", "active", "", "add"].map(str::to_owned);
        assert_eq!(write("/p", &said, &[]), "/p?search=a%26b&state=active&open=add");
        assert_eq!(
            write("/p", &said, &[(OPEN, ""), ("sort", "-name")]),
            "/p?search=a%26b&state=active&sort=-name"
        );
        assert_eq!(write("/p", &Default::default(), &[]), "/p");
    }
}
