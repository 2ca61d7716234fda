//! Step 1: choose a connector.

use drawbridge_contract::types::connectors::ConnectorSummary;
use leptos::prelude::*;

use super::Add;
use crate::features::connections::address::Beside;
use crate::features::connections::{status, words};
use crate::ui::{
    Button, Card, Choice, EmptyState, FailedState, FilterSelect, Form, Icon, RadioCards, SearchBox, Skeleton,
    Variant, live, memo,
};

const FORM: &str = "choose-connector";

/// Whether a connector is meant by what was typed and chosen.
fn matches(connector: &ConnectorSummary, search: &str, category: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(search);
    let label = connector.category.label();
    (category.is_empty() || label == category)
        && (has(&connector.name) || has(&connector.description) || has(label))
}

/// The categories that there are connectors of.
fn categories(connectors: &[ConnectorSummary]) -> Vec<Choice> {
    let mut labels: Vec<&str> = connectors.iter().map(|connector| connector.category.label()).collect();
    labels.sort_unstable();
    labels.dedup();
    let all = Choice::new("", words::ALL);
    std::iter::once(all).chain(labels.into_iter().map(|label| Choice::new(label, label))).collect()
}

/// Search and the grid of connectors.
pub(super) fn body(add: Add) -> AnyView {
    let search = RwSignal::new(String::new());
    let category = RwSignal::new(String::new());
    let cards = memo(move || {
        let (search, category) = (search.get().trim().to_lowercase(), category.get());
        let connectors = add.connectors();
        let found = connectors.into_iter().filter(|connector| matches(connector, &search, &category));
        found.map(|connector| card(&connector)).collect::<Vec<_>>()
    });
    let next = move || next(add);
    let grid = move || {
        if cards.with(Vec::is_empty) {
            let text = Some(words::NO_CONNECTOR_TEXT.to_owned());
            return view! { <EmptyState title=words::NO_CONNECTOR text=text icon=Icon::Search /> }.into_any();
        }
        view! {
            <RadioCards label=words::CHOOSE value=add.chosen cards=cards grid=true label_hidden=true />
        }
        .into_any()
    };
    let any = memo(move || cards.with(|cards| !cards.is_empty()));
    view! {
        <Form id=FORM on_submit=next>
            <div class="toolbar">
                <SearchBox
                    label=words::SEARCH_CONNECTORS
                    value=search
                    on_search=move |text| search.set(text)
                    autofocus=true
                />
                <FilterSelect
                    label=words::CATEGORY
                    value=category
                    options=memo(move || categories(&add.connectors()))
                    on_choose=move |value| category.set(value)
                />
            </div>
            {live(move || match add.catalogue.get() {
                None => view! { <Skeleton lines=6 /> }.into_any(),
                Some(Err(error)) => {
                    let text = Some(crate::client::words::line(&error));
                    let retry = move || add.reload.run(());
                    view! { <FailedState title=words::CONNECTORS_FAILED text=text on_retry=retry /> }.into_any()
                }
                Some(Ok(_)) => {
                    // Read, not only tracked: a memo that nobody has read does not know what it depends on.
                    any.get();
                    untrack(grid)
                }
            })}
        </Form>
    }
    .into_any()
}

fn card(connector: &ConnectorSummary) -> Card {
    Card {
        value: connector.id.clone(),
        title: connector.name.clone(),
        text: words::card_text(connector),
        picture: Some(status::picture(&connector.icon)),
        disabled_reason: None,
    }
}

fn next(add: Add) {
    let chosen = add.chosen.get_untracked();
    if !chosen.is_empty() {
        add.desk.open(Beside::Make(chosen));
    }
}

/// Cancel and Next.
pub(super) fn footer(add: Add) -> AnyView {
    let reason = move || add.chosen.with(String::is_empty).then(|| words::CHOOSE_FIRST.to_owned());
    view! {
        <Button label=words::CANCEL on_press=move || add.close() />
        <Button
            label=words::NEXT
            variant=Variant::Primary
            submit=true
            form=FORM
            disabled_reason=Signal::derive(reason)
        />
    }
    .into_any()
}
