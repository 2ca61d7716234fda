//! A box to type into and the things that were found under it, in groups: a combobox with a list box.

use leptos::html;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::icon::{Icon, icon, picture};
use super::live::{live, memo, watch};
use super::{dom, words};

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Names it; no spaces.
    pub key: String,
    /// What it is called.
    pub label: String,
    /// What else there is to know, at the end of the row.
    pub detail: String,
    /// What stands before it.
    pub face: Face,
    /// Why it cannot be chosen; `None` when it can.
    pub refusal: Option<String>,
}

/// What stands before something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Face {
    /// An icon.
    Icon(Icon),
    /// A picture, by its address.
    Picture(String),
}

/// Things of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundGroup {
    /// What they are; no two groups have the same title.
    pub title: String,
    /// The things.
    pub items: Vec<Found>,
}

/// The box and the list. Arrows, Home and End move through the list while the box keeps the keyboard; Enter chooses.
#[component]
pub fn Finder(
    /// What is searched.
    #[prop(into)]
    label: Signal<String>,
    /// What is typed.
    value: RwSignal<String>,
    /// What was found.
    #[prop(into)]
    groups: Signal<Vec<FoundGroup>>,
    /// Called with the key of what was chosen.
    #[prop(into)]
    on_choose: Callback<String>,
    /// Called when it should close.
    #[prop(into)]
    on_close: Callback<()>,
    /// Said under the list: nothing found, failed, on its way.
    #[prop(into)]
    note: ViewFn,
) -> impl IntoView {
    let id = StoredValue::new(dom::unique_id("found"));
    let input = NodeRef::<html::Input>::new();
    let all = memo(move || {
        groups.with(|groups| {
            let items = groups.iter().flat_map(|group| &group.items);
            items.map(|item| (item.key.clone(), item.refusal.is_none())).collect::<Vec<_>>()
        })
    });
    let picked = RwSignal::new(String::new());
    // What was picked, while it is there; else the first that can be chosen.
    let active = memo(move || {
        all.with(|all| {
            let there = picked.with(|picked| all.iter().find(|(key, _)| key == picked));
            let first = there.or_else(|| all.iter().find(|(_, may)| *may)).or_else(|| all.first());
            first.map(|(key, _)| key.clone()).unwrap_or_default()
        })
    });
    let place = move |key: &str| [&id.get_value(), "-", key].concat();
    watch(move || {
        let key = active.get();
        let is_first = all.with_untracked(|all| all.first().is_some_and(|(first, _)| *first == key));
        let (list, option) = (id.get_value(), place(&key));
        dom::soon(move || show(&list, &option, is_first));
    });
    input.on_load(|input| dom::soon(move || dom::focus(&input)));

    let choose = move |key: String| {
        if all.with_untracked(|all| all.iter().any(|(known, may)| *known == key && *may)) {
            on_choose.run(key);
        }
    };
    let key = move |event: KeyboardEvent| {
        if event.is_composing()
            || event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
            || event.shift_key()
        {
            return;
        }
        let pressed = event.key();
        if pressed == "Enter" {
            event.prevent_default();
            choose(active.get_untracked());
        } else if !matches!(pressed.as_str(), "ArrowLeft" | "ArrowRight") {
            let next = all.with_untracked(|all| {
                let at = active.with_untracked(|active| all.iter().position(|(key, _)| key == active));
                dom::step(&pressed, at, all.len(), true).and_then(|next| all.get(next).cloned())
            });
            if let Some((next, _)) = next {
                event.prevent_default();
                picked.set(next);
            }
        }
    };
    let type_in = move |event| {
        value.set(event_target_value(&event));
        picked.set(String::new());
    };
    view! {
        <div class="palette-head">
            {icon(Icon::Search)}
            <input
                class="palette-input"
                type="text"
                role="combobox"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                enterkeyhint="go"
                maxlength="100"
                aria-label=label
                aria-expanded="true"
                aria-autocomplete="list"
                aria-controls=id.get_value()
                aria-activedescendant=Signal::derive(move || {
                    active.with(|active| (!active.is_empty()).then(|| place(active)))
                })
                placeholder=label
                node_ref=input
                prop:value=value
                on:input=type_in
                on:keydown=key
            />
            <button
                class="btn btn-quiet btn-icon"
                type="button"
                title=words::CLOSE
                aria-label=words::CLOSE
                on:click=move |_| on_close.run(())
            >
                {icon(Icon::Close)}
            </button>
        </div>
        <div class="palette-list" role="listbox" id=id.get_value() aria-label=label>
            <For each=move || groups.get() key=|group| group.title.clone() let:group>
                {rows(group.title, groups, active, id, Callback::new(choose))}
            </For>
        </div>
        <div class="palette-note">{note.run()}</div>
    }
    .into_any()
}

/// One group.
fn rows(
    title: String,
    groups: Signal<Vec<FoundGroup>>,
    active: Memo<String>,
    id: StoredValue<String>,
    choose: Callback<String>,
) -> AnyView {
    let title_id = dom::unique_id("group");
    let own = title.clone();
    let items = memo(move || {
        groups.with(|groups| {
            let group = groups.iter().find(|group| group.title == own);
            group.map(|group| group.items.clone()).unwrap_or_default()
        })
    });
    view! {
        <div role="group" aria-labelledby=title_id.clone()>
            <div class="palette-group" id=title_id.clone()>
                {title}
            </div>
            <For
                each=move || items.get()
                key=|item| [&item.key, " ", &item.label, " ", &item.detail].concat()
                let:item
            >
                {option(item, active, id, choose)}
            </For>
        </div>
    }
    .into_any()
}

fn option(item: Found, active: Memo<String>, id: StoredValue<String>, choose: Callback<String>) -> AnyView {
    let Found { key, label, detail, face, refusal } = item;
    let (own, chosen) = (key.clone(), key.clone());
    let selected =
        Signal::derive(move || active.with(|active| if *active == own { "true" } else { "false" }));
    let stopped = refusal.is_some();
    let detail = refusal.unwrap_or(detail);
    view! {
        <div
            class="palette-item"
            role="option"
            id=[&id.get_value(), "-", &key].concat()
            aria-selected=selected
            aria-disabled=stopped.then_some("true")
            // The box keeps the keyboard.
            on:mousedown=|event| event.prevent_default()
            on:click=move |_| choose.run(chosen.clone())
        >
            {match face {
                Face::Icon(drawn) => icon(drawn),
                Face::Picture(src) => picture(src),
            }}
            <span class="palette-label">{label}</span>
            {(!detail.is_empty()).then(|| view! { " " <span class="palette-detail">{detail}</span> }.into_any())}
            {stopped.then(|| icon(Icon::Lock))}
        </div>
    }
    .into_any()
}

/// Brings an option into sight; the first one with the title of its group.
fn show(list: &str, option: &str, is_first: bool) {
    if let Some(list) = dom::by_id(list).filter(|_| is_first) {
        list.set_scroll_top(0);
    } else if let Some(option) = dom::by_id(option) {
        let how = ScrollIntoViewOptions::new();
        how.set_block(ScrollLogicalPosition::Nearest);
        option.scroll_into_view_with_scroll_into_view_options(&how);
    }
}

/// What is said of a search, to those who do not see the list: drawn anew only when the words differ.
#[component]
pub fn FinderStatus(
    /// What is so.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let text = memo(move || text.get());
    view! {
        <p class="visually-hidden" role="status">
            {live(move || text.get())}
        </p>
    }
    .into_any()
}
