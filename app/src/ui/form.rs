//! Forms: Enter submits, the first error gets the keyboard, a failure is said above the fields.

use leptos::prelude::*;

use super::dom;
use super::live::live;
use super::notice::Notice;
use super::tone::Tone;

/// A form; the browser checks nothing, so that every error is said in our words.
#[component]
pub fn Form(
    /// Its id, for submit buttons in the footer of a panel and for [`focus_first_error`].
    #[prop(into)]
    id: String,
    /// Called on Enter or a submit button; checks, sets the errors, sends.
    #[prop(into)]
    on_submit: Callback<()>,
    /// What went wrong with the whole of it, in words.
    #[prop(optional, into)]
    problem: Signal<Option<String>>,
    /// The fields.
    children: Children,
) -> impl IntoView {
    let own = id.clone();
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        on_submit.run(());
        focus_first_error(&own);
    };
    view! {
        <form class="form" id=id novalidate=true on:submit=submit>
            <div class="form-problem" tabindex="-1" role="alert">
                {live(move || {
                    problem.get().map(|text| view! { <Notice tone=Tone::Bad title=text quiet=true /> }.into_any())
                })}
            </div>
            {children()}
        </form>
    }
    .into_any()
}

/// Gives the keyboard to the first field of a form that has an error, or else to its problem.
///
/// A form does so by itself after `on_submit` returns; call it when errors come later, from the
/// server.
pub fn focus_first_error(form: &str) {
    let form = form.to_owned();
    dom::soon(move || {
        let Some(form) = dom::by_id(&form) else { return };
        let wrong = dom::first(&form, "[aria-invalid=true]")
            .or_else(|| dom::first(&form, ".form-problem:has(.notice)"));
        if let Some(wrong) = wrong {
            dom::focus(&wrong);
        }
    });
}
