//! Settings → Apps and tokens: who may call the API besides the console.

mod addresses;
mod asking;
mod calls;
mod credential;
mod desk;
mod draft;
pub mod ending;
mod expiry;
mod form;
mod how;
mod one;
mod rotate;
mod row;
mod scopes;
mod section;
mod told;
mod view;
mod when;
mod words;

use leptos::prelude::*;

use crate::paths;
use crate::shell::{Topic, follow, title};
use crate::ui::{LinkButton, PageHeader};
use credential::Kind;
use desk::Desk;
pub use ending::EndingNotice;

/// The page.
#[component]
pub fn AppsAndTokensPage() -> impl IntoView {
    title(words::PAGE);
    let desk = Desk::new();
    let (apps, tokens) = (section::rows(desk, Kind::App), section::rows(desk, Kind::Token));
    follow(Topic::Apps, move || apps.reload.run(()));
    follow(Topic::Tokens, move || tokens.reload.run(()));
    view! {
        <PageHeader
            title=words::PAGE
            text=Some(words::ABOUT.to_owned())
            actions=|| view! { <LinkButton href=paths::REFERENCE label=words::REFERENCE external=true /> }
        />
        {section::section(desk, Kind::App, apps)}
        {section::section(desk, Kind::Token, tokens)}
        {form::panel(desk)}
        {view::panel(desk)}
        {rotate::panel(desk)}
        {asking::dialogs(desk)}
    }
    .into_any()
}
