//! What is shown while something is on its way, and how much of a limit is used.

use leptos::prelude::*;

use super::live::live;
use super::time::number;
use super::tone::Tone;
use super::words;

/// Grey lines in the place of content that is on its way; they appear after 150 ms.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 3)]
    lines: usize,
) -> impl IntoView {
    view! {
        <div class="skeletons">
            <p class="visually-hidden" role="status">
                {words::LOADING}
            </p>
            {(0..lines)
                .map(|_| view! { <span class="skeleton" aria-hidden="true"></span> }.into_any())
                .collect::<Vec<_>>()}
        </div>
    }
    .into_any()
}

/// A small turning ring with words beside it.
#[component]
pub fn Spinner(
    /// What is at work.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    view! {
        <p class="spinning" role="status">
            <span class="spinner" aria-hidden="true"></span>
            <span>{label}</span>
        </p>
    }
    .into_any()
}

/// A thin bar at the top of the page while the next one is on its way.
#[component]
pub fn ProgressBar(
    /// Something is on its way.
    #[prop(into)]
    active: Signal<bool>,
) -> impl IntoView {
    view! { <div class="progress" class:progress-on=active aria-hidden="true"></div> }.into_any()
}

/// How much of a limit is used, with bar, numbers and percentage.
#[component]
pub fn Meter(
    /// What is counted.
    #[prop(into)]
    label: Signal<String>,
    /// How much is used.
    #[prop(into)]
    used: Signal<u64>,
    /// How much may be used; `None` where there is no limit.
    #[prop(into)]
    limit: Signal<Option<u64>>,
    /// A word after the numbers, such as `per month`.
    #[prop(optional, into)]
    unit: Option<String>,
) -> impl IntoView {
    let percent = Signal::derive(move || {
        let limit = limit.get()?;
        Some(used.get().saturating_mul(100).checked_div(limit).unwrap_or(100).min(100))
    });
    let tone = move || match percent.get() {
        Some(100..) => Tone::Bad,
        Some(80..) => Tone::Warn,
        _ => Tone::Info,
    };
    let words = Signal::derive(move || {
        let mut words = number(used.get());
        if let Some(limit) = limit.get() {
            words.push_str(" / ");
            words.push_str(&number(limit));
        }
        if let Some(unit) = &unit {
            words.push(' ');
            words.push_str(unit);
        }
        words
    });
    view! {
        <div class=Signal::derive(move || ["meter ", tone().class()].concat())>
            <div class="meter-head">
                <span class="meter-label">{label}</span>
                <span class="meter-words">{words}</span>
            </div>
            {live(move || {
                percent
                    .get()
                    .map(|percent| {
                        let share = [&percent.to_string(), "%"].concat();
                        view! {
                            <div class="meter-row">
                                <div
                                    class="meter-track"
                                    role="meter"
                                    aria-label=label
                                    aria-valuemin="0"
                                    aria-valuemax="100"
                                    aria-valuenow=percent.to_string()
                                    aria-valuetext=words
                                >
                                    <span class="meter-fill" style:inline-size=share.clone()></span>
                                </div>
                                <span class="meter-share">{share.clone()}</span>
                            </div>
                        }.into_any()
                    })
            })}
        </div>
    }
    .into_any()
}
