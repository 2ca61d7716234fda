//! Menus: a button that opens a list of actions, all of it by keyboard too.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::icon::{Icon, icon};
use super::{dom, float, words};
use crate::ui::live::live;

mod item;

pub use item::{MenuAction, MenuItem, MenuItems};

const TYPING: Duration = Duration::from_millis(600);

/// A button that opens a menu; `…` unless it is given another face.
#[component]
pub fn Menu(
    /// Its name: `Actions for “Salesforce EU”`; “More actions” when not given. With a face, it holds the words of the face.
    /// A menu that is open stays open when the name changes.
    #[prop(into, default = words::MORE.into())]
    label: Signal<String>,
    /// Its items, made anew each time it opens.
    #[prop(into)]
    items: MenuItems,
    /// What the button shows instead of `…`.
    #[prop(optional, into)]
    face: Option<ViewFn>,
    /// Opens to the right instead of to the left.
    #[prop(optional)]
    start: bool,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let trigger = NodeRef::<html::Button>::new();
    let id = StoredValue::new(dom::unique_id("menu"));
    let items = StoredValue::new(items);
    let plain = face.is_none();
    view! {
        <button
            class=if plain { "btn btn-quiet btn-small btn-icon menu-more" } else { "btn btn-quiet menu-face" }
            type="button"
            title=plain.then_some(label)
            aria-label=label
            aria-haspopup="menu"
            aria-expanded=Signal::derive(move || if open.get() { "true" } else { "false" })
            aria-controls=Signal::derive(move || open.get().then(|| id.get_value()))
            node_ref=trigger
            on:click=move |_| open.update(|open| *open = !*open)
            on:keydown=move |event: KeyboardEvent| {
                if matches!(event.key().as_str(), "ArrowDown" | "ArrowUp") {
                    event.prevent_default();
                    open.set(true);
                }
            }
        >
            {match face {
                Some(face) => face.run(),
                None => icon(Icon::More),
            }}
        </button>
        {live(move || {
            open.get().then(|| list(items.with_value(|items| (items.0)()), id, label, trigger, open, start))
        })}
    }
    .into_any()
}

/// The `…` menu of a thing that is named.
#[component]
pub fn ActionsMenu(
    /// The thing's name.
    #[prop(into)]
    of: Signal<String>,
    /// Its items, made anew each time it opens.
    #[prop(into)]
    items: MenuItems,
) -> impl IntoView {
    let label = Signal::derive(move || words::actions_for(&of.get()));
    view! { <Menu label=label items=items /> }
}

fn list(
    items: Vec<MenuItem>,
    id: StoredValue<String>,
    label: Signal<String>,
    trigger: NodeRef<html::Button>,
    open: RwSignal<bool>,
    start: bool,
) -> AnyView {
    let node = NodeRef::<html::Div>::new();
    let typed = StoredValue::new(String::new());
    let timer = StoredValue::new(None::<TimeoutHandle>);
    node.on_load(move |menu| {
        dom::soon(move || {
            if let Some(Some(trigger)) = trigger.try_get_untracked() {
                float::show(&menu, &trigger, !start);
                move_to(&menu, Some(0));
            }
        });
    });
    let key = move |event: KeyboardEvent| {
        let Some(menu) = node.get_untracked() else { return };
        let found = dom::all(&menu, "[role^=menuitem]");
        let at = dom::active().and_then(|active| found.iter().position(|item| *item == active));
        let key = event.key();
        if key == "Tab" {
            open.set(false);
        } else if let Some(next) = dom::step(&key, at, found.len(), true) {
            event.prevent_default();
            move_to(&menu, Some(next));
        } else if key.chars().count() == 1 && key != " " && !event.ctrl_key() && !event.meta_key() {
            if let Some(handle) = timer.get_value() {
                handle.clear();
            }
            typed.update_value(|typed| typed.push_str(&lower(&key)));
            let forget = move || {
                typed.try_set_value(String::new());
            };
            timer.set_value(set_timeout_with_handle(forget, TYPING).ok());
            move_to(&menu, typed.with_value(|typed| starts_with(&found, at, typed)));
        }
    };
    view! {
        <div
            class="menu"
            role="menu"
            popover="auto"
            id=id.get_value()
            aria-label=label
            node_ref=node
            on:keydown=key
            on:toggle=move |event| {
                let shown = event
                    .target()
                    .and_then(|target| target.dyn_into::<HtmlElement>().ok())
                    .is_some_and(|menu| menu.matches(":popover-open").unwrap_or(false));
                if !shown {
                    open.try_set(false);
                }
            }
        >
            {items.into_iter().map(|item| entry(item, trigger, open)).collect::<Vec<_>>()}
        </div>
    }
    .into_any()
}

fn entry(item: MenuItem, trigger: NodeRef<html::Button>, open: RwSignal<bool>) -> AnyView {
    let MenuItem { label, icon: drawn, action, danger, checked, divided, disabled_reason } = item;
    let stopped = disabled_reason.is_some();
    let (href, run) = match action {
        MenuAction::Go(href) => (Some(href), None),
        MenuAction::Run(run) => (None, Some(run)),
    };
    let press = move |event: web_sys::MouseEvent| {
        if stopped {
            event.prevent_default();
            event.stop_propagation();
            return;
        }
        // The keyboard goes back first, so that a dialog opened now returns it to this button.
        if let Some(trigger) = trigger.get_untracked() {
            dom::focus(&trigger);
        }
        open.set(false);
        if let Some(run) = run {
            run.run(());
        }
    };
    let inner = view! {
        <span class="menu-icon">
            {match checked {
                Some(true) => Some(icon(Icon::Check)),
                _ => drawn.map(icon),
            }}
        </span>
        <span class="menu-words">
            <span>{label}</span>
            {disabled_reason.map(|reason| view! { <span class="menu-reason">{reason}</span> }.into_any())}
        </span>
    }
    .into_any();
    let class = match (danger, divided) {
        (false, false) => "menu-item",
        (false, true) => "menu-item menu-divided",
        (true, false) => "menu-item menu-danger",
        (true, true) => "menu-item menu-danger menu-divided",
    };
    let role = if checked.is_some() { "menuitemradio" } else { "menuitem" };
    let checked = checked.map(|on| if on { "true" } else { "false" });
    let stopped = stopped.then_some("true");
    match href.filter(|_| stopped.is_none()) {
        Some(href) => view! {
            <a class=class role=role href=href tabindex="-1" on:click=press>
                {inner}
            </a>
        }
        .into_any(),
        None => view! {
            <button
                class=class
                role=role
                type="button"
                tabindex="-1"
                aria-checked=checked
                aria-disabled=stopped
                on:click=press
            >
                {inner}
            </button>
        }
        .into_any(),
    }
}

/// Gives one item the keyboard, and the tab stop with it.
fn move_to(menu: &HtmlElement, to: Option<usize>) {
    let Some(to) = to else { return };
    for (at, item) in dom::all(menu, "[role^=menuitem]").iter().enumerate() {
        item.set_tab_index(if at == to { 0 } else { -1 });
        if at == to {
            dom::focus(item);
        }
    }
}

/// Finds the next item after `at` whose words start with what was typed.
fn starts_with(items: &[HtmlElement], at: Option<usize>, typed: &str) -> Option<usize> {
    let count = items.len();
    // One letter moves on, more letters may stay where they are.
    let from = at.map_or(0, |at| if typed.chars().count() == 1 { at + 1 } else { at });
    (0..count).map(|offset| (from + offset) % count).find(|&at| {
        items
            .get(at)
            .and_then(|item| item.text_content())
            .is_some_and(|text| lower(text.trim_start()).starts_with(typed))
    })
}

/// In small letters; by the browser, whose tables need not be shipped.
fn lower(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}
