//! Columns and sorting.

use leptos::prelude::*;

use super::super::icon::{Icon, icon_of};
use super::super::select::{Choice, choices};
use super::super::words;

/// One column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    id: &'static str,
    label: String,
    sortable: bool,
    class: &'static str,
}

impl Column {
    /// A column; its id is what sorting says, its label the heading (empty for the `…` column).
    pub fn new(id: &'static str, label: impl Into<String>) -> Self {
        Self { id, label: label.into(), sortable: false, class: "" }
    }

    /// Lets the list be sorted by it.
    #[must_use]
    pub fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    /// Sets a class on the heading: `col-wide`, `col-narrow`, `col-number`, `col-actions`.
    #[must_use]
    pub fn class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }
}

/// How a list is sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sort {
    /// The column's id.
    pub column: String,
    /// Largest or newest first.
    pub descending: bool,
}

/// The heading of a column; a button where it can be sorted by.
pub(super) fn heading(column: Column, sort: Signal<Option<Sort>>, on_sort: Callback<Sort>) -> AnyView {
    let Column { id, label, sortable, class } = column;
    if !sortable {
        return view! {
            <th class=class role="columnheader" scope="col">
                {if label.is_empty() {
                    view! { <span class="visually-hidden">{words::MORE}</span> }.into_any()
                } else {
                    label.into_any()
                }}
            </th>
        }
        .into_any();
    }
    let now = Signal::derive(move || {
        sort.with(|sort| sort.as_ref().filter(|sort| sort.column == id).map(|sort| sort.descending))
    });
    let drawn = Signal::derive(move || match now.get() {
        None => Icon::Sort,
        Some(false) => Icon::ArrowUp,
        Some(true) => Icon::ArrowDown,
    });
    view! {
        <th
            class=class
            role="columnheader"
            scope="col"
            aria-sort=Signal::derive(move || match now.get() {
                None => "none",
                Some(false) => "ascending",
                Some(true) => "descending",
            })
        >
            <button
                class="sort"
                type="button"
                on:click=move |_| {
                    let descending = now.get_untracked() == Some(false);
                    on_sort.run(Sort { column: id.to_owned(), descending });
                }
            >
                {label}
                {icon_of(drawn)}
            </button>
        </th>
    }
    .into_any()
}

/// Sorting where the table has become cards and its headings are gone.
pub(super) fn narrow_sort(
    columns: Signal<Vec<Column>>,
    sort: Signal<Option<Sort>>,
    on_sort: Callback<Sort>,
) -> AnyView {
    let options = Signal::derive(move || {
        let mut options = Vec::new();
        for column in columns.get().into_iter().filter(|column| column.sortable) {
            for (mark, word) in [("", words::ASCENDING), ("-", words::DESCENDING)] {
                let label = [&column.label, ", ", word].concat();
                options.push(Choice::new([mark, column.id].concat(), label));
            }
        }
        options
    });
    let chosen = Signal::derive(move || {
        sort.get()
            .map(|sort| if sort.descending { ["-", &sort.column].concat() } else { sort.column })
            .unwrap_or_default()
    });
    view! {
        <label class="filter table-sort">
            <span class="filter-label">{words::SORT_BY}</span>
            <select
                class="filter-select"
                on:change=move |event| {
                    let value = event_target_value(&event);
                    let column = value.trim_start_matches('-');
                    let descending = column.len() < value.len();
                    on_sort.run(Sort { column: column.to_owned(), descending });
                }
            >
                {choices(options, chosen)}
            </select>
        </label>
    }
    .into_any()
}
