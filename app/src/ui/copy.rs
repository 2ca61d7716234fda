//! Copies a value to the clipboard and says so.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::icon::{Icon, icon_of};
use super::live::live;
use super::words;

const SAID_FOR: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Copied,
    Failed,
}

/// A button that copies a value; it shows and says that it did.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: Signal<String>,
    /// What the button says; “Copy” when not given.
    #[prop(optional, into)]
    label: Option<String>,
    /// Shows the icon alone.
    #[prop(optional)]
    quiet: bool,
    /// Called once it is copied.
    #[prop(optional, into)]
    on_copy: Option<Callback<()>>,
) -> impl IntoView {
    let outcome = RwSignal::new(None);
    let label = StoredValue::new(label.unwrap_or_else(|| words::COPY.to_owned()));
    let said = move || match outcome.get() {
        None => label.get_value(),
        Some(Outcome::Copied) => words::COPIED.to_owned(),
        Some(Outcome::Failed) => words::COPY_FAILED.to_owned(),
    };
    let drawn = Signal::derive(move || match outcome.get() {
        None => Icon::Copy,
        Some(Outcome::Copied) => Icon::Check,
        Some(Outcome::Failed) => Icon::Warning,
    });
    let press = move |_| {
        let written = window().navigator().clipboard().write_text(&text.get_untracked());
        leptos::task::spawn_local(async move {
            let result = JsFuture::from(written).await;
            outcome.try_set(Some(if result.is_ok() { Outcome::Copied } else { Outcome::Failed }));
            if let (Ok(_), Some(on_copy)) = (result, on_copy) {
                on_copy.try_run(());
            }
            set_timeout(
                move || {
                    outcome.try_set(None);
                },
                SAID_FOR,
            );
        });
    };
    view! {
        <button
            class=if quiet { "btn btn-quiet btn-small btn-icon" } else { "btn btn-secondary btn-small" }
            class:btn-done=Signal::derive(move || outcome.get() == Some(Outcome::Copied))
            type="button"
            title=Signal::derive(move || quiet.then(said))
            aria-label=Signal::derive(move || quiet.then(|| label.get_value()))
            on:click=press
        >
            <span class="btn-face">{icon_of(drawn)} {(!quiet).then_some(said)}</span>
            <span class="visually-hidden" role="status">
                {live(move || outcome.get().map(|_| said()))}
            </span>
        </button>
    }
    .into_any()
}
