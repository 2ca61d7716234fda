//! Places what floats above the page beside the thing it belongs to.

use web_sys::{Element, HtmlElement};

use super::dom;

const GAP: f64 = 4.0;
const EDGE: f64 = 8.0;

/// Shows a popover under its anchor (above, where there is no room), kept inside the window.
pub(super) fn show(float: &HtmlElement, anchor: &Element, end: bool) {
    if float.show_popover().is_err() {
        return;
    }
    let window = leptos::prelude::window();
    let width = window.inner_width().ok().and_then(|v| v.as_f64()).unwrap_or_default();
    let height = window.inner_height().ok().and_then(|v| v.as_f64()).unwrap_or_default();
    let at = anchor.get_bounding_client_rect();
    let size = float.get_bounding_client_rect();
    let left = if end { at.right() - size.width() } else { at.left() };
    let left = left.min(width - size.width() - EDGE).max(EDGE);
    let below = at.bottom() + GAP;
    let above = at.top() - size.height() - GAP;
    let lowest = height - size.height() - EDGE;
    let top = if below <= lowest {
        below
    } else if above > EDGE {
        above
    } else {
        // Too tall for both sides: beside its anchor, as low as the window lets it.
        lowest.max(EDGE)
    };
    let style = float.style();
    style.set_property("left", &dom::pixels(left)).ok();
    style.set_property("top", &dom::pixels(top)).ok();
}

/// Shows the hint with this id beside its anchor.
pub(super) fn show_hint(id: &str, anchor: &Element) {
    if let Some(hint) = dom::by_id(id) {
        show(&hint, anchor, false);
    }
}

/// Takes the hint with this id away.
pub(super) fn hide_hint(id: &str) {
    if let Some(hint) = dom::by_id(id) {
        hint.hide_popover().ok();
    }
}
