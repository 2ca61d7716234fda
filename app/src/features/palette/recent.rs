//! What was chosen last, kept in this browser for each user. Only keys are kept: names are read anew, so that nothing
//! is named to somebody who may not know of it any more.

use std::cell::RefCell;

use drawbridge_domain::id::Id;
use leptos::prelude::*;

use super::entry::{Act, Entry};
use super::remote::{self, Catalogue};
use super::words;
use crate::client::{ApiError, start};
use crate::shell::Session;
use crate::ui::Icon;

/// How many are kept.
const MOST: usize = 6;
/// No key is longer.
const LONGEST: usize = 200;

thread_local! {
    /// What was looked up since the page was loaded, so that it is there at once the next time.
    static SEEN: RefCell<Vec<Entry>> = const { RefCell::new(Vec::new()) };
}

/// What the browser keeps for somebody.
#[derive(Debug, Clone)]
struct Kept {
    place: String,
}

impl Kept {
    /// Of the user with this id, who belongs to one tenant.
    fn of(user: &str) -> Self {
        Self { place: ["drawbridge.recent.", user].concat() }
    }

    /// The keys, the last chosen first.
    fn keys(&self) -> Vec<String> {
        let kept = storage().and_then(|storage| storage.get_item(&self.place).ok().flatten());
        read(&kept.unwrap_or_default())
    }

    /// Puts a key first.
    fn add(&self, key: &str) {
        self.keep(&with_first(self.keys(), key));
    }

    /// Takes a key out.
    fn forget(&self, key: &str) {
        let mut keys = self.keys();
        keys.retain(|kept| kept != key);
        self.keep(&keys);
    }

    fn keep(&self, keys: &[String]) {
        // A browser that keeps nothing shows nothing.
        if let Some(storage) = storage() {
            storage.set_item(&self.place, &keys.join(" ")).ok();
        }
    }
}

/// What was chosen last, as it is now.
#[derive(Clone, Copy)]
pub(super) struct Recents {
    kept: StoredValue<Kept>,
    keys: RwSignal<Vec<String>>,
    known: RwSignal<Vec<Entry>>,
    catalogue: Catalogue,
    slug: StoredValue<String>,
}

impl Recents {
    /// Of who is signed in; begins to look up what the console does not know by itself.
    pub(super) fn new(session: Session, catalogue: Catalogue) -> Self {
        let (user, slug) = untrack(|| (session.who().map(|who| who.user.id), session.slug()));
        let kept = Kept::of(user.as_ref().map(Id::as_str).unwrap_or_default());
        let keys = kept.keys();
        let recents = Self {
            kept: StoredValue::new(kept),
            keys: RwSignal::new(keys.clone()),
            known: RwSignal::new(SEEN.with_borrow(Clone::clone)),
            catalogue,
            slug: StoredValue::new(slug),
        };
        for key in keys {
            if key.starts_with(remote::CONNECTOR) {
                catalogue.want();
            } else if is_of_server(&key) {
                let coming = remote::looked_up(recents.slug.get_value(), key.clone());
                start(Box::pin(async move { recents.arrive(&key, &coming.await) }));
            }
        }
        recents
    }

    /// What was looked up; what could not be stays as it was.
    fn arrive(self, key: &str, came: &Result<Option<Entry>, ApiError>) {
        let Ok(came) = came else { return };
        let known = |known: &mut Vec<Entry>| {
            known.retain(|entry| entry.found.key != key);
            known.extend(came.clone());
        };
        SEEN.with_borrow_mut(known);
        self.known.try_update(known);
        if came.is_none() {
            // It is gone, or may not be known any more.
            self.kept.try_with_value(|kept| kept.forget(key));
            self.keys.try_update(|keys| keys.retain(|kept| kept != key));
        }
    }

    /// The entries; a line stands for what is still being looked up.
    pub(super) fn entries(self, pages: &[Entry], actions: &[Entry]) -> Vec<Entry> {
        let connectors = self.catalogue.entries(&self.slug.get_value());
        let known = self.known.get();
        let all = || pages.iter().chain(actions).chain(&known).chain(&connectors);
        let find = |key: &String| {
            let found = all().find(|entry| entry.found.key == *key).cloned();
            let coming =
                is_of_server(key) || (key.starts_with(remote::CONNECTOR) && self.catalogue.is_coming());
            found.or_else(|| coming.then(|| waiting(key)))
        };
        // Listed once: under this title.
        self.keys.with(|keys| keys.iter().filter_map(find).map(again).collect())
    }

    /// Puts what was chosen first; what is done with one connection leads to that connection the next time.
    pub(super) fn chosen(self, entry: &Entry) {
        let key = entry.found.key.trim_start_matches(AGAIN);
        let of_one = key.split_once(':').filter(|(_, id)| id.starts_with("con_"));
        let key = of_one.map_or_else(|| key.to_owned(), |(_, id)| [super::connection::KEY, id].concat());
        if entry.act != Act::Wait {
            self.kept.with_value(|kept| kept.add(&key));
        }
    }
}

/// Before the key of an entry that stands among those chosen last, so that it differs from the same one further down.
const AGAIN: &str = "again-";

fn again(mut entry: Entry) -> Entry {
    entry.found.key = [AGAIN, &entry.found.key].concat();
    entry
}

fn is_of_server(key: &str) -> bool {
    key.starts_with(super::connection::KEY) || key.starts_with(remote::USER)
}

fn waiting(key: &str) -> Entry {
    Entry::go(key, words::LOOKING_UP, Icon::Clock, String::new()).doing(Act::Wait)
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn read(kept: &str) -> Vec<String> {
    kept.split(' ')
        .filter(|key| key.contains(':') && key.len() <= LONGEST)
        .take(MOST)
        .map(str::to_owned)
        .collect()
}

fn with_first(keys: Vec<String>, key: &str) -> Vec<String> {
    let others = keys.into_iter().filter(|kept| kept != key);
    std::iter::once(key.to_owned()).chain(others).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_chosen_comes_first_once_and_the_list_is_bounded() {
        let mut keys = Vec::new();
        for key in ["a:1", "a:2", "a:1", "a:3", "a:4", "a:5", "a:6", "a:7"] {
            keys = with_first(keys, key);
        }
        assert_eq!(keys, ["a:7", "a:6", "a:5", "a:4", "a:3", "a:1"]);
        assert_eq!(read(&keys.join(" ")), keys);
    }

    #[test]
    fn what_somebody_else_wrote_there_is_left_out() {
        assert_eq!(read("x a:1  y b:2"), ["a:1", "b:2"]);
        assert_eq!(read(""), Vec::<String>::new());
        assert_eq!(read(&["a:", &"x".repeat(300)].concat()), Vec::<String>::new());
    }
}
