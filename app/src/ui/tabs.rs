//! Tabs within a page, and tabs that are pages of their own.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::dom;
use super::live::live;

/// One tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// What it is called in the URL.
    pub id: String,
    /// Its words.
    pub label: String,
    /// How many things are behind it, as words; may be empty.
    pub count: String,
}

impl Tab {
    /// A tab without a count.
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self { id: id.into(), label: label.into(), count: String::new() }
    }
}

/// A row of tabs and, under it, what the chosen one shows.
#[component]
pub fn Tabs(
    /// What the tabs divide.
    #[prop(into)]
    label: String,
    /// The tabs.
    #[prop(into)]
    tabs: Signal<Vec<Tab>>,
    /// The id of the chosen one, from the URL.
    #[prop(into)]
    current: Signal<String>,
    /// Called with the id of the one to show.
    #[prop(into)]
    on_choose: Callback<String>,
    /// What the chosen one shows; follow `current` in it.
    children: Children,
) -> impl IntoView {
    let base = StoredValue::new(dom::unique_id("tabs"));
    let tab_id = move |id: &str| base.with_value(|base| [base, "-", id].concat());
    let panel_id = tab_id("panel");
    let key = move |event: KeyboardEvent| {
        let Some(list) = event.current_target().and_then(|list| list.dyn_into::<Element>().ok()) else {
            return;
        };
        let found = dom::all(&list, "[role=tab]");
        let at = dom::active().and_then(|active| found.iter().position(|tab| *tab == active));
        if let Some(next) = dom::step(&event.key(), at, found.len(), true).and_then(|next| found.get(next)) {
            event.prevent_default();
            dom::focus(next);
            next.click();
        }
    };
    let controls = panel_id.clone();
    let tab = move |tab: Tab| {
        let id = StoredValue::new(tab.id.clone());
        let chosen = move || id.with_value(|id| current.with(|current| current == id));
        view! {
            <button
                class="tab"
                type="button"
                role="tab"
                id=tab_id(&tab.id)
                aria-controls=controls.clone()
                aria-selected=Signal::derive(move || if chosen() { "true" } else { "false" })
                tabindex=Signal::derive(move || if chosen() { "0" } else { "-1" })
                on:click=move |_| on_choose.run(id.get_value())
            >
                {tab.label}
                {(!tab.count.is_empty()).then(|| view! { <span class="tab-count">{tab.count}</span> }.into_any())}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="tabs">
            <div class="tab-list" role="tablist" aria-label=label on:keydown=key>
                {live(move || tabs.get().into_iter().map(tab.clone()).collect::<Vec<_>>())}
            </div>
            <div
                class="tab-panel"
                role="tabpanel"
                id=panel_id
                tabindex="0"
                aria-labelledby=Signal::derive(move || current.with(|id| tab_id(id)))
            >
                {children()}
            </div>
        </div>
    }
    .into_any()
}

/// One of several pages that look like tabs.
#[derive(Clone, Copy, Debug)]
pub struct TabLink {
    /// Its words.
    pub label: &'static str,
    /// Its address.
    pub href: Signal<String>,
    /// It is the one that is shown.
    pub current: Signal<bool>,
}

/// A row of tabs, each of which is an address of its own; the page under it shows what it says.
#[component]
pub fn TabLinks(
    /// What the tabs divide.
    label: &'static str,
    /// The tabs.
    links: Vec<TabLink>,
) -> impl IntoView {
    let one = |TabLink { label, href, current }| {
        let current = Signal::derive(move || current.get().then_some("page"));
        view! {
            <a class="tab" href=href aria-current=current>
                {label}
            </a>
        }
        .into_any()
    };
    let links: Vec<AnyView> = links.into_iter().map(one).collect();
    view! {
        <nav class="tab-list" aria-label=label>
            {links}
        </nav>
    }
    .into_any()
}
