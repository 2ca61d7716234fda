//! JSON, drawn as a tree that opens and closes, or printed.

use drawbridge_contract::json;
use leptos::prelude::*;
use serde_json::Value;

use crate::features::connections::words;
use crate::ui::number;

/// How deep the tree is open at first.
const OPEN: usize = 2;
/// The most members of one value that are drawn.
const MOST: usize = 100;

/// The tree.
pub(super) fn drawn(value: &Value) -> AnyView {
    view! { <div class="tree">{node(None, value, 0)}</div> }.into_any()
}

fn node(name: Option<String>, value: &Value, depth: usize) -> AnyView {
    let key = name.map(|name| view! { <span class="tree-key">{name}</span> });
    let members: Vec<(String, &Value)> = match value {
        Value::Object(object) => object.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(at, value)| (number(at as u64), value)).collect(),
        leaf => {
            let text = json::write(leaf).unwrap_or_default();
            return view! { <div class="tree-leaf">{key} <span class="tree-value">{text}</span></div> }
                .into_any();
        }
    };
    let (open, close) = if value.is_array() { ("[", "]") } else { ("{", "}") };
    let count = [open, &number(members.len() as u64), close].concat();
    let left = members.len().saturating_sub(MOST);
    let more = (left > 0).then(|| [&number(left as u64), " ", words::MORE_ENTRIES].concat());
    let inside: Vec<AnyView> =
        members.into_iter().take(MOST).map(|(name, value)| node(Some(name), value, depth + 1)).collect();
    view! {
        <details class="tree-node" prop:open=depth < OPEN>
            <summary>{key} <span class="muted">{count}</span></summary>
            <div class="tree-inside">
                {inside}
                {more.map(|more| view! { <p class="muted">{more}</p> })}
            </div>
        </details>
    }
    .into_any()
}

/// The text, indented by the browser.
pub(super) fn printed(value: &Value) -> String {
    let text = json::write(value).unwrap_or_default();
    let parsed = js_sys::JSON::parse(&text);
    let pretty = parsed.and_then(|value| {
        js_sys::JSON::stringify_with_replacer_and_space(&value, &wasm_bindgen::JsValue::NULL, &2.into())
    });
    pretty.ok().and_then(|text| text.as_string()).unwrap_or(text)
}
