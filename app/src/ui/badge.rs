//! Badges and statuses: icon, word and colour together.

use leptos::prelude::*;

use super::icon::{Icon, icon, icon_of};
use super::live::live;
use super::tone::Tone;

/// A status: icon, word and colour; the reason, where there is one, stands under it.
#[component]
pub fn Status(
    /// The word.
    #[prop(into)]
    label: Signal<String>,
    /// What the word means.
    #[prop(into)]
    tone: Signal<Tone>,
    /// An icon other than the tone's own.
    #[prop(optional, into)]
    icon: Signal<Option<Icon>>,
    /// Why it is so, in a few words; shown in full on hover.
    #[prop(optional, into)]
    detail: Signal<Option<String>>,
) -> impl IntoView {
    let drawn = Signal::derive(move || icon.get().unwrap_or_else(|| tone.get().icon()));
    view! {
        <span class=Signal::derive(move || ["status ", tone.get().class()].concat())>
            <span class="status-word">{icon_of(drawn)} {label}</span>
            {live(move || {
                detail
                    .get()
                    .map(|text| {
                        view! {
                            <span class="status-detail" title=text.clone()>
                                {text.clone()}
                            </span>
                        }.into_any()
                    })
            })}
        </span>
    }
    .into_any()
}

/// A small label beside a name.
#[component]
pub fn Badge(
    /// The word.
    #[prop(into)]
    label: Signal<String>,
    /// What the word means.
    #[prop(optional, into)]
    tone: Signal<Tone>,
    /// An icon before the word.
    #[prop(optional)]
    icon: Option<Icon>,
) -> impl IntoView {
    view! {
        <span class=Signal::derive(move || {
            ["badge ", tone.get().class()].concat()
        })>{icon.map(self::icon)} {label}</span>
    }
    .into_any()
}
