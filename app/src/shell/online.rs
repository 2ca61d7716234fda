//! Says so while there is no network, and while changes of others do not arrive.

use leptos::prelude::*;

use super::live::on;
use super::words;
use crate::ui::{Notice, Tone, live};

/// Whether the browser has a network, as far as it knows.
pub fn use_online() -> ReadSignal<bool> {
    follow_events(window().navigator().on_line(), ["online", "offline"])
}

/// Whether it is so, from two events that say yes and no.
fn follow_events(first: bool, [yes, no]: [&str; 2]) -> ReadSignal<bool> {
    let (is, set) = signal(first);
    on(yes, Box::new(move || set.set(true)));
    on(no, Box::new(move || set.set(false)));
    is
}

/// The notice under the top bar while there is no network, or what is shown may be old.
pub(super) fn offline_notice(online: ReadSignal<bool>) -> AnyView {
    let current = follow_events(true, ["live:back", "live:lost"]);
    live(move || {
        let (title, text) = match (online.get(), current.get()) {
            (true, true) => return None,
            (true, false) => (words::LOST, words::LOST_TEXT),
            (false, _) => (words::OFFLINE, words::OFFLINE_TEXT),
        };
        let text = Some(text.to_owned());
        Some(view! { <Notice title=title tone=Tone::Warn text=text banner=true /> }.into_any())
    })
}
