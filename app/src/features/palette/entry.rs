//! What can be chosen in the palette.

use drawbridge_domain::id::ConnectionId;

use super::matching::{fold, rank};
use crate::shell::Theme;
use crate::ui::{Face, Found, FoundGroup, Icon};

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    /// What the list shows.
    pub(super) found: Found,
    /// Other words that it is found by.
    pub(super) also: &'static str,
    /// What choosing it does.
    pub(super) act: Act,
}

/// What choosing an entry does.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Act {
    /// Goes to this address.
    Go(String),
    /// Shows this theme.
    Theme(Theme),
    /// Ends the session.
    SignOut,
    /// Tests this connection, which has this name.
    Test(ConnectionId, String),
    /// Switches this connection on or off.
    Switch(ConnectionId, bool),
    /// Nothing: what was chosen before is still being looked up.
    Wait,
}

impl Entry {
    /// An entry with an icon that leads to an address.
    pub(super) fn go(key: &str, label: impl Into<String>, icon: Icon, to: String) -> Self {
        let found = Found {
            key: key.to_owned(),
            label: label.into(),
            detail: String::new(),
            face: Face::Icon(icon),
            refusal: None,
        };
        Self { found, also: "", act: Act::Go(to) }
    }

    /// Does something else.
    pub(super) fn doing(mut self, act: Act) -> Self {
        self.act = act;
        self
    }

    /// Is found by other words too.
    pub(super) fn also(mut self, words: &'static str) -> Self {
        self.also = words;
        self
    }

    /// Says more at the end of the row.
    pub(super) fn detail(mut self, text: impl Into<String>) -> Self {
        self.found.detail = text.into();
        self
    }

    /// Cannot be chosen, and says why.
    pub(super) fn refused(mut self, why: Option<String>) -> Self {
        self.found.refusal = why;
        self
    }

    /// Has a picture instead of an icon.
    pub(super) fn picture(mut self, icon: &str) -> Self {
        self.found.face = Face::Picture(["/icons/connectors/", icon, ".svg"].concat());
        self
    }

    /// Whether its name or what is said of it holds what is typed.
    pub(super) fn holds(&self, folded: &str) -> bool {
        fold(&self.found.label).contains(folded) || fold(&self.found.detail).contains(folded)
    }
}

/// A titled list of entries.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub(super) title: String,
    pub(super) entries: Vec<Entry>,
}

impl Group {
    pub(super) fn new(title: impl Into<String>, entries: Vec<Entry>) -> Self {
        Self { title: title.into(), entries }
    }

    /// What the list shows of it; nothing of an empty one.
    pub(super) fn shown(&self) -> Option<FoundGroup> {
        let items: Vec<Found> = self.entries.iter().map(|entry| entry.found.clone()).collect();
        (!items.is_empty()).then(|| FoundGroup { title: self.title.clone(), items })
    }
}

/// The entries that fit what is typed, the best first.
pub(super) fn fitting(entries: Vec<Entry>, folded: &str) -> Vec<Entry> {
    let ranked = entries.into_iter().filter_map(|entry| {
        let rank = rank(folded, &fold(&entry.found.label), &fold(entry.also))?;
        Some((rank, entry))
    });
    let mut ranked: Vec<(u8, Entry)> = ranked.collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, entry)| entry).collect()
}
