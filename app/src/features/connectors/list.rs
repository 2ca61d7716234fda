//! Automate → Connectors: all of them, searched and by category.

use drawbridge_contract::endpoints::ListConnectors;
use drawbridge_contract::types::connectors::ConnectorSummary;
use drawbridge_contract::types::{List, Nothing};
use drawbridge_domain::connector::Category;
use leptos::prelude::*;

use super::desk::{CATEGORY, Desk, SEARCH};
use super::words;
use crate::client::{Answered, Loading, call};
use crate::paths;
use crate::shell::{self, loaded, use_session};
use crate::ui::{
    Button, Cell, CellKind, Choice, Column, ConnectorIcon, EmptyState, FilterSelect, Icon, PageHeader,
    SearchBox, Table, Truncate, Variant, live, memo,
};

/// The list of connectors.
#[component]
pub fn ConnectorsPage() -> impl IntoView {
    shell::title(words::CONNECTORS);
    let desk = Desk::new();
    let read = Loading::new(|| call::<ListConnectors>(&Nothing {}, &Nothing {}, &Nothing {}));
    view! {
        <PageHeader title=words::CONNECTORS text=Some(words::ABOUT.to_owned()) />
        {loaded(read, 8, move |all| list(desk, all))}
    }
    .into_any()
}

/// Whether a connector is meant by what the URL says.
fn matches(connector: &ConnectorSummary, search: &str, category: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(search);
    let label = connector.category.label();
    (category.is_empty() || code(connector.category) == category)
        && (has(&connector.name)
            || has(&connector.description)
            || has(label)
            || connector.ways.iter().any(|way| has(way)))
}

/// The word for a category in the URL, as in the API.
fn code(category: Category) -> String {
    serde_json::to_value(category)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn list(desk: Desk, all: Signal<Answered<List<ConnectorSummary>>>) -> AnyView {
    let found = memo(move || {
        let (search, category) = (desk.get(SEARCH).trim().to_lowercase(), desk.get(CATEGORY));
        all.with(|all| {
            let meant = all.value.items.iter().filter(|one| matches(one, &search, &category));
            meant.cloned().collect::<Vec<_>>()
        })
    });
    let categories = memo(move || {
        let mut list: Vec<Category> =
            all.with(|all| all.value.items.iter().map(|one| one.category).collect());
        list.sort_by_key(|category| category.label());
        list.dedup();
        let first = Choice::new("", words::ALL);
        std::iter::once(first)
            .chain(list.into_iter().map(|one| Choice::new(code(one), one.label())))
            .collect::<Vec<_>>()
    });
    let filtered = memo(move || !desk.get(SEARCH).is_empty() || !desk.get(CATEGORY).is_empty());
    view! {
        <div class="toolbar">
            <SearchBox
                label=words::SEARCH
                value=Signal::derive(move || desk.get(SEARCH))
                on_search=move |text: String| desk.say(SEARCH, text.trim(), true)
                hotkey=true
            />
            <FilterSelect
                label=words::CATEGORY
                value=Signal::derive(move || desk.get(CATEGORY))
                options=categories
                on_choose=move |value: String| desk.say(CATEGORY, &value, true)
            />
            {live(move || {
                filtered
                    .get()
                    .then(|| {
                        let clear = move || desk.clear();
                        view! { <Button label=words::CLEAR variant=Variant::Quiet small=true on_press=clear /> }
                    })
            })}
        </div>
        {table(desk, found)}
    }
    .into_any()
}

fn table(desk: Desk, found: Memo<Vec<ConnectorSummary>>) -> AnyView {
    let columns = vec![
        Column::new("name", words::CONNECTOR).class("col-wide"),
        Column::new("category", words::CATEGORY),
        Column::new("ways", words::WAYS),
        Column::new("operations", words::OPERATIONS).class("col-narrow"),
    ];
    let nothing = move || {
        let clear = move || desk.clear();
        let action = move || view! { <Button label=words::CLEAR on_press=clear /> };
        view! {
            <EmptyState
                title=words::NOTHING_FOUND
                text=Some(words::NOTHING_FOUND_TEXT.to_owned())
                icon=Icon::Search
                action=action
            />
        }
    };
    view! {
        <Table
            label=words::CONNECTORS
            columns=columns
            rows=Signal::derive(move || found.with(|found| found.iter().map(|one| one.id.clone()).collect()))
            row=move |id: String| row(found, &id)
            empty=nothing
            summary=Signal::derive(move || {
                let count = found.with(Vec::len);
                (count > 0).then(|| words::count(count))
            })
        />
    }
    .into_any()
}

fn row(found: Memo<Vec<ConnectorSummary>>, id: &str) -> AnyView {
    let session = use_session();
    found
        .with_untracked(|found| found.iter().find(|one| one.id == id).cloned())
        .map(|one| {
            let href = paths::connector(&session.slug(), &one.id);
            view! {
                <Cell kind=CellKind::Title>
                    <span class="name-cell">
                        <ConnectorIcon src=words::picture(&one.icon) />
                        <span>
                            <a class="truncate" href=href>
                                {one.name}
                            </a>
                            <span class="muted small truncate" title=one.description.clone()>
                                {one.description.clone()}
                            </span>
                        </span>
                    </span>
                </Cell>
                <Cell label=words::CATEGORY>{one.category.label()}</Cell>
                <Cell label=words::WAYS>
                    <Truncate text=one.ways.join(", ") />
                </Cell>
                <Cell label=words::OPERATIONS>
                    {crate::ui::number(u64::from(one.operation_count))}
                </Cell>
            }
        })
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connector() -> ConnectorSummary {
        ConnectorSummary {
            id: "box".to_owned(),
            name: "Box".to_owned(),
            description: "Files and folders.".to_owned(),
            category: Category::Content,
            icon: "box".to_owned(),
            sandbox: false,
            ways: vec!["Sign in with Box".to_owned()],
            operation_count: 9,
        }
    }

    #[test]
    fn name_words_category_and_ways_are_searched() {
        let one = connector();
        for search in ["", "box", "fold", "content", "sign in with"] {
            assert!(matches(&one, search, ""), "{search}");
        }
        assert!(!matches(&one, "salesforce", ""));
        assert!(matches(&one, "", "content") && !matches(&one, "", "crm"));
    }
}
