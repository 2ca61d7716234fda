//! Tables: the centre of the product.

use std::sync::Arc;

use leptos::prelude::*;

use self::keys::arrows;
use self::sort::{heading, narrow_sort};
use super::button::Button;
use super::words;
use crate::ui::live::{live, memo};

pub mod cell;
mod keys;
pub mod sort;

pub use cell::{Cell, CellKind, Truncate};
pub use sort::{Column, Sort};

/// Draws the cells of one row, from its key.
#[derive(Clone)]
pub struct RowView(Arc<dyn Fn(String) -> AnyView + Send + Sync>);

impl<F: Fn(String) -> AnyView + Send + Sync + 'static> From<F> for RowView {
    fn from(draw: F) -> Self {
        Self(Arc::new(draw))
    }
}

/// A table of rows known by key; each row follows its own data.
#[component]
pub fn Table(
    /// What it lists, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// Its columns.
    #[prop(into)]
    columns: Signal<Vec<Column>>,
    /// The keys of its rows, in order.
    #[prop(into)]
    rows: Signal<Vec<String>>,
    /// Draws the cells of one row.
    #[prop(into)]
    row: RowView,
    /// How it is sorted now.
    #[prop(optional, into)]
    sort: Signal<Option<Sort>>,
    /// Called with how it should be sorted.
    #[prop(optional, into)]
    on_sort: Option<Callback<Sort>>,
    /// The first rows are on their way.
    #[prop(optional, into)]
    loading: Signal<bool>,
    /// Newer rows are on their way; the old ones stay, dimmed.
    #[prop(optional, into)]
    stale: Signal<bool>,
    /// The key of a row just made: highlighted, with a green check mark for a moment.
    #[prop(optional, into)]
    fresh: Signal<Option<String>>,
    /// How many skeleton rows to show while loading.
    #[prop(default = 8)]
    skeleton: usize,
    /// What is shown where there are no rows.
    #[prop(optional, into)]
    empty: ViewFn,
    /// How much is shown: `50 of 1,000 connections`.
    #[prop(optional, into)]
    summary: Signal<Option<String>>,
    /// There are more rows to load.
    #[prop(optional, into)]
    more: Signal<bool>,
    /// More rows are on their way.
    #[prop(optional, into)]
    loading_more: Signal<bool>,
    /// Called when more rows are wanted.
    #[prop(optional, into)]
    on_more: Option<Callback<()>>,
) -> impl IntoView {
    let waiting = memo(move || loading.get() && rows.with(Vec::is_empty));
    let none = memo(move || !loading.get() && rows.with(Vec::is_empty));
    let order = move |choice: Sort| {
        if let Some(on_sort) = on_sort {
            on_sort.run(choice);
        }
    };
    view! {
        <div class="table-box" class:table-stale=stale>
            {on_sort.map(|on_sort| narrow_sort(columns, sort, on_sort))}
                <table
                    class="table"
                    role="table"
                    aria-label=label
                    aria-busy=Signal::derive(move || (loading.get() || stale.get()).then_some("true"))
                >
                    <thead role="rowgroup">
                        <tr role="row">
                            {live(move || {
                                columns
                                    .get()
                                    .into_iter()
                                    .map(|column| heading(column, sort, Callback::new(order)))
                                    .collect::<Vec<_>>()
                            })}
                        </tr>
                    </thead>
                    <tbody role="rowgroup" on:keydown=arrows>
                        <For each=move || rows.get() key=String::clone let:key>
                            {
                                let mine = key.clone();
                                let is_fresh = move || fresh.with(|fresh| fresh.as_ref() == Some(&mine));
                                let cells = (row.0)(key.clone());
                                view! {
                                    <tr role="row" data-key=key class:row-fresh=is_fresh>
                                        {cells}
                                    </tr>
                                }
                                .into_any()
                            }
                        </For>
                        {live(move || waiting.get().then(|| ghosts(columns.with(Vec::len), skeleton)))}
                    </tbody>
                </table>
            {live(move || waiting.get().then(|| view! { <p class="visually-hidden" role="status">{words::LOADING}</p> }.into_any()))}
            {live(move || none.get().then(|| empty.run()))}
            {live(move || {
                (more.get() || summary.with(Option::is_some))
                    .then(|| {
                        view! {
                            <div class="table-foot">
                                <span role="status">{summary}</span>
                                {more
                                    .get()
                                    .then(|| {
                                        view! {
                                            <Button
                                                label=words::LOAD_MORE
                                                small=true
                                                busy=loading_more
                                                on_press=move || {
                                                    if let Some(on_more) = on_more {
                                                        on_more.run(());
                                                    }
                                                }
                                            />
                                        }.into_any()
                                    })}
                            </div>
                         }
                        .into_any()
                    })
            })}
        </div>
    }
    .into_any()
}

fn ghosts(columns: usize, rows: usize) -> Vec<AnyView> {
    (0..rows)
        .map(|_| {
            let cells = (0..columns)
                .map(|_| view! { <td role="cell"><span class="skeleton"></span></td> }.into_any())
                .collect::<Vec<_>>();
            view! {
                <tr class="row-ghost" role="row" aria-hidden="true">
                    {cells}
                </tr>
            }
            .into_any()
        })
        .collect()
}
