//! What dialogs, panels and sheets have in common: a modal `<dialog>` with title, body and footer.

use leptos::prelude::*;
use leptos::{ev, html};
use wasm_bindgen::JsCast;

use super::button::{Button, Variant};
use super::icon::{Icon, icon};
use super::live::{live, memo};
use super::{dom, words};

/// How a modal asks before what is in it is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Losing {
    /// The question.
    pub title: &'static str,
    /// What is lost.
    pub text: &'static str,
    /// Stays.
    pub stay: &'static str,
    /// Goes.
    pub leave: &'static str,
}

/// Everything that a modal shows and asks.
#[derive(Clone)]
pub(super) struct Modal {
    pub(super) class: &'static str,
    pub(super) role: Option<&'static str>,
    pub(super) open: Signal<bool>,
    pub(super) title: Signal<String>,
    pub(super) subtitle: Signal<Option<String>>,
    pub(super) dirty: Signal<bool>,
    pub(super) losing: Signal<Option<Losing>>,
    pub(super) light: bool,
    pub(super) on_close: Callback<()>,
    pub(super) body: ChildrenFn,
    pub(super) footer: Option<ViewFn>,
}

/// Shows the modal while it is open; nothing of it exists before.
pub(super) fn modal(modal: Modal) -> AnyView {
    let open = modal.open;
    let shown = memo(move || open.get());
    live(move || shown.get().then(|| sheet(modal.clone())))
}

fn sheet(modal: Modal) -> AnyView {
    let Modal { class, role, open, title, subtitle, dirty, losing, light, on_close, body, footer } = modal;
    let node = NodeRef::<html::Dialog>::new();
    let asking = RwSignal::new(false);
    let pressed_outside = StoredValue::new(false);
    let title_id = dom::unique_id("title");
    let body_id = [&title_id, "-body"].concat();

    node.on_load(|dialog| {
        // Only a dialog that is not in the page yet refuses; `on_load` comes after the mount.
        dom::soon(move || {
            dom::note_gutter();
            if dialog.is_connected() && !dialog.open() && dialog.show_modal().is_ok() {
                first_focus(&dialog);
            }
        });
    });
    on_cleanup(move || {
        // Closing gives the keyboard back to where it was; taking the element away would not.
        if let Some(Some(dialog)) = node.try_get_untracked() {
            dialog.close();
            if dom::active().is_none_or(|active| active.tag_name() == "BODY")
                && let Some(main) = dom::by_id(super::page::MAIN)
            {
                dom::focus(&main);
            }
        }
    });

    let ask = move || {
        if dirty.get_untracked() {
            asking.set(true);
        } else {
            on_close.run(());
        }
    };
    // Escape and the phone's back gesture. A browser lets it be held up only once, hence `closed`.
    let cancelled = move |event: web_sys::CustomEvent| {
        if is_own(&event) {
            event.prevent_default();
            ask();
        }
    };
    let closed = move |event: web_sys::Event| {
        if is_own(&event)
            && open.try_get_untracked() == Some(true)
            && let Some(Some(dialog)) = node.try_get_untracked()
            && dialog.is_connected()
            && !dialog.open()
        {
            if dirty.get_untracked() {
                dialog.show_modal().ok();
            }
            ask();
        }
    };
    view! {
        <dialog
            class=["modal ", class].concat()
            role=role
            data-dirty=Signal::derive(move || dirty.get().then_some(""))
            aria-labelledby=title_id
            aria-describedby=role.map(|_| body_id)
            node_ref=node
            on:mousedown=move |event| pressed_outside.set_value(is_own(&event))
            on:click=move |event| {
                if light && is_own(&event) && pressed_outside.get_value() {
                    ask();
                }
            }
            on:close=closed
            on:cancel=cancelled
        >
            <div class="modal-frame">
                <header class="modal-head">
                    <div class="modal-title">
                        <h2 id=title_id.clone()>{title}</h2>
                        {live(move || subtitle.get().map(|text| view! { <p class="modal-subtitle">{text}</p> }.into_any()))}
                    </div>
                    <button
                        class="btn btn-quiet btn-icon"
                        type="button"
                        title=words::CLOSE
                        aria-label=words::CLOSE
                        on:click=move |_| ask()
                    >
                        {icon(Icon::Close)}
                    </button>
                </header>
                <div class="modal-body" id=body_id.clone()>
                    {body()}
                </div>
                {footer.map(|footer| view! { <footer class="modal-foot">{footer.run()}</footer> }.into_any())}
            </div>
            {live(move || asking.get().then(|| discard(title, losing, asking, on_close)))}
        </dialog>
    }
    .into_any()
}

/// The question asked before typed text is lost, or what else there is to lose.
fn discard(
    title: Signal<String>,
    losing: Signal<Option<Losing>>,
    asking: RwSignal<bool>,
    on_close: Callback<()>,
) -> AnyView {
    let losing = losing.get_untracked();
    let (text, stay, leave) = losing
        .map_or((words::DISCARD_TEXT, words::KEEP_EDITING, words::DISCARD), |losing| {
            (losing.text, losing.stay, losing.leave)
        });
    sheet(Modal {
        class: "dialog",
        role: Some("alertdialog"),
        open: asking.into(),
        title: Signal::derive(move || {
            losing.map_or_else(|| words::discard_title(&title.get()), |losing| losing.title.to_owned())
        }),
        subtitle: Signal::stored(None),
        dirty: Signal::stored(false),
        losing: Signal::stored(None),
        light: false,
        on_close: Callback::new(move |()| asking.set(false)),
        body: std::sync::Arc::new(move || view! { <p>{text}</p> }.into_any()),
        footer: Some(ViewFn::from(move || {
            view! {
                <Button label=stay autofocus=true on_press=move || asking.set(false) />
                <Button
                    label=leave
                    variant=Variant::Danger
                    on_press=move || {
                        asking.set(false);
                        on_close.run(());
                    }
                />
            }
            .into_any()
        })),
    })
}

/// Where something was typed that is not saved: asks whether it may be lost, as when the dialog is closed. Whether
/// there is such a dialog; one must not go elsewhere then.
pub fn ask_to_close_dirty() -> bool {
    let close = document().query_selector("dialog[data-dirty] .modal-head .btn").ok().flatten();
    let close = close.and_then(|close| close.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(close) = &close {
        close.click();
    }
    close.is_some()
}

/// Whether an event happened to the dialog itself, not to something in it.
fn is_own(event: &ev::Event) -> bool {
    event.target() == event.current_target()
}

/// Gives the keyboard to what asks for it, else to the first field, else to the first button.
fn first_focus(dialog: &web_sys::HtmlDialogElement) {
    const FIELDS: &str =
        ".modal-body :is(input, select, textarea):not([type=hidden], [readonly], [disabled])";
    let target = dom::first(dialog, "[data-autofocus]:not([aria-disabled])")
        .or_else(|| dom::first(dialog, FIELDS))
        .or_else(|| dom::first(dialog, ".modal-foot .btn"));
    if let Some(target) = target {
        dom::focus(target.unchecked_ref());
    }
}
