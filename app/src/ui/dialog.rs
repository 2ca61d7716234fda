//! Dialogs confirm; panels make and edit; sheets hold the left panel on phones; the palette searches.

use leptos::prelude::*;

use super::button::{Button, Variant};
use super::live::live;
use super::modal::{Losing, Modal, modal};
use super::notice::Notice;
use super::tone::Tone;
use super::words;

/// A dialog in the middle of the page.
#[component]
pub fn Dialog(
    /// It is open.
    #[prop(into)]
    open: Signal<bool>,
    /// Names the thing: `Test connection “Salesforce EU”`.
    #[prop(into)]
    title: Signal<String>,
    /// Called when it should close: make `open` false.
    #[prop(into)]
    on_close: Callback<()>,
    /// Something was typed in it; it then asks before it closes.
    #[prop(optional, into)]
    dirty: Signal<bool>,
    /// Its buttons.
    #[prop(optional, into)]
    footer: Option<ViewFn>,
    /// What it says.
    children: ChildrenFn,
) -> impl IntoView {
    modal(Modal {
        class: "dialog",
        role: None,
        open,
        title,
        subtitle: Signal::stored(None),
        dirty,
        losing: Signal::stored(None),
        light: false,
        on_close,
        body: children,
        footer,
    })
}

/// A dialog that asks before something is done; its button is the verb.
#[component]
pub fn ConfirmDialog(
    /// It is open.
    #[prop(into)]
    open: Signal<bool>,
    /// Names the thing: `Delete connection “Salesforce EU”?`.
    #[prop(into)]
    title: Signal<String>,
    /// What the button does: `Delete`.
    #[prop(into)]
    verb: Signal<String>,
    /// It destroys something.
    #[prop(optional)]
    danger: bool,
    /// It was pressed and is at work.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Why it cannot be done now; `None` when it can.
    #[prop(optional, into)]
    disabled_reason: Signal<Option<String>>,
    /// Why it failed, in words.
    #[prop(optional, into)]
    problem: Signal<Option<String>>,
    /// Called when the verb is pressed.
    #[prop(into)]
    on_confirm: Callback<()>,
    /// Called when it should close: make `open` false.
    #[prop(into)]
    on_close: Callback<()>,
    /// What it means: its reach, what can be undone.
    children: ChildrenFn,
) -> impl IntoView {
    let body = move || {
        view! {
            {children()}
            {live(move || problem.get().map(|text| view! { <Notice tone=Tone::Bad title=text /> }.into_any()))}
        }
        .into_any()
    };
    let footer = move || {
        view! {
            <Button label=words::CANCEL autofocus=danger on_press=on_close />
            <Button
                label=verb
                variant=if danger { Variant::Danger } else { Variant::Primary }
                autofocus=!danger
                busy=busy
                disabled_reason=disabled_reason
                on_press=on_confirm
            />
        }
        .into_any()
    };
    modal(Modal {
        class: "dialog",
        role: Some("alertdialog"),
        open,
        title,
        subtitle: Signal::stored(None),
        dirty: Signal::stored(false),
        losing: Signal::stored(None),
        light: false,
        on_close,
        body: std::sync::Arc::new(body),
        footer: Some(ViewFn::from(footer)),
    })
}

/// A panel from the right; fills the screen on phones.
#[component]
pub fn Panel(
    /// It is open.
    #[prop(into)]
    open: Signal<bool>,
    /// Names the thing: `Add connection`.
    #[prop(into)]
    title: Signal<String>,
    /// A line under the title: `Step 2 of 2`.
    #[prop(optional, into)]
    subtitle: Signal<Option<String>>,
    /// Called when it should close: make `open` false.
    #[prop(into)]
    on_close: Callback<()>,
    /// Something was typed in it; it then asks before it closes.
    #[prop(optional, into)]
    dirty: Signal<bool>,
    /// Asks in these words instead of those for what was typed.
    #[prop(optional, into)]
    losing: Signal<Option<Losing>>,
    /// Makes it 640 px wide instead of 480 px.
    #[prop(optional)]
    wide: bool,
    /// Its buttons; they stay in sight.
    #[prop(optional, into)]
    footer: Option<ViewFn>,
    /// What it holds, mostly a form.
    children: ChildrenFn,
) -> impl IntoView {
    modal(Modal {
        class: if wide { "panel panel-wide" } else { "panel" },
        role: None,
        open,
        title,
        subtitle,
        dirty,
        losing,
        light: true,
        on_close,
        body: children,
        footer,
    })
}

/// A sheet from the left, for the left panel on phones.
#[component]
pub fn Sheet(
    /// It is open.
    #[prop(into)]
    open: Signal<bool>,
    /// What it is.
    #[prop(into)]
    title: Signal<String>,
    /// Called when it should close: make `open` false.
    #[prop(into)]
    on_close: Callback<()>,
    /// What it holds.
    children: ChildrenFn,
) -> impl IntoView {
    plain("sheet", open, title, on_close, children)
}

/// The palette's place over the page: a box to type into with what was found under it. Its title is not shown.
#[component]
pub fn PaletteDialog(
    /// It is open.
    #[prop(into)]
    open: Signal<bool>,
    /// What it is.
    #[prop(into)]
    title: Signal<String>,
    /// Called when it should close: make `open` false.
    #[prop(into)]
    on_close: Callback<()>,
    /// A [`super::finder::Finder`].
    children: ChildrenFn,
) -> impl IntoView {
    plain("palette", open, title, on_close, children)
}

/// A place over the page that has neither footer nor anything to lose.
fn plain(
    class: &'static str,
    open: Signal<bool>,
    title: Signal<String>,
    on_close: Callback<()>,
    body: ChildrenFn,
) -> AnyView {
    modal(Modal {
        class,
        role: None,
        open,
        title,
        subtitle: Signal::stored(None),
        dirty: Signal::stored(false),
        losing: Signal::stored(None),
        light: true,
        on_close,
        body,
        footer: None,
    })
}
