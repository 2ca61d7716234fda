//! Arrow keys in a table.

use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::super::dom;

/// Arrow keys, Home and End go from row to row, in the same column.
pub(super) fn arrows(event: KeyboardEvent) {
    let key = event.key();
    if matches!(key.as_str(), "ArrowLeft" | "ArrowRight") || event.default_prevented() {
        return;
    }
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    if target.matches("input, select, textarea, [role=menu] *").unwrap_or(true) {
        return;
    }
    let Ok(Some(cell)) = target.closest("td, th") else { return };
    let (Some(row), Ok(Some(body))) = (cell.parent_element(), cell.closest("tbody")) else { return };
    let column = dom::all(&row, ":scope > *").iter().position(|other| **other == cell);
    let rows = dom::all(&body, "tr");
    let at = rows.iter().position(|other| **other == row);
    let next = dom::step(&key, at, rows.len(), false)
        .and_then(|next| rows.get(next))
        .zip(column)
        .and_then(|(row, column)| dom::all(row, ":scope > *").into_iter().nth(column))
        .and_then(|cell| dom::first(&cell, "a, button"));
    if let Some(next) = next {
        event.prevent_default();
        dom::focus(&next);
    }
}
