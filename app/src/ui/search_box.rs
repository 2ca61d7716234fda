//! A box that searches as one types.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::icon::{Icon, icon};
use super::live::live;
use super::{dom, words};

const PAUSE: Duration = Duration::from_millis(200);

/// A search box: reports what was typed after a short pause, or at once on Enter; Escape empties it.
#[component]
pub fn SearchBox(
    /// What is searched; its name and placeholder.
    #[prop(into)]
    label: Signal<String>,
    /// What is searched for now, from the URL.
    #[prop(into)]
    value: Signal<String>,
    /// Called with what to search for.
    #[prop(into)]
    on_search: Callback<String>,
    /// Takes the keyboard when `/` is pressed anywhere on the page.
    #[prop(optional)]
    hotkey: bool,
    /// Takes the keyboard when its dialog opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let id = dom::unique_id("search");
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let typed = RwSignal::new(None::<String>);
    let shown = Signal::derive(move || typed.get().unwrap_or_else(|| value.get()));
    let stop = move || {
        if let Some(Some(handle)) = timer.try_get_value() {
            handle.clear();
        }
    };
    let send = move || {
        stop();
        if let Some(Some(text)) = typed.try_get_untracked() {
            on_search.run(text);
            typed.set(None);
        }
    };
    let input = move |event| {
        typed.set(Some(event_target_value(&event)));
        stop();
        timer.set_value(set_timeout_with_handle(send, PAUSE).ok());
    };
    let key = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            send();
        }
        "Escape" if shown.with_untracked(|text| !text.is_empty()) => {
            event.prevent_default();
            typed.set(Some(String::new()));
            send();
        }
        _ => (),
    };
    on_cleanup(stop);
    if hotkey {
        focus_on_slash(id.clone());
    }
    let cleared = id.clone();
    view! {
        <div class="search" role="search" aria-label=label>
            {icon(Icon::Search)}
            <input
                class="input search-input"
                id=id
                type="text"
                role="searchbox"
                autocomplete="off"
                spellcheck="false"
                enterkeyhint="search"
                aria-label=label
                aria-keyshortcuts=hotkey.then_some("/")
                placeholder=label
                data-autofocus=autofocus.then_some("")
                prop:value=shown
                on:input=input
                on:keydown=key
            />
            {live(move || {
                let cleared = cleared.clone();
                if shown.with(String::is_empty) {
                    hotkey.then(|| view! { <kbd class="search-key" aria-hidden="true">"/"</kbd> }.into_any())
                } else {
                    Some(
                        view! {
                            <button
                                class="btn btn-quiet btn-small btn-icon"
                                type="button"
                                title=words::CLEAR
                                aria-label=words::CLEAR
                                on:click=move |_| {
                                    typed.set(Some(String::new()));
                                    send();
                                    dom::focus_by_id(cleared.clone());
                                }
                            >
                                {icon(Icon::Close)}
                            </button>
                        }
                            .into_any(),
                    )
                }
            })}
        </div>
    }
    .into_any()
}

/// Gives the box the keyboard on `/`, unless something is being typed or a dialog is open.
fn focus_on_slash(id: String) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
        let typing = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .is_some_and(|target| target.matches("input, textarea, select, dialog *").unwrap_or(false));
        if event.key() == "/" && plain && !typing {
            event.prevent_default();
            if let Some(input) = dom::by_id(&id) {
                dom::focus(&input);
            }
        }
    });
    on_cleanup(move || handle.remove());
}
