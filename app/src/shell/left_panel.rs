//! The left panel: the pages of an area, with the reason beside those that the role does not reach.

use drawbridge_domain::role::Role;
use leptos::prelude::*;

use super::{Session, use_session, words};
use crate::paths::{self, Area, Page};
use crate::ui::{Icon, icon, live, memo};

struct Entry {
    page: Page,
    label: &'static str,
    icon: Icon,
}

fn entries(area: Area) -> Vec<Entry> {
    let entry = |page, label, icon| Entry { page, label, icon };
    match area {
        Area::Automate => vec![
            entry(Page::Connections, words::CONNECTIONS, Icon::Link),
            entry(Page::Connectors, words::CONNECTORS, Icon::Plug),
        ],
        Area::Settings => vec![
            entry(Page::License, words::LICENSE, Icon::Gauge),
            entry(Page::Users, words::PEOPLE, Icon::Users),
            entry(Page::Gateways, words::GATEWAYS, Icon::Server),
            entry(Page::AppsAndTokens, words::APPS_AND_TOKENS, Icon::Key),
            entry(Page::Webhooks, words::WEBHOOKS, Icon::Link),
            entry(Page::AuditLog, words::AUDIT_LOG, Icon::List),
            entry(Page::SingleSignOn, words::SINGLE_SIGN_ON, Icon::Lock),
            entry(Page::Tenant, words::TENANT, Icon::Building),
        ],
        Area::Account => vec![entry(Page::Account, words::SESSIONS_AND_PASSWORD, Icon::User)],
    }
}

/// A page for the palette: the name of its area, itself, its name, its icon.
pub(crate) type PageEntry = (&'static str, Page, &'static str, Icon);

/// All pages of the left panel.
pub(crate) fn all_pages() -> Vec<PageEntry> {
    let of = |area| {
        entries(area).into_iter().map(move |entry| (area_name(area), entry.page, entry.label, entry.icon))
    };
    [Area::Automate, Area::Settings, Area::Account].into_iter().flat_map(of).collect()
}

/// An area's name.
pub(super) fn area_name(area: Area) -> &'static str {
    match area {
        Area::Automate => words::AUTOMATE,
        Area::Settings => words::SETTINGS,
        Area::Account => words::ACCOUNT,
    }
}

/// The pages of the area that `page` belongs to.
pub(super) fn left_panel(page: Memo<Page>) -> AnyView {
    let area = memo(move || page.with(Page::area));
    view! {
        <nav class="side" aria-label=Signal::derive(move || area_name(area.get()))>
            {live(move || area_list(area.get(), page, None))}
        </nav>
    }
    .into_any()
}

/// All areas with their pages, for the sheet on phones.
pub(super) fn all_areas(page: Memo<Page>, on_go: Callback<()>) -> AnyView {
    view! {
        <nav aria-label=words::NAVIGATION>
            {[Area::Automate, Area::Settings, Area::Account]
                .into_iter()
                .map(|area| {
                    view! {
                        <h3 class="side-title">{area_name(area)}</h3>
                        {area_list(area, page, Some(on_go))}
                    }
                    .into_any()
                })
                .collect::<Vec<_>>()}
        </nav>
    }
    .into_any()
}

fn area_list(area: Area, page: Memo<Page>, on_go: Option<Callback<()>>) -> AnyView {
    let session = use_session();
    let items: Vec<AnyView> =
        entries(area).into_iter().map(|entry| item(entry, page, session, on_go)).collect();
    view! { <ul class="side-list">{items}</ul> }.into_any()
}

fn item(entry: Entry, current: Memo<Page>, session: Session, on_go: Option<Callback<()>>) -> AnyView {
    let Entry { page, label, icon: drawn } = entry;
    let needed = page.rule().map(drawbridge_domain::role::Page::needs);
    let lacking = memo(move || needed.filter(|needed| !session.role().includes(*needed)));
    live(move || {
        if let Some(needed) = lacking.get() {
            return disabled(label, drawn, needed);
        }
        let (own, target) = (page.clone(), page.clone());
        let href = Signal::derive(move || paths::page(&session.slug(), &target));
        let mark = Signal::derive(move || current.with(|current| is_current(current, &own)));
        let go = move |_| {
            if let Some(on_go) = on_go {
                on_go.run(());
            }
        };
        view! {
            <li>
                <a class="side-link" href=href aria-current=mark on:click=go>
                    {icon(drawn)}
                    <span>{label}</span>
                </a>
            </li>
        }
        .into_any()
    })
}

/// What `aria-current` says of an entry: the page itself, or one under it.
fn is_current(current: &Page, entry: &Page) -> Option<&'static str> {
    match (current, entry) {
        (Page::Connection(_), Page::Connections)
        | (Page::Connector(_), Page::Connectors)
        | (Page::Gateway(_), Page::Gateways)
        | (Page::User(_) | Page::Groups | Page::Group(_), Page::Users) => Some("true"),
        _ if current == entry => Some("page"),
        _ => None,
    }
}

fn disabled(label: &'static str, drawn: Icon, needed: Role) -> AnyView {
    view! {
        <li>
            <span class="side-link" role="link" aria-disabled="true" tabindex="0">
                {icon(drawn)}
                <span class="side-words">
                    {label} " " <span class="side-reason">{words::needs(needed)}</span>
                </span>
                {icon(Icon::Lock)}
            </span>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_under_an_entry_keeps_the_entry_marked() {
        assert_eq!(is_current(&Page::Connections, &Page::Connections), Some("page"));
        assert_eq!(is_current(&Page::Connection("con_1".to_owned()), &Page::Connections), Some("true"));
        assert_eq!(is_current(&Page::License, &Page::Tenant), None);
    }
}
