//! Step 1: choose a connector.

use drawbridge_contract::types::connectors::ConnectorSummary;
use leptos::prelude::*;

use super::Add;
use crate::features::connections::address::Beside;
use crate::features::connections::{status, words};
use crate::ui::{
    Button, Card, EmptyState, FailedState, Form, Icon, RadioCards, SearchBox, Skeleton, Variant, live, memo,
};

const FORM: &str = "choose-connector";

/// Whether a connector is meant by what was typed.
fn matches(connector: &ConnectorSummary, search: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(search);
    has(&connector.name) || has(&connector.description) || has(connector.category.label())
}

/// Search and the grid of connectors.
pub(super) fn body(add: Add) -> AnyView {
    let search = RwSignal::new(String::new());
    let cards = memo(move || {
        let search = search.get().trim().to_lowercase();
        let connectors = add.connectors();
        let found = connectors.into_iter().filter(|connector| matches(connector, &search));
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
            <SearchBox
                label=words::SEARCH_CONNECTORS
                value=search
                on_search=move |text| search.set(text)
                autofocus=true
            />
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
