//! What the lists of users and of groups have in common: the heading with its tabs, and what could not be loaded.

use drawbridge_contract::types::groups::Group;
use drawbridge_contract::types::people::{User, UserCounts};
use drawbridge_domain::id::Id;
use leptos::prelude::*;

use super::desk::Desk;
use super::words;
use crate::client;
use crate::client::paged::{Paged, Row};
use crate::paths;
use crate::shell::{failed, use_session};
use crate::ui::{
    Button, EmptyState, Icon, LinkButton, Notice, PageHeader, TabLink, TabLinks, Tone, Variant, live, memo,
};

impl Row for User {
    type Counts = UserCounts;

    fn key(&self) -> &str {
        self.id.as_str()
    }
}

impl Row for Group {
    type Counts = ();

    fn key(&self) -> &str {
        self.id.as_str()
    }
}

/// The tab of users, in the URL's last segment.
pub(super) const USERS: &str = "users";
/// The tab of groups.
pub(super) const GROUPS: &str = "groups";

/// The page with its two tabs; `current` is the one that is shown.
pub(super) fn frame(desk: Desk, current: &'static str, add: &'static str, content: AnyView) -> AnyView {
    let session = use_session();
    let one = |label, tab, path: fn(&str) -> String| TabLink {
        label,
        href: Signal::derive(move || path(&session.slug())),
        current: Signal::stored(current == tab),
    };
    let links = vec![one(words::USERS, USERS, paths::users), one(words::GROUPS, GROUPS, paths::groups)];
    let href = Signal::derive(move || desk.href(&[(super::desk::OPEN, "add")]));
    let actions = move || {
        view! { <LinkButton href=href label=add variant=Variant::Primary icon=Icon::Plus /> }
    };
    view! {
        <PageHeader title=words::PEOPLE text=Some(words::ABOUT.to_owned()) actions=actions />
        <TabLinks label=words::PEOPLE links />
        <div class="stack">{content}</div>
    }
    .into_any()
}

/// Content that came, with a notice above it while it could not be loaded anew; or what went wrong instead.
pub(super) fn or_failed<T: Row>(
    paged: Paged<T>,
    content: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let first = memo(move || paged.error.get().filter(|_| paged.rows.with(Vec::is_empty)));
    let reload = paged.reload;
    let later = move || {
        paged.error.get().filter(|_| first.with(Option::is_none)).map(|error| {
            let action = move || view! { <Button label=words::TRY_AGAIN small=true on_press=reload /> };
            let text = Some(client::words::line(&error));
            view! { <Notice title=words::NOT_LOADED text=text tone=Tone::Bad action=action /> }
        })
    };
    view! {
        {live(later)}
        {live(move || match first.get() {
            Some(error) => failed(&error, Some(reload)),
            None => content(),
        })}
    }
    .into_any()
}

/// Stands where no row fits what is searched for; `clear` shows all again.
pub(super) fn nothing_found(clear: Callback<()>) -> AnyView {
    let action = move || view! { <Button label=words::CLEAR_FILTERS on_press=clear /> };
    view! {
        <EmptyState
            title=words::FILTERED_TITLE
            text=Some(words::FILTERED_TEXT.to_owned())
            icon=Icon::Search
            action=action
        />
    }
    .into_any()
}
