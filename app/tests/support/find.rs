//! Finding things as people and screen readers do. Only as much of the accessible name's algorithm as the console
//! needs: `aria-labelledby`, `aria-label`, a field's label, the content without what is hidden.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, NodeList};

use super::until;

fn selector(role: &str) -> &'static str {
    match role {
        "button" => "button, [role=button]",
        "link" => "a[href], [role=link]",
        "textbox" => "input:not([type=checkbox], [type=radio], [type=hidden]), textarea",
        "checkbox" => "input[type=checkbox]",
        "radio" => "input[type=radio]",
        "combobox" => "select",
        "heading" => "h1, h2, h3",
        "alert" => "[role=alert]",
        "status" => "[role=status]",
        "dialog" => "dialog[open]",
        "meter" => "[role=meter]",
        "navigation" => "nav",
        "menuitem" => "[role^=menuitem]",
        "row" => "tbody tr",
        "option" => "[role=option]",
        "group" => "[role=group]",
        "disclosure" => "details",
        other => panic!("the role {other} is not known here"),
    }
}

fn list(nodes: NodeList) -> Vec<HtmlElement> {
    (0..nodes.length()).filter_map(|at| nodes.item(at)?.dyn_into().ok()).collect()
}

/// All elements with a role.
pub(crate) fn all(role: &str) -> Vec<HtmlElement> {
    list(document().query_selector_all(selector(role)).unwrap())
}

/// The element with a role and a name.
pub(crate) fn by_role(role: &str, name: &str) -> Option<HtmlElement> {
    all(role).into_iter().find(|element| name_of(element) == name)
}

/// Waits for the element with a role and a name.
pub(crate) async fn see(role: &str, name: &str) -> HtmlElement {
    until(&format!("the {role} “{name}”"), || by_role(role, name).is_some()).await;
    by_role(role, name).unwrap()
}

/// Waits until there is no such element any more.
pub(crate) async fn gone(role: &str, name: &str) {
    until(&format!("the {role} “{name}” to go"), || by_role(role, name).is_none()).await;
}

/// Waits for a text anywhere on the page.
pub(crate) async fn has_text(text: &str) {
    let body = document().body().unwrap();
    until(&format!("the text “{text}”"), || spoken(&body).contains(text)).await;
}

/// An element's accessible name.
pub(crate) fn name_of(element: &Element) -> String {
    let by_id = |id: &str| document().get_element_by_id(id).map(|named| spoken(&named));
    if let Some(ids) = element.get_attribute("aria-labelledby") {
        return ids.split(' ').filter_map(by_id).collect::<Vec<_>>().join(" ");
    }
    if let Some(label) = element.get_attribute("aria-label") {
        return label;
    }
    let label = document().query_selector(&format!("label[for=\"{}\"]", element.id())).unwrap();
    spoken(label.as_ref().unwrap_or(element))
}

/// The words in an element, without what is hidden from screen readers.
fn spoken(element: &Element) -> String {
    let copy: Element = element.clone_node_with_deep(true).unwrap().unchecked_into();
    for hidden in list(copy.query_selector_all("[aria-hidden=true], [role=tooltip], script, style").unwrap())
    {
        hidden.remove();
    }
    let text = copy.text_content().unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
