//! Text fields of one line and of several.

use leptos::prelude::*;

use super::field::{Wiring, field};
use super::leave;

/// What is typed into a text field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputKind {
    /// Words.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// An address of the web.
    Url,
    /// A whole number.
    Number,
    /// A day, in the browser's own calendar: `2026-01-31`.
    Date,
    /// A user's own password; masked.
    Password,
}

impl InputKind {
    fn name(self) -> &'static str {
        match self {
            Self::Text | Self::Number => "text",
            Self::Email => "email",
            Self::Url => "url",
            Self::Date => "date",
            Self::Password => "password",
        }
    }

    fn keyboard(self) -> Option<&'static str> {
        matches!(self, Self::Number).then_some("numeric")
    }
}

/// A field for one line of text.
#[component]
pub fn TextField(
    /// What is asked for.
    #[prop(into)]
    label: Signal<String>,
    /// What was typed.
    value: RwSignal<String>,
    /// What is typed.
    #[prop(optional)]
    kind: InputKind,
    /// Its name in the form.
    #[prop(optional, into)]
    name: Option<String>,
    /// A sentence that helps.
    #[prop(optional, into)]
    help: Signal<Option<String>>,
    /// What is wrong with it, in words.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// It must be filled in.
    #[prop(optional)]
    required: bool,
    /// What always stands before the text, such as `https://`.
    #[prop(optional, into)]
    prefix: Option<String>,
    /// What always stands after the text, such as `.zendesk.com`.
    #[prop(optional, into)]
    suffix: Option<String>,
    /// An example, shown while it is empty; never the only help.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// What the browser may fill in, such as `username`; `off` when not given.
    #[prop(optional, into)]
    autocomplete: Option<String>,
    /// The longest text that the browser lets in.
    #[prop(optional)]
    max_length: Option<u32>,
    /// Shows the text but does not let it be changed.
    #[prop(optional, into)]
    read_only: Signal<bool>,
    /// Shows the text in the monospaced face.
    #[prop(optional)]
    code: bool,
    /// Takes the keyboard when its dialog opens.
    #[prop(optional)]
    autofocus: bool,
    /// Called when the keyboard leaves it: the time to check what was typed.
    #[prop(optional, into)]
    on_leave: Option<Callback<()>>,
) -> impl IntoView {
    leave::watch_presses();
    field(label, help, error, required, move |wiring: Wiring| {
        let affix_id = [&wiring.id, "-affix"].concat();
        let affixed = prefix.is_some() || suffix.is_some();
        let described_by =
            if affixed { [&affix_id, " ", &wiring.described_by].concat() } else { wiring.described_by };
        let input = view! {
            <input
                class="input"
                class:input-code=code
                id=wiring.id
                type=kind.name()
                inputmode=kind.keyboard()
                name=name
                placeholder=placeholder
                autocomplete=autocomplete.unwrap_or_else(|| "off".to_owned())
                autocapitalize="off"
                spellcheck="false"
                maxlength=max_length.map(|length| length.to_string())
                readonly=read_only
                data-autofocus=autofocus.then_some("")
                aria-required=required.then_some("true")
                aria-invalid=Signal::derive(move || wiring.invalid.get().then_some("true"))
                aria-describedby=described_by
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
                on:blur=move |_| leave::left(on_leave)
            />
        }
        .into_any();
        if affixed {
            let spoken = [prefix.as_deref(), suffix.as_deref()];
            let spoken = spoken.into_iter().flatten().collect::<Vec<_>>().join(" … ");
            view! {
                <div class="affix">
                    {prefix.map(|text| view! { <span class="affix-part" aria-hidden="true">{text}</span> }.into_any())}
                    {input}
                    {suffix.map(|text| view! { <span class="affix-part" aria-hidden="true">{text}</span> }.into_any())}
                    <span class="visually-hidden" id=affix_id>
                        {spoken}
                    </span>
                </div>
            }
            .into_any()
        } else {
            input
        }
    })
}

/// A field for several lines of text.
#[component]
pub fn TextAreaField(
    /// What is asked for.
    #[prop(into)]
    label: Signal<String>,
    /// What was typed.
    value: RwSignal<String>,
    /// Its name in the form.
    #[prop(optional, into)]
    name: Option<String>,
    /// A sentence that helps.
    #[prop(optional, into)]
    help: Signal<Option<String>>,
    /// What is wrong with it, in words.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// It must be filled in.
    #[prop(optional)]
    required: bool,
    /// How many lines it shows; it grows with the text.
    #[prop(default = 3)]
    rows: u32,
    /// An example, shown while it is empty; never the only help.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// Shows the text in the monospaced face.
    #[prop(optional)]
    code: bool,
    /// Called when the keyboard leaves it: the time to check what was typed.
    #[prop(optional, into)]
    on_leave: Option<Callback<()>>,
) -> impl IntoView {
    leave::watch_presses();
    field(label, help, error, required, move |wiring: Wiring| {
        view! {
            <textarea
                class="input input-area"
                class:input-code=code
                id=wiring.id
                name=name
                rows=rows.to_string()
                placeholder=placeholder
                aria-required=required.then_some("true")
                aria-invalid=Signal::derive(move || wiring.invalid.get().then_some("true"))
                aria-describedby=wiring.described_by
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
                on:blur=move |_| leave::left(on_leave)
            ></textarea>
        }
        .into_any()
    })
}
