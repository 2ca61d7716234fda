//! The frame around every page: bars, panel, main part.

use leptos::prelude::*;

use super::left_panel::{all_areas, left_panel};
use super::online::{offline_notice, use_online};
use super::top_bar::{MakePalette, mark, top_bar};
use super::{use_session, words};
use crate::part::{Coming, part};
use crate::paths::{self, Page};
use crate::ui::{Dialog, MAIN, Sheet, SkipLink};

/// The frame around the pages of a tenant.
pub(crate) fn frame(
    page: Memo<Page>,
    content: AnyView,
    palette: MakePalette,
    sign_in: fn() -> Coming,
) -> AnyView {
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
            {lapsed(sign_in)}
            <Sheet open=navigation title=words::NAVIGATION on_close=close>
                {all_areas(page, close)}
            </Sheet>
        </div>
    }
    .into_any()
}

/// Signing in again over a page that is being filled in; going without it asks first, because that is lost then.
fn lapsed(sign_in: fn() -> Coming) -> AnyView {
    let session = use_session();
    let leave = move || session.leave();
    view! {
        <Dialog open=session.has_lapsed() title=words::LAPSED dirty=Signal::stored(true) on_close=leave>
            <p>{words::LAPSED_TEXT}</p>
            {part(4, sign_in)}
        </Dialog>
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
