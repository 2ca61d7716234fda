//! The gallery: every primitive of the console in every state, on one page that tests photograph.

use drawbridge_app::ui::{
    Icon, MAIN, Menu, MenuItem, PageHeader, SkipLink, ToastRegion, icon, provide_toasts,
};
use leptos::prelude::*;

mod asking;
mod doing;
mod over;
mod showing;
mod tables;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(Gallery);
}

const THEMES: [(&str, &str, Icon); 3] =
    [("light", "Light", Icon::Sun), ("dark", "Dark", Icon::Moon), ("system", "System", Icon::Monitor)];

const PARTS: [(&str, &str); 5] = [
    ("buttons", "Doing"),
    ("fields", "Asking"),
    ("dialogs", "Over the page"),
    ("tables", "Tables"),
    ("statuses", "Showing"),
];

/// The whole page, in the console's own frame.
#[component]
fn Gallery() -> impl IntoView {
    let toasts = provide_toasts();
    let theme = RwSignal::new("system");
    Effect::new(move |_| {
        if let Some(root) = document().document_element() {
            // An attribute of our own on our own page; it cannot be refused.
            root.set_attribute("data-theme", theme.get()).ok();
        }
    });
    let themes = move || {
        let chosen = theme.get_untracked();
        THEMES
            .into_iter()
            .map(|(id, label, drawn)| {
                MenuItem::new(label, move || theme.set(id)).icon(drawn).checked(id == chosen)
            })
            .collect()
    };
    view! {
        <SkipLink />
        <div class="shell">
            <header class="topbar">
                <a class="topbar-mark" href="#main">
                    <img src="/favicon.svg" alt="" width="20" height="20" />
                    <span>"Gallery"</span>
                </a>
                <div class="topbar-end">
                    <button class="topbar-search" type="button">
                        {icon(Icon::Search)}
                        <span>"Search"</span>
                        <kbd>"Ctrl K"</kbd>
                    </button>
                    <Menu label="Theme" items=themes face=move || icon(Icon::Sun) />
                </div>
            </header>
            <nav class="side" aria-label="Parts">
                <ul class="side-list">
                    {PARTS
                        .map(|(id, label)| {
                            view! {
                                <li>
                                    <a class="side-link" href=["#", id].concat()>
                                        {icon(Icon::ChevronRight)}
                                        {label}
                                    </a>
                                </li>
                            }
                        })
                        .into_iter()
                        .collect::<Vec<_>>()}
                </ul>
            </nav>
            <main class="page" id=MAIN tabindex="-1">
                <PageHeader title="Primitives" text="Each in every state. Nothing here knows the product." />
                {doing::part()}
                {asking::part()}
                {over::part(toasts)}
                {tables::part()}
                {showing::part()}
            </main>
        </div>
        <ToastRegion toasts />
    }
}

/// One section with its heading; the id is what tests look for.
fn section(id: &'static str, title: &'static str, content: AnyView) -> AnyView {
    let heading = [id, "-title"].concat();
    view! {
        <section class="section" id=id aria-labelledby=heading.clone()>
            <h2 class="section-title" id=heading.clone()>
                {title}
            </h2>
            {content}
        </section>
    }
    .into_any()
}
