//! The cells of a row.

use leptos::prelude::*;

/// What a cell holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellKind {
    /// Words, a status, a time.
    #[default]
    Plain,
    /// The row's name; the heading of the card on phones.
    Title,
    /// A number: tabular, to the right.
    Number,
    /// The row's `…` menu.
    Actions,
}

/// One cell of a row.
#[component]
pub fn Cell(
    /// Its column's label, shown before it in a card; empty for none.
    #[prop(optional, into)]
    label: String,
    /// What it holds.
    #[prop(optional)]
    kind: CellKind,
    /// The cell's content.
    children: Children,
) -> impl IntoView {
    let class = match kind {
        CellKind::Title => {
            return view! {
                <th class="cell-title" role="rowheader" scope="row">
                    {children()}
                </th>
            }
            .into_any();
        }
        CellKind::Plain => "cell",
        CellKind::Number => "cell-number",
        CellKind::Actions => "cell-actions",
    };
    view! {
        <td class=class role="cell" data-label=label>
            {children()}
        </td>
    }
    .into_any()
}

/// Words cut short where there is no room, in full on hover.
#[component]
pub fn Truncate(
    /// The words.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    view! {
        <span class="truncate" title=text>
            {text}
        </span>
    }
    .into_any()
}
