//! What `app/live.js` hears of others' changes, for the pages.

use leptos::prelude::*;

/// What a page may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Connections, and what was given on them.
    Connections,
    /// OAuth clients.
    OauthClients,
    /// Users.
    Users,
    /// Groups and their members.
    Groups,
    /// The audit log.
    Audit,
    /// The tenant's own settings, and who the reader is.
    Tenant,
    /// Webhooks.
    Webhooks,
}

impl Topic {
    const fn event(self) -> &'static str {
        match self {
            Self::Connections => "live:connections",
            Self::OauthClients => "live:oauthClients",
            Self::Users => "live:users",
            Self::Groups => "live:groups",
            Self::Audit => "live:audit",
            Self::Tenant => "live:session",
            Self::Webhooks => "live:webhooks",
        }
    }
}

/// Does something whenever others may have changed what the page shows: at most once a second, and while the page
/// is looked at.
pub fn follow(topic: Topic, act: impl Fn() + 'static) {
    on(topic.event(), Box::new(act));
}

/// Does something at an event of the window for as long as the page is there.
pub(super) fn on(event: &str, act: Box<dyn Fn()>) {
    let listener = window_event_listener_untyped(event, move |_| act());
    on_cleanup(move || listener.remove());
}
