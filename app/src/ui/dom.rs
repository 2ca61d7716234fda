//! The few direct calls to the browser that primitives need.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

static NEXT: AtomicU32 = AtomicU32::new(1);

/// Makes an element id that no other primitive has.
pub fn unique_id(prefix: &str) -> String {
    let number = NEXT.fetch_add(1, Ordering::Relaxed).to_string();
    [prefix, "-", &number].concat()
}

/// Finds an element by its id.
pub(super) fn by_id(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// The element that has the keyboard.
pub(super) fn active() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// Finds the first element inside another one.
pub(super) fn first(inside: &Element, selector: &str) -> Option<HtmlElement> {
    inside.query_selector(selector).ok()??.dyn_into().ok()
}

/// Finds all elements inside another one.
pub(super) fn all(inside: &Element, selector: &str) -> Vec<HtmlElement> {
    let mut found = Vec::new();
    if let Ok(list) = inside.query_selector_all(selector) {
        for at in 0..list.length() {
            if let Some(element) = list.item(at).and_then(|node| node.dyn_into().ok()) {
                found.push(element);
            }
        }
    }
    found
}

/// Gives an element the keyboard.
pub(super) fn focus(element: &HtmlElement) {
    // A browser refuses only what cannot take focus; then the keyboard stays where it is.
    element.focus().ok();
}

/// Gives the element with this id the keyboard, once the page is up to date.
pub fn focus_by_id(id: impl Into<String>) {
    let id = id.into();
    soon(move || {
        if let Some(element) = by_id(&id) {
            focus(&element);
        }
    });
}

/// Runs something after the changes in progress have reached the page.
pub(super) fn soon(then: impl FnOnce() + 'static) {
    set_timeout(then, Duration::ZERO);
}

/// Notes how wide the page's scroll bar is, for the style that keeps its place under a dialog.
pub(super) fn note_gutter() {
    let Some(root) = document().document_element().and_then(|root| root.dyn_into::<HtmlElement>().ok())
    else {
        return;
    };
    if !root.matches(":has(dialog:modal)").unwrap_or(true) {
        let whole = window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or_default();
        root.style().set_property("--gutter", &pixels(whole - root.get_bounding_client_rect().width())).ok();
    }
}

/// A length for a style.
#[expect(clippy::cast_possible_truncation, reason = "a place on a screen; whole pixels are meant")]
pub(super) fn pixels(value: f64) -> String {
    [&(value as i32).to_string(), "px"].concat()
}

/// Which item the keyboard goes to next, among `count` items, for an arrow key, Home or End.
pub(super) fn step(key: &str, at: Option<usize>, count: usize, wrap: bool) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        "Home" => Some(0),
        "End" => Some(last),
        "ArrowDown" | "ArrowRight" => Some(match at {
            Some(at) if at < last => at + 1,
            Some(at) if !wrap => at,
            _ => 0,
        }),
        "ArrowUp" | "ArrowLeft" => Some(match at {
            Some(at) if at > 0 => at - 1,
            Some(at) if !wrap => at,
            _ => last,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_wrap_in_menus_and_stop_in_tables() {
        assert_eq!(step("ArrowDown", None, 3, true), Some(0));
        assert_eq!(step("ArrowDown", Some(2), 3, true), Some(0));
        assert_eq!(step("ArrowDown", Some(2), 3, false), Some(2));
        assert_eq!(step("ArrowUp", Some(0), 3, true), Some(2));
        assert_eq!(step("ArrowUp", Some(0), 3, false), Some(0));
        assert_eq!(step("End", Some(0), 3, false), Some(2));
        assert_eq!(step("x", Some(0), 3, true), None);
        assert_eq!(step("Home", None, 0, true), None);
    }

    #[test]
    fn ids_differ() {
        assert_ne!(unique_id("a"), unique_id("a"));
    }
}
