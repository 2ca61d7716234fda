//! Connections by name that go with somebody or something.

use drawbridge_contract::types::people::{Holding, Holdings};
use leptos::prelude::*;

use super::words;

/// The first of them, and how many more there are.
pub(super) fn list(holdings: &Holdings, line: fn(&Holding) -> String) -> AnyView {
    let items = holdings.items.iter().map(|holding| view! { <li>{line(holding)}</li> }.into_any());
    let more = words::and_more(holdings.total, holdings.items.len());
    view! {
        <ul class="reach">
            {items.collect::<Vec<_>>()} {more.map(|more| view! { <li class="muted">{more}</li> }.into_any())}
        </ul>
    }
    .into_any()
}
