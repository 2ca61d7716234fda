//! Buttons, and links that look like them.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::icon::{Icon, icon};
use super::live::live;
use super::{dom, float, words};

/// How much a button asks to be pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Variant {
    /// The one thing to do here.
    Primary,
    /// One of several things to do.
    #[default]
    Secondary,
    /// Something on the side.
    Quiet,
    /// Destroys something.
    Danger,
}

/// The classes of a button.
pub(super) fn classes(variant: Variant, small: bool, icon_only: bool) -> String {
    let mut class = String::from(match variant {
        Variant::Primary => "btn btn-primary",
        Variant::Secondary => "btn btn-secondary",
        Variant::Quiet => "btn btn-quiet",
        Variant::Danger => "btn btn-danger",
    });
    if small {
        class.push_str(" btn-small");
    }
    if icon_only {
        class.push_str(" btn-icon");
    }
    class
}

/// A button; when it cannot be pressed it says why, and still takes the keyboard.
#[expect(clippy::fn_params_excessive_bools, reason = "each is a named attribute at the call")]
#[component]
pub fn Button(
    /// What it does, a verb.
    #[prop(into)]
    label: Signal<String>,
    /// How it looks.
    #[prop(optional)]
    variant: Variant,
    /// 28 px high instead of 32 px.
    #[prop(optional)]
    small: bool,
    /// An icon before the label.
    #[prop(optional)]
    icon: Option<Icon>,
    /// Shows the icon alone; the label becomes its name and its tool tip.
    #[prop(optional)]
    icon_only: bool,
    /// It was pressed and is at work.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Why it cannot be pressed now; `None` when it can.
    #[prop(optional, into)]
    disabled_reason: Signal<Option<String>>,
    /// Submits its form.
    #[prop(optional)]
    submit: bool,
    /// The id of the form that it submits, where it stands outside it.
    #[prop(optional, into)]
    form: Option<String>,
    /// Its own id.
    #[prop(optional, into)]
    id: Option<String>,
    /// Takes the keyboard when its dialog opens.
    #[prop(optional)]
    autofocus: bool,
    /// Called when it is pressed and can be.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
) -> impl IntoView {
    let hint = StoredValue::new(dom::unique_id("why"));
    let stopped = move || busy.get_untracked() || disabled_reason.with_untracked(Option::is_some);
    let press = move |event: web_sys::MouseEvent| {
        if stopped() {
            event.prevent_default();
            event.stop_propagation();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    let show = move |anchor: Option<web_sys::EventTarget>| {
        if disabled_reason.with_untracked(Option::is_some)
            && let Some(anchor) = anchor.and_then(|target| target.dyn_into::<Element>().ok())
        {
            float::show_hint(&hint.get_value(), &anchor);
        }
    };
    let hide = move || {
        // A button that is taken away while it has the keyboard loses it first.
        if disabled_reason.try_with_untracked(Option::is_some) == Some(true)
            && let Some(hint) = hint.try_get_value()
        {
            float::hide_hint(&hint);
        }
    };
    view! {
        <button
            class=classes(variant, small, icon_only)
            class:btn-busy=busy
            type=if submit { "submit" } else { "button" }
            id=id
            form=form
            data-autofocus=autofocus.then_some("")
            title=Signal::derive(move || icon_only.then(|| label.get()))
            aria-label=Signal::derive(move || icon_only.then(|| label.get()))
            aria-busy=Signal::derive(move || busy.get().then_some("true"))
            aria-disabled=Signal::derive(move || {
                (busy.get() || disabled_reason.with(Option::is_some)).then_some("true")
            })
            aria-describedby=Signal::derive(move || {
                disabled_reason.with(Option::is_some).then(|| hint.get_value())
            })
            on:click=press
            on:mouseenter=move |event| show(event.current_target())
            on:mouseleave=move |_| hide()
            on:focus=move |event| show(event.current_target())
            on:blur=move |_| hide()
        >
            <span class="btn-face">
                {icon.map(self::icon)} {(!icon_only).then_some(move || label.get())}
            </span>
            {live(move || busy.get().then(|| view! { <span class="spinner" aria-hidden="true"></span> }.into_any()))}
        </button>
        {live(move || {
            disabled_reason
                .get()
                .map(|reason| {
                    view! {
                        <span class="hint" role="tooltip" popover="hint" id=hint.get_value()>
                            {reason}
                        </span>
                    }.into_any()
                })
        })}
    }
    .into_any()
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// What it leads to.
    #[prop(into)]
    label: Signal<String>,
    /// How it looks.
    #[prop(optional)]
    variant: Variant,
    /// 28 px high instead of 32 px.
    #[prop(optional)]
    small: bool,
    /// An icon before the label.
    #[prop(optional)]
    icon: Option<Icon>,
    /// Opens in a new tab, and says so.
    #[prop(optional)]
    external: bool,
) -> impl IntoView {
    view! {
        <a
            class=classes(variant, small, false)
            href=href
            target=external.then_some("_blank")
            rel=external.then_some("noopener noreferrer")
        >
            <span class="btn-face">
                {icon.map(self::icon)} {label} {external.then(new_tab)}
            </span>
        </a>
    }
    .into_any()
}

/// A link in running text that opens in a new tab, and says so.
#[component]
pub fn ExternalLink(
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// What it leads to.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    view! {
        <a class="external" href=href target="_blank" rel="noopener noreferrer">
            {label}
            {new_tab()}
        </a>
    }
    .into_any()
}

fn new_tab() -> AnyView {
    view! {
        {icon(Icon::External)}
        <span class="visually-hidden">" ("{words::NEW_TAB}")"</span>
    }
    .into_any()
}
