//! What a page or list shows when it has no content: first use, nothing found, refused, failed.

use leptos::prelude::*;

use super::button::{Button, Variant};
use super::icon::{Icon, icon};
use super::live::live;
use super::words;

/// Says why there is nothing here and offers the first or next step.
#[component]
pub fn EmptyState(
    /// What is so.
    #[prop(into)]
    title: Signal<String>,
    /// What the page is for, or why it is empty.
    #[prop(optional, into)]
    text: Signal<Option<String>>,
    /// A picture of what would be here.
    #[prop(default = Icon::List)]
    icon: Icon,
    /// The step to take.
    #[prop(optional, into)]
    action: Option<ViewFn>,
    /// Stands for a whole page; its title is the page's heading.
    #[prop(optional)]
    page: bool,
) -> impl IntoView {
    let title = if page {
        view! { <h1 class="state-title">{title}</h1> }.into_any()
    } else {
        view! { <p class="state-title">{title}</p> }.into_any()
    };
    view! {
        <div class="state" class:state-page=page>
            <span class="state-icon">{self::icon(icon)}</span>
            {title}
            {live(move || text.get().map(|text| view! { <p class="state-text">{text}</p> }.into_any()))}
            {action.map(|action| view! { <div class="state-action">{action.run()}</div> }.into_any())}
        </div>
    }
    .into_any()
}

/// Says what failed, why and what to do, and tries again.
#[component]
pub fn FailedState(
    /// What failed.
    #[prop(into)]
    title: Signal<String>,
    /// Why, and who can mend it.
    #[prop(optional, into)]
    text: Signal<Option<String>>,
    /// What support would ask for, such as the request id; copied as it stands.
    #[prop(optional, into)]
    detail: Signal<Option<String>>,
    /// It is trying again now.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Tries again.
    #[prop(optional, into)]
    on_retry: Option<Callback<()>>,
    /// Stands for a whole page; its title is the page's heading.
    #[prop(optional)]
    page: bool,
) -> impl IntoView {
    let title = if page {
        view! { <h1 class="state-title">{title}</h1> }.into_any()
    } else {
        view! { <p class="state-title">{title}</p> }.into_any()
    };
    view! {
        <div class="state tone-bad" role="alert">
            <span class="state-icon">{icon(Icon::Error)}</span>
            {title}
            {live(move || text.get().map(|text| view! { <p class="state-text">{text}</p> }.into_any()))}
            {on_retry
                .map(|on_retry| {
                    view! {
                        <div class="state-action">
                            <Button
                                label=words::RETRY
                                variant=Variant::Secondary
                                icon=Icon::Refresh
                                busy=busy
                                on_press=on_retry
                            />
                        </div>
                    }.into_any()
                })}
            {live(move || detail.get().map(|text| view! { <code class="state-detail">{text}</code> }.into_any()))}
        </div>
    }
    .into_any()
}
