//! The values of a form, one for each field; they outlive the panel, so that nothing typed is lost.

use std::collections::BTreeMap;
use std::sync::Arc;

use drawbridge_contract::types::connectors::Connector;
use leptos::prelude::*;

use super::draft::{AUTH, CLIENT, NAME, Typed, path};
use crate::features::connections::gateway::{PASSWORD, TOKEN, USERNAME};

/// One field's value.
#[derive(Clone)]
struct Entry {
    value: ArcRwSignal<String>,
    /// Something was typed and the keyboard went on: the time to say what is wrong with it.
    left: ArcRwSignal<bool>,
    leave: Callback<()>,
}

impl Entry {
    fn new(start: String) -> Self {
        let (value, left) = (ArcRwSignal::new(start), ArcRwSignal::new(false));
        let (typed, gone) = (value.clone(), left.clone());
        let leave = Callback::new(move |()| {
            if !typed.read_untracked().is_empty() {
                gone.set(true);
            }
        });
        Self { value, left, leave }
    }
}

/// The values of one connector's form.
#[derive(Clone)]
pub(super) struct Values(Arc<BTreeMap<String, Entry>>);

impl Values {
    /// The form as it starts.
    fn new(connector: &Connector) -> Self {
        let auth = connector.auth.first().map(|way| way.id.clone()).unwrap_or_default();
        let fixed = [(NAME, String::new()), (AUTH, auth), (CLIENT, String::new())];
        let sealed = [USERNAME, PASSWORD, TOKEN].map(|path| (path, String::new()));
        let fixed = fixed.into_iter().chain(sealed);
        let mut entries: BTreeMap<_, _> =
            fixed.map(|(path, start)| (path.to_owned(), Entry::new(start))).collect();
        for field in connector.settings.iter().chain(connector.auth.iter().flat_map(|way| &way.fields)) {
            let start = || Entry::new(field.default.clone().unwrap_or_default());
            entries.entry(path(field)).or_insert_with(start);
        }
        Self(Arc::new(entries))
    }

    /// The value at a path.
    pub(super) fn at(&self, path: &str) -> RwSignal<String> {
        // A path that the form does not have gets a value that nobody reads.
        self.0.get(path).map(|entry| entry.value.clone()).unwrap_or_default().into()
    }

    /// To be called when the keyboard leaves the field at a path.
    pub(super) fn leave(&self, path: &str) -> Callback<()> {
        self.0.get(path).map_or_else(|| Callback::new(|()| ()), |entry| entry.leave)
    }

    /// Whether the field at a path was typed in and left, followed.
    pub(super) fn was_left(&self, path: &str) -> bool {
        self.0.get(path).is_some_and(|entry| entry.left.get())
    }

    /// All values, followed.
    pub(super) fn typed(&self) -> Typed {
        self.0.iter().map(|(path, entry)| (path.clone(), entry.value.get())).collect()
    }

    /// All values as they are now.
    pub(super) fn typed_now(&self) -> Typed {
        self.0.iter().map(|(path, entry)| (path.clone(), entry.value.get_untracked())).collect()
    }
}

/// What was typed for each connector, kept while the page is open.
#[derive(Clone, Copy)]
pub(super) struct Drafts {
    forms: StoredValue<BTreeMap<String, Values>>,
    /// The page's: a form that is taken away still tells its fields that the keyboard left them.
    owner: StoredValue<Option<Owner>>,
}

impl Drafts {
    /// Nothing typed yet.
    pub(super) fn new() -> Self {
        Self { forms: StoredValue::new(BTreeMap::new()), owner: StoredValue::new(Owner::current()) }
    }

    /// The form of a connector, with what was typed in it before.
    pub(super) fn of(self, connector: &Connector) -> Values {
        let id = &connector.summary.id;
        if let Some(Some(known)) = self.forms.try_with_value(|forms| forms.get(id).cloned()) {
            return known;
        }
        let made = match self.owner.try_get_value().flatten() {
            Some(owner) => owner.with(|| Values::new(connector)),
            None => Values::new(connector),
        };
        self.forms.try_update_value(|forms| forms.insert(id.clone(), made.clone()));
        made
    }

    /// Forgets all that was typed.
    pub(super) fn forget(self) {
        self.forms.try_update_value(BTreeMap::clear);
    }
}
