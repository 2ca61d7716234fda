//! Settings → Gateways: agents in the organisation's own network, and what can be reached through them.

mod add;
mod asking;
mod connections;
mod desk;
mod disconnect;
mod download;
mod happenings;
mod joining;
mod lines;
mod list;
mod machines;
mod menu;
mod over;
pub mod page;
mod release;
mod rename;
mod status;
mod targets;
mod words;

use leptos::prelude::*;

use crate::shell::{Topic, follow, title};
use crate::ui::{Icon, LinkButton, PageHeader};
use desk::Desk;
use over::Over;
pub use page::GatewayPage;

/// The list.
#[component]
pub fn GatewaysPage() -> impl IntoView {
    title(words::GATEWAYS);
    let desk = Desk::new(None);
    let paged = list::rows(desk);
    follow(Topic::Gateways, move || paged.reload.run(()));
    let actions = move || {
        let href = Signal::derive(move || desk.href("download", ""));
        view! {
            <LinkButton href=href label=words::DOWNLOAD icon=Icon::Download />
            {list::add(desk)}
        }
    };
    let over = Over::new(desk);
    view! {
        <PageHeader title=words::GATEWAYS text=Some(words::ABOUT.to_owned()) actions=actions />
        {list::list(desk, paged)}
        {add::panel(desk)}
        {over_the_page(over)}
    }
    .into_any()
}

/// What can lie over either page.
fn over_the_page(over: Over) -> AnyView {
    view! {
        {download::panel(over.desk)}
        {download::update(over)}
        {joining::panel(over)}
        {rename::panel(over)}
        {asking::disable(over)}
        {asking::rotate(over)}
        {disconnect::dialog(over)}
    }
    .into_any()
}
