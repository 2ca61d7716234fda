//! Choosing one of many by searching: the first that fit, as cards.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use leptos::prelude::*;

use super::words;
use crate::client::{self, ApiError, Reading};
use crate::ui::{Card, Notice, RadioCards, SearchBox, Tone, live, memo, watch};

/// What a search finds.
pub(super) type Found = Pin<Box<dyn Future<Output = Result<Vec<Card>, ApiError>>>>;

/// A search box with the first that fit under it; `chosen` is the value of the card that was chosen.
pub(super) fn pick(
    label: &'static str,
    search_label: &'static str,
    chosen: RwSignal<String>,
    search: impl Fn(Option<String>) -> Found + Send + Sync + 'static,
) -> AnyView {
    let text = RwSignal::new(String::new());
    let search = StoredValue::new(Arc::new(search));
    let read = Reading::new(move || {
        let text = text.get();
        search.with_value(|search| search((!text.is_empty()).then_some(text)))
    });
    let cards = memo(move || read.get().and_then(Result::ok).unwrap_or_default());
    let error = memo(move || read.get().and_then(Result::err));
    // What is not to be seen any more is not chosen either.
    watch(move || {
        if let Some(Ok(cards)) = read.get()
            && chosen.with_untracked(|chosen| !cards.iter().any(|card| card.value == *chosen))
        {
            chosen.set(String::new());
        }
    });
    view! {
        <div class="stack-small">
            <SearchBox
                label=search_label
                value=text
                on_search=move |typed: String| text.set(typed.trim().to_owned())
            />
            {live(move || {
                error
                    .get()
                    .map(|error| view! { <Notice title=client::words::line(&error) tone=Tone::Bad /> }.into_any())
            })}
            {live(move || {
                let none = cards.with(Vec::is_empty) && read.get().is_some_and(|came| came.is_ok());
                none.then(|| view! { <p class="muted" role="status">{words::NOBODY_FOUND}</p> }.into_any())
            })}
            <RadioCards label=label value=chosen cards=cards help=Some(words::PICK_HELP.to_owned()) />
        </div>
    }
    .into_any()
}
