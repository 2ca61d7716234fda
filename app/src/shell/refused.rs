//! Pages that say why there is nothing to see, and where to go instead.

use drawbridge_domain::role::Role;
use leptos::prelude::*;

use super::{title, use_session, words};
use crate::paths;
use crate::ui::{EmptyState, Icon, LinkButton, Variant};

/// Stands in the place of a page that the user's role does not reach.
pub fn refused_page(needed: Role) -> AnyView {
    title(words::REFUSED);
    let session = use_session();
    let text = move || Some(words::refused(needed, session.role(), &session.tenant_name()));
    view! {
        <EmptyState
            title=words::REFUSED
            text=Signal::derive(text)
            icon=Icon::Lock
            page=true
            action=move || to_start(Signal::derive(move || paths::home(&session.slug())))
        />
    }
    .into_any()
}

/// Stands at an address that leads nowhere.
pub fn not_found_page() -> AnyView {
    title(words::NOT_FOUND);
    view! {
        <EmptyState
            title=words::NOT_FOUND
            text=Some(words::NOT_FOUND_TEXT.to_owned())
            icon=Icon::Search
            page=true
            action=move || to_start(Signal::stored(paths::ROOT.to_owned()))
        />
    }
    .into_any()
}

/// The first page of somebody who may open no other one.
pub(crate) fn no_pages_page() -> AnyView {
    title(words::NO_PAGES);
    let session = use_session();
    let account = move || {
        view! {
            <LinkButton
                href=Signal::derive(move || paths::account(&session.slug()))
                label=words::SESSIONS_AND_PASSWORD
            />
        }
    };
    view! {
        <EmptyState
            title=words::NO_PAGES
            text=Signal::derive(move || Some(words::no_pages(&session.tenant_name())))
            icon=Icon::List
            page=true
            action=account
        />
    }
    .into_any()
}

fn to_start(href: Signal<String>) -> AnyView {
    view! { <LinkButton href=href label=words::TO_START variant=Variant::Primary /> }.into_any()
}
