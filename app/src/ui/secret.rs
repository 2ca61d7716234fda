//! Secrets: typed in masked, shown once masked, never part of anything else.

use leptos::prelude::*;

use super::copy::CopyButton;
use super::field::{Wiring, field};
use super::icon::{Icon, icon_of};
use super::{leave, words};

/// A field for a secret: masked, with reveal and copy.
#[component]
pub fn SecretField(
    /// What is asked for.
    #[prop(into)]
    label: Signal<String>,
    /// What was typed; empty where a saved secret is kept.
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
    /// A secret is saved already; left empty, it is kept.
    #[prop(optional)]
    keeps: bool,
    /// What the browser may fill in: `current-password`, `new-password`; `off` when not given.
    #[prop(optional, into)]
    autocomplete: Option<String>,
    /// Leaves out the copy button, for a user's own password.
    #[prop(optional)]
    no_copy: bool,
    /// Called when the keyboard leaves it: the time to check what was typed.
    #[prop(optional, into)]
    on_leave: Option<Callback<()>>,
) -> impl IntoView {
    leave::watch_presses();
    let shown = RwSignal::new(false);
    field(label, help, error, required, move |wiring: Wiring| {
        view! {
            <div class="affix">
                <input
                    class="input input-code"
                    id=wiring.id.clone()
                    type=Signal::derive(move || if shown.get() { "text" } else { "password" })
                    name=name
                    placeholder=keeps.then_some(words::KEEP)
                    autocomplete=autocomplete.unwrap_or_else(|| "off".to_owned())
                    autocapitalize="off"
                    spellcheck="false"
                    aria-required=required.then_some("true")
                    aria-invalid=Signal::derive(move || wiring.invalid.get().then_some("true"))
                    aria-describedby=wiring.described_by
                    prop:value=value
                    on:input=move |event| value.set(event_target_value(&event))
                    on:blur=move |_| leave::left(on_leave)
                />
                <span class="affix-buttons">
                    {reveal(shown, wiring.id)}
                    {(!no_copy).then(|| view! { <CopyButton text=value quiet=true /> }.into_any())}
                </span>
            </div>
        }
        .into_any()
    })
}

/// A secret that is shown this once: masked, with reveal and copy.
#[component]
pub fn SecretDisplay(
    /// What it is.
    #[prop(into)]
    label: Signal<String>,
    /// The secret.
    #[prop(into)]
    value: Signal<String>,
    /// Shows it unmasked from the start, for what is no secret (an id, a redirect URL).
    #[prop(optional)]
    open: bool,
    /// A sentence that helps.
    #[prop(optional, into)]
    help: Signal<Option<String>>,
    /// Called once it is copied, by the button or by hand.
    #[prop(optional, into)]
    on_copy: Option<Callback<()>>,
) -> impl IntoView {
    let shown = RwSignal::new(open);
    let copied = Callback::new(move |()| {
        if let Some(on_copy) = on_copy {
            on_copy.run(());
        }
    });
    field(label, help, Signal::stored(None), false, move |wiring: Wiring| {
        view! {
            <div class="affix">
                <input
                    class="input input-code"
                    id=wiring.id.clone()
                    type=Signal::derive(move || if shown.get() { "text" } else { "password" })
                    readonly=true
                    autocomplete="off"
                    aria-describedby=wiring.described_by
                    prop:value=value
                    on:copy=move |_| copied.run(())
                />
                <span class="affix-buttons">
                    {(!open).then(|| reveal(shown, wiring.id))} <CopyButton text=value quiet=true on_copy=copied />
                </span>
            </div>
        }
        .into_any()
    })
}

fn reveal(shown: RwSignal<bool>, controls: String) -> AnyView {
    let word = move || if shown.get() { words::CONCEAL } else { words::REVEAL };
    view! {
        <button
            class="btn btn-quiet btn-small btn-icon"
            type="button"
            title=word
            aria-label=word
            aria-controls=controls
            on:click=move |_| shown.update(|shown| *shown = !*shown)
        >
            {icon_of(Signal::derive(move || if shown.get() { Icon::EyeOff } else { Icon::Eye }))}
        </button>
    }
    .into_any()
}
