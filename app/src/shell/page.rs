//! What every page does beside its content: it names itself and takes the keyboard.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{use_session, words};
use crate::ui::watch;

/// Names the document after the page, for tabs, history and screen readers.
pub fn title(name: impl Into<Signal<String>>) {
    let name = name.into();
    let session = use_session();
    watch(move || {
        let (name, tenant) = (name.get(), session.tenant_name());
        let parts = [name.as_str(), tenant.as_str(), words::PRODUCT];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        document().set_title(&parts.join(" · "));
    });
}

/// Gives the keyboard to the page's heading each time that `path` changes, so that a screen reader says where one
/// is and the next Tab goes on from there; or to the field that asks for it. What lies over the page keeps the
/// keyboard.
pub(crate) fn follow_with_focus(path: Memo<String>) {
    let before = StoredValue::new(None::<String>);
    watch(move || {
        let path = path.get();
        if before.get_value().is_some_and(|before| before != path) {
            set_timeout(|| follow(HEADING_TRIES), Duration::ZERO);
        }
        before.set_value(Some(path));
    });
}

/// How often a heading that has not come yet is looked for, ten times a second.
const HEADING_TRIES: u32 = 50;

/// Gives the keyboard to the page until its heading has come; then to that, unless somebody has gone on meanwhile.
fn follow(tries: u32) {
    let found = document().query_selector("#main [data-autofocus], #main h1").ok().flatten().is_some();
    if found {
        focus_first(&["#main [data-autofocus]", "#main h1"]);
        return;
    }
    focus_first(&["#main"]);
    if tries > 0 {
        set_timeout(
            move || {
                let waits = document().active_element().is_none_or(|active| {
                    active.id() == "main" || active.tag_name().eq_ignore_ascii_case("body")
                });
                if waits {
                    follow(tries - 1);
                }
            },
            Duration::from_millis(100),
        );
    }
}

/// Gives the keyboard to the first field of a page that is there to be filled in; a page calls it when it is made.
pub fn focus_field() {
    set_timeout(|| focus_first(&["#main [data-autofocus]"]), Duration::ZERO);
}

fn focus_first(selectors: &[&str]) {
    let find = |selector: &str| document().query_selector(selector).ok().flatten();
    if find("dialog[open]").is_some() {
        return;
    }
    let found = selectors.iter().find_map(|selector| find(selector)?.dyn_into::<HtmlElement>().ok());
    if let Some(target) = found {
        if target.tab_index() < 0 {
            target.set_tab_index(-1);
        }
        // A browser refuses only what is not in the page any more.
        target.focus().ok();
    }
}
