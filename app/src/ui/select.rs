//! One of several values, in the browser's own list.

use leptos::prelude::*;

use super::field::{Wiring, field};
use super::live::live;

/// One value to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// It cannot be chosen now.
    pub disabled: bool,
}

impl Choice {
    /// A value that can be chosen.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), disabled: false }
    }
}

/// A field for one of several values.
#[component]
pub fn SelectField(
    /// What is asked for.
    #[prop(into)]
    label: Signal<String>,
    /// The value chosen.
    value: RwSignal<String>,
    /// The values to choose from.
    #[prop(into)]
    options: Signal<Vec<Choice>>,
    /// Its name in the form.
    #[prop(optional, into)]
    name: Option<String>,
    /// A sentence that helps.
    #[prop(optional, into)]
    help: Signal<Option<String>>,
    /// What is wrong with it, in words.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// One must be chosen.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    field(label, help, error, required, move |wiring: Wiring| {
        view! {
            <select
                class="input select"
                id=wiring.id
                name=name
                aria-required=required.then_some("true")
                aria-invalid=Signal::derive(move || wiring.invalid.get().then_some("true"))
                aria-describedby=wiring.described_by
                on:change=move |event| value.set(event_target_value(&event))
            >
                {choices(options, value.into())}
            </select>
        }
        .into_any()
    })
}

/// A small list of values with its name beside it, for the bar above a table.
#[component]
pub fn FilterSelect(
    /// What is filtered by.
    #[prop(into)]
    label: Signal<String>,
    /// The value chosen.
    #[prop(into)]
    value: Signal<String>,
    /// The values to choose from; the first, with an empty value, for all.
    #[prop(into)]
    options: Signal<Vec<Choice>>,
    /// Called with the value chosen.
    #[prop(into)]
    on_choose: Callback<String>,
) -> impl IntoView {
    view! {
        <label class="filter" class:filter-on=Signal::derive(move || value.with(|value| !value.is_empty()))>
            <span class="filter-label">{label}</span>
            <select
                class="filter-select"
                on:change=move |event| on_choose.run(event_target_value(&event))
            >
                {choices(options, value)}
            </select>
        </label>
    }
    .into_any()
}

/// A day with its name beside it, for the bar above a table.
#[component]
pub fn FilterDay(
    /// What is filtered by.
    #[prop(into)]
    label: Signal<String>,
    /// The day chosen, as `2026-01-31`; empty for none.
    #[prop(into)]
    value: Signal<String>,
    /// Called with the day chosen.
    #[prop(into)]
    on_choose: Callback<String>,
) -> impl IntoView {
    view! {
        <label class="filter" class:filter-on=Signal::derive(move || value.with(|value| !value.is_empty()))>
            <span class="filter-label">{label}</span>
            <input
                class="filter-day"
                type="date"
                prop:value=value
                on:change=move |event| on_choose.run(event_target_value(&event))
            />
        </label>
    }
    .into_any()
}

/// The options of a list, the chosen one marked.
pub(super) fn choices(options: Signal<Vec<Choice>>, chosen: Signal<String>) -> AnyView {
    live(move || {
        options
            .get()
            .into_iter()
            .map(|choice| {
                let value = choice.value.clone();
                view! {
                    <option
                        value=choice.value
                        disabled=choice.disabled
                        prop:selected=Signal::derive(move || chosen.with(|chosen| *chosen == value))
                    >
                        {choice.label}
                    </option>
                }
                .into_any()
            })
            .collect::<Vec<_>>()
    })
}
