//! Where the reader is, by the address, and how they go elsewhere.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

use crate::paths;
use crate::ui::memo;

/// The page that is open, and the way to others.
#[derive(Debug, Clone, Copy)]
pub struct Going {
    /// The page's path.
    pub path: Memo<String>,
    navigate: Callback<(String, bool)>,
}

/// The way from the page that is open.
pub fn going() -> Going {
    let go = use_navigate();
    let navigate = move |(to, replace): (String, bool)| {
        go(&to, NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
    };
    Going { path: use_location().pathname, navigate: Callback::new(navigate) }
}

impl Going {
    /// Goes to an address; `replace` leaves no step back. Once the page is gone, nobody goes anywhere.
    pub fn to(self, to: String, replace: bool) {
        self.navigate.try_run((to, replace));
    }
}

/// What the address says under some names: filters, and what lies over the page.
#[derive(Debug, Clone, Copy)]
pub struct Said {
    names: &'static [&'static str],
    texts: Memo<Vec<String>>,
    /// The page and the way to others.
    pub going: Going,
}

/// What the address says under these names; they are written in this order.
pub fn said(names: &'static [&'static str]) -> Said {
    let query = use_query_map();
    let texts = memo(move || {
        query.with(|query| names.iter().map(|name| query.get(name).unwrap_or_default()).collect::<Vec<_>>())
    });
    Said { names, texts, going: going() }
}

impl Said {
    /// What it says under a name; empty where it says nothing.
    pub fn get(self, name: &str) -> String {
        let place = self.names.iter().position(|known| *known == name);
        self.texts.with(|said| place.and_then(|place| said.get(place)).cloned().unwrap_or_default())
    }

    /// The address of the same page with something said otherwise.
    pub fn href(self, change: &[(&str, &str)]) -> String {
        self.going.path.with(|path| self.texts.with(|said| write(path, self.names, said, change)))
    }

    /// Says something otherwise, unless the reader has left the page; `replace` leaves no step back.
    pub fn say(self, change: &[(&str, &str)], replace: bool) {
        if self.texts.try_get_untracked().is_some() {
            self.going.to(untrack(|| self.href(change)), replace);
        }
    }
}

fn write(path: &str, names: &[&str], said: &[String], change: &[(&str, &str)]) -> String {
    names.iter().zip(said).fold(path.to_owned(), |address, (name, present)| {
        let new = change.iter().find(|(changed, _)| changed == name).map(|(_, value)| *value);
        paths::with(address, name, new.unwrap_or(present))
    })
}

#[cfg(test)]
mod tests {
    use super::write;

    #[test]
    fn only_what_is_said_is_written() {
        let names = ["search", "role", "state", "sort", "open"];
        let said = ["a&b", "", "active", "", "add"].map(str::to_owned);
        assert_eq!(write("/p", &names, &said, &[]), "/p?search=a%26b&state=active&open=add");
        assert_eq!(
            write("/p", &names, &said, &[("open", ""), ("sort", "-name")]),
            "/p?search=a%26b&state=active&sort=-name"
        );
        assert_eq!(write("/p", &names, &["", "", "", "", ""].map(str::to_owned), &[]), "/p");
    }
}
