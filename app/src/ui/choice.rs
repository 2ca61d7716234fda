//! Check boxes, and radio buttons drawn as cards.

use leptos::prelude::*;

use super::dom;
use super::field::{notes, required_mark};
use super::icon::picture;
use super::icon::{Icon, icon};

/// A box to tick.
#[component]
pub fn Checkbox(
    /// What ticking it means.
    #[prop(into)]
    label: Signal<String>,
    /// It is ticked.
    checked: RwSignal<bool>,
    /// Its name in the form.
    #[prop(optional, into)]
    name: Option<String>,
    /// A sentence that helps.
    #[prop(optional, into)]
    help: Signal<Option<String>>,
    /// What is wrong with it, in words.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Why it cannot be changed now; `None` when it can.
    #[prop(optional, into)]
    disabled_reason: Signal<Option<String>>,
) -> impl IntoView {
    let id = dom::unique_id("check");
    let described_by = [&id, "-help ", &id, "-error"].concat();
    let stopped = move || disabled_reason.with(Option::is_some);
    let help = Signal::derive(move || disabled_reason.get().or_else(|| help.get()));
    view! {
        <div class="check" class:check-off=stopped>
            <input
                class="check-box"
                id=id.clone()
                type="checkbox"
                name=name
                aria-disabled=Signal::derive(move || stopped().then_some("true"))
                aria-invalid=Signal::derive(move || error.with(Option::is_some).then_some("true"))
                aria-describedby=described_by
                prop:checked=checked
                on:click=move |event| {
                    if disabled_reason.with_untracked(Option::is_some) {
                        event.prevent_default();
                    }
                }
                on:change=move |event| checked.set(event_target_checked(&event))
            />
            <div class="check-text">
                <label for=id.clone()>{label}</label>
                {notes(id, help, error)}
            </div>
        </div>
    }
    .into_any()
}

/// One card to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// What is stored.
    pub value: String,
    /// Its name.
    pub title: String,
    /// A sentence under the name; may be empty.
    pub text: String,
    /// The address of a picture before the name.
    pub picture: Option<String>,
    /// Why it cannot be chosen now; `None` when it can.
    pub disabled_reason: Option<String>,
}

/// One of several values, each a card with name, sentence and picture.
#[component]
pub fn RadioCards(
    /// What is asked for.
    #[prop(into)]
    label: Signal<String>,
    /// The value chosen; empty for none.
    value: RwSignal<String>,
    /// The cards to choose from.
    #[prop(into)]
    cards: Signal<Vec<Card>>,
    /// A sentence that helps.
    #[prop(optional, into)]
    help: Signal<Option<String>>,
    /// What is wrong with it, in words.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// One must be chosen.
    #[prop(optional)]
    required: bool,
    /// Puts the cards side by side where there is room.
    #[prop(optional)]
    grid: bool,
    /// Keeps the question for screen readers only.
    #[prop(optional)]
    label_hidden: bool,
) -> impl IntoView {
    let id = dom::unique_id("cards");
    let described_by = [&id, "-help ", &id, "-error"].concat();
    let group = StoredValue::new(id.clone());
    view! {
        <fieldset
            class="cards"
            class:cards-grid=grid
            aria-describedby=described_by
        >
            <legend class=if label_hidden { "visually-hidden" } else { "field-label" }>
                {label} {required.then(required_mark)}
            </legend>
            <div class="cards-list">
                <For each=move || cards.get() key=|card| (card.value.clone(), card.disabled_reason.clone()) let:card>
                    {radio_card(card, group.get_value(), value, error)}
                </For>
            </div>
            {notes(id, help, error)}
        </fieldset>
    }
    .into_any()
}

fn radio_card(card: Card, group: String, value: RwSignal<String>, error: Signal<Option<String>>) -> AnyView {
    let stopped = card.disabled_reason.is_some();
    let text = card.disabled_reason.unwrap_or(card.text);
    let mine = StoredValue::new(card.value.clone());
    view! {
        <label class="card" class:card-off=stopped>
            <input
                class="card-radio"
                type="radio"
                name=group
                value=card.value
                aria-disabled=stopped.then_some("true")
                aria-invalid=Signal::derive(move || error.with(Option::is_some).then_some("true"))
                prop:checked=Signal::derive(move || mine.with_value(|mine| value.with(|value| value == mine)))
                on:click=move |event| {
                    if stopped {
                        event.prevent_default();
                    }
                }
                on:change=move |_| {
                    if !stopped {
                        value.set(mine.get_value());
                    }
                }
            />
            {card.picture.map(picture)}
            <span class="card-words">
                <span class="card-title">{card.title}</span>
                {(!text.is_empty()).then(|| view! { <span class="card-text">{text}</span> }.into_any())}
            </span>
            <span class="card-tick">{icon(Icon::Check)}</span>
        </label>
    }
    .into_any()
}
