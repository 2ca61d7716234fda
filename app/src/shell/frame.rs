//! The frame around every page: bars, panel, main part.

use leptos::prelude::*;

use super::left_panel::{all_areas, left_panel};
use super::online::{offline_notice, use_online};
use super::top_bar::{MakePalette, mark, top_bar};
use super::words;
use crate::paths::{self, Page};
use crate::ui::{MAIN, Sheet, SkipLink};

/// The frame around the pages of a tenant.
pub(crate) fn frame(page: Memo<Page>, content: AnyView, palette: MakePalette) -> AnyView {
    let online = use_online();
    let navigation = RwSignal::new(false);
    let close = Callback::new(move |()| navigation.set(false));
    view! {
        <div class="shell">
            <SkipLink />
            {top_bar(page, Callback::new(move |()| navigation.set(true)), palette)}
            {left_panel(page)}
            <div class="shell-main">
                {offline_notice(online)}
                <main class="page" id=MAIN tabindex="-1">
                    {content}
                </main>
            </div>
            <Sheet open=navigation title=words::NAVIGATION on_close=close>
                {all_areas(page, close)}
            </Sheet>
        </div>
    }
    .into_any()
}

/// The frame around what is shown to nobody in particular: signing in, set-up, dead ends.
pub(crate) fn gate(content: AnyView) -> AnyView {
    let online = use_online();
    view! {
        <div class="gate">
            <header>
                <a class="gate-mark" href=paths::ROOT>
                    {mark()}
                    <span>{words::PRODUCT}</span>
                </a>
            </header>
            {offline_notice(online)}
            <main class="gate-card" id=MAIN tabindex="-1">
                {content}
            </main>
        </div>
    }
    .into_any()
}
