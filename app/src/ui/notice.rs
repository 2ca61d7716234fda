//! Notices: something that the reader should know, in place.

use leptos::prelude::*;

use super::icon::{Icon, icon};
use super::live::live;
use super::tone::Tone;
use super::words;

/// A notice with icon, words and, where there is something to do, an action.
#[component]
pub fn Notice(
    /// What happened.
    #[prop(into)]
    title: Signal<String>,
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// Why, and what to do.
    #[prop(optional, into)]
    text: Signal<Option<String>>,
    /// Buttons or links that mend it.
    #[prop(optional, into)]
    action: Option<ViewFn>,
    /// Called when it is taken away; without it, it stays.
    #[prop(optional, into)]
    on_close: Option<Callback<()>>,
    /// Does not announce itself; for a place that does so already.
    #[prop(optional)]
    quiet: bool,
    /// Fills the width of the page, under the top bar.
    #[prop(optional)]
    banner: bool,
) -> impl IntoView {
    let role = match tone {
        _ if quiet => None,
        Tone::Bad => Some("alert"),
        _ => Some("status"),
    };
    view! {
        <div class=["notice ", tone.class()].concat() class:notice-banner=banner role=role>
            {icon(if tone == Tone::Neutral { Icon::Info } else { tone.icon() })}
            <div class="notice-words">
                <p class="notice-title">{title}</p>
                {live(move || text.get().map(|text| view! { <p class="notice-text">{text}</p> }.into_any()))}
            </div>
            {action.map(|action| view! { <div class="notice-action">{action.run()}</div> }.into_any())}
            {on_close
                .map(|on_close| {
                    view! {
                        <button
                            class="btn btn-quiet btn-small btn-icon"
                            type="button"
                            title=words::DISMISS
                            aria-label=words::DISMISS
                            on:click=move |_| on_close.run(())
                        >
                            {icon(Icon::Close)}
                        </button>
                    }.into_any()
                })}
        </div>
    }
    .into_any()
}
