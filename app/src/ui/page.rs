//! What every page has: a way past the bars, a heading with its actions.

use leptos::prelude::*;

use super::live::live;
use super::words;

/// The id of the page's main part, which the skip link and dialogs give the keyboard to.
pub const MAIN: &str = "main";

/// The first link of the page: jumps over the bars.
#[component]
pub fn SkipLink() -> impl IntoView {
    view! {
        <a
            class="skip-link"
            href="#main"
            on:click=move |event| {
                event.prevent_default();
                super::dom::focus_by_id(MAIN);
            }
        >
            {words::SKIP}
        </a>
    }
    .into_any()
}

/// The heading of a page, with a line under it and the page's actions beside it.
#[component]
pub fn PageHeader(
    /// The page's name.
    #[prop(into)]
    title: Signal<String>,
    /// A line under it.
    #[prop(optional, into)]
    text: Signal<Option<String>>,
    /// The page one level up: its name and address.
    #[prop(optional)]
    parent: Option<(String, String)>,
    /// The page's buttons, the primary one last.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
) -> impl IntoView {
    view! {
        <header class="page-header">
            <div class="page-words">
                {parent
                    .map(|(name, href)| {
                        view! {
                            <a class="page-parent" href=href>
                                {super::icon::icon(super::icon::Icon::ChevronLeft)}
                                {name}
                            </a>
                        }.into_any()
                    })}
                <h1 class="page-title">{title}</h1>
                {live(move || text.get().map(|text| view! { <p class="page-text">{text}</p> }.into_any()))}
            </div>
            {actions.map(|actions| view! { <div class="page-actions">{actions.run()}</div> }.into_any())}
        </header>
    }
    .into_any()
}

/// Words for screen readers only.
#[component]
pub fn VisuallyHidden(
    /// The words.
    children: Children,
) -> impl IntoView {
    view! { <span class="visually-hidden">{children()}</span> }.into_any()
}
