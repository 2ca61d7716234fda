//! Light, dark, or as the system says. `public/theme.js` applies the choice before the first paint.

use leptos::prelude::*;

/// Under which name the browser keeps the choice; `public/theme.js` reads it too.
const KEY: &str = "drawbridge.theme";

/// What the user chose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::System];

    fn name(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }
}

/// The choice that is shown.
pub(super) fn shown() -> Theme {
    let said = document().document_element().and_then(|root| root.get_attribute("data-theme"));
    Theme::ALL.into_iter().find(|theme| theme.name() == said.as_deref()).unwrap_or_default()
}

/// Shows a theme and keeps the choice.
pub(crate) fn apply(theme: Theme) {
    if let Some(root) = document().document_element() {
        // Both can only fail for a name that is no attribute's.
        match theme.name() {
            Some(name) => root.set_attribute("data-theme", name).ok(),
            None => root.remove_attribute("data-theme").ok(),
        };
    }
    // A browser that keeps nothing still shows the theme until it is closed.
    if let Some(storage) = storage() {
        match theme.name() {
            Some(name) => storage.set_item(KEY, name).ok(),
            None => storage.remove_item(KEY).ok(),
        };
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
