//! Says so while there is no network.

use leptos::ev;
use leptos::prelude::*;

use super::words;
use crate::ui::{Notice, Tone, live};

/// Whether the browser has a network, as far as it knows.
pub fn use_online() -> ReadSignal<bool> {
    let (online, set_online) = signal(window().navigator().on_line());
    let came = window_event_listener(ev::online, move |_| set_online.set(true));
    let went = window_event_listener(ev::offline, move |_| set_online.set(false));
    on_cleanup(move || {
        came.remove();
        went.remove();
    });
    online
}

/// The notice under the top bar while there is no network.
pub(super) fn offline_notice(online: ReadSignal<bool>) -> AnyView {
    live(move || {
        (!online.get()).then(|| {
            let text = Some(words::OFFLINE_TEXT.to_owned());
            view! { <Notice title=words::OFFLINE tone=Tone::Warn text=text banner=true /> }.into_any()
        })
    })
}
