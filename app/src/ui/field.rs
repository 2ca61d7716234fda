//! What every field has: a label above, help under it, the error under that, all tied together.

use leptos::prelude::*;

use super::icon::{Icon, icon};
use super::live::live;
use super::{dom, words};

/// How a control is tied to the label, help and error around it.
#[derive(Clone, Debug)]
pub struct Wiring {
    /// The control's id.
    pub id: String,
    /// The ids of help and error, for `aria-describedby`.
    pub described_by: String,
    /// The field has an error.
    pub invalid: Signal<bool>,
    /// The field must be filled in.
    pub required: bool,
}

/// Surrounds a control of your own with label, help and error.
pub fn field(
    label: Signal<String>,
    help: Signal<Option<String>>,
    error: Signal<Option<String>>,
    required: bool,
    control: impl FnOnce(Wiring) -> AnyView,
) -> AnyView {
    let wiring = wire(error, required);
    let id = wiring.id.clone();
    frame(id, label, help, error, required, control(wiring))
}

/// Makes the ids of a field.
pub(super) fn wire(error: Signal<Option<String>>, required: bool) -> Wiring {
    let id = dom::unique_id("field");
    Wiring {
        described_by: [&id, "-help ", &id, "-error"].concat(),
        id,
        invalid: Signal::derive(move || error.with(Option::is_some)),
        required,
    }
}

/// Puts the label above a control and help and error under it.
pub(super) fn frame(
    id: String,
    label: Signal<String>,
    help: Signal<Option<String>>,
    error: Signal<Option<String>>,
    required: bool,
    control: AnyView,
) -> AnyView {
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>
                {label}
                {required.then(required_mark)}
            </label>
            {control}
            {notes(id, help, error)}
        </div>
    }
    .into_any()
}

/// The mark of a field that must be filled in.
pub(super) fn required_mark() -> AnyView {
    view! {
        <span class="field-required" aria-hidden="true" title=words::REQUIRED>
            "*"
        </span>
    }
    .into_any()
}

/// The help and the error under a control.
pub(super) fn notes(id: String, help: Signal<Option<String>>, error: Signal<Option<String>>) -> AnyView {
    let error_id = [&id, "-error"].concat();
    let help_id = [&id, "-help"].concat();
    view! {
        <div class="field-help" id=help_id>
            {help}
        </div>
        <div class="field-error" id=error_id aria-live="polite">
            {live(move || {
                error.get().map(|text| view! { <span>{icon(Icon::Error)} {text}</span> }.into_any())
            })}
        </div>
    }
    .into_any()
}
