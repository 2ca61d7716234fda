//! What `app/live.js` hears of others' changes, for the pages.

pub use drawbridge_contract::types::live::Topic;
use leptos::prelude::*;

/// The event of the window that `app/live.js` says it with.
const fn event(topic: Topic) -> &'static str {
    match topic {
        Topic::Connections => "live:connections",
        Topic::OauthClients => "live:oauthClients",
        Topic::Users => "live:users",
        Topic::Groups => "live:groups",
        Topic::Audit => "live:audit",
        // Who the reader is and what they may do is told with it.
        Topic::Tenant => "live:session",
        Topic::Webhooks => "live:webhooks",
        Topic::Apps => "live:apps",
        Topic::Tokens => "live:tokens",
        Topic::Gateways => "live:gateways",
    }
}

/// Does something whenever others may have changed what the page shows: at most once a second, and while the page
/// is looked at.
pub fn follow(topic: Topic, act: impl Fn() + 'static) {
    on(event(topic), Box::new(act));
}

/// Does something at an event of the window for as long as the page is there.
pub(super) fn on(event: &str, act: Box<dyn Fn()>) {
    let listener = window_event_listener_untyped(event, move |_| act());
    on_cleanup(move || listener.remove());
}
