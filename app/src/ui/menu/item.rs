//! The items of a menu.

use leptos::prelude::*;

use super::super::icon::Icon;

/// What choosing an item does.
#[derive(Clone)]
pub enum MenuAction {
    /// Calls something.
    Run(Callback<()>),
    /// Goes to another page.
    Go(String),
}

/// One item of a menu.
#[derive(Clone)]
pub struct MenuItem {
    pub(super) label: String,
    pub(super) icon: Option<Icon>,
    pub(super) action: MenuAction,
    pub(super) danger: bool,
    pub(super) checked: Option<bool>,
    pub(super) divided: bool,
    pub(super) disabled_reason: Option<String>,
}

impl MenuItem {
    /// An item that does something.
    pub fn new(label: impl Into<String>, action: impl Fn() + Send + Sync + 'static) -> Self {
        Self::with(label.into(), MenuAction::Run(Callback::new(move |()| action())))
    }

    /// An item that goes to another page.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self::with(label.into(), MenuAction::Go(href.into()))
    }

    fn with(label: String, action: MenuAction) -> Self {
        Self {
            label,
            icon: None,
            action,
            danger: false,
            checked: None,
            divided: false,
            disabled_reason: None,
        }
    }

    /// Puts an icon before the label.
    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Marks an item that destroys something.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    /// Makes it one of several that are on or off.
    #[must_use]
    pub fn checked(mut self, on: bool) -> Self {
        self.checked = Some(on);
        self
    }

    /// Draws a line above it.
    #[must_use]
    pub fn divided(mut self) -> Self {
        self.divided = true;
        self
    }

    /// Disables it where there is a reason to; the reason is shown under the label.
    #[must_use]
    pub fn disabled(mut self, reason: Option<String>) -> Self {
        self.disabled_reason = reason;
        self
    }
}

/// Makes the items of a menu when it opens.
#[derive(Clone)]
pub struct MenuItems(pub(super) std::sync::Arc<dyn Fn() -> Vec<MenuItem> + Send + Sync>);

impl<F: Fn() -> Vec<MenuItem> + Send + Sync + 'static> From<F> for MenuItems {
    fn from(items: F) -> Self {
        Self(std::sync::Arc::new(items))
    }
}
