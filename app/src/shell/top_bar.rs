//! The top bar: product mark, tenant switcher, areas, help and the user menu.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::left_panel::area_name;
use super::user_menu::user_menu;
use super::{Session, use_session, words};
use crate::part::{Coming, part};
use crate::paths::{self, Area, Page};
use crate::ui::{Avatar, Button, Icon, Menu, MenuItem, PaletteDialog, Variant, icon, live, memo};

/// The top bar; `on_menu` opens the navigation on phones.
pub(super) fn top_bar(page: Memo<Page>, on_menu: Callback<()>, make: MakePalette) -> AnyView {
    let session = use_session();
    view! {
        <header class="topbar">
            <div class="topbar-menu">
                <Button
                    label=words::OPEN_NAVIGATION
                    icon=Icon::Menu
                    icon_only=true
                    variant=Variant::Quiet
                    on_press=on_menu
                />
            </div>
            <a class="topbar-mark" href=Signal::derive(move || paths::home(&session.slug()))>
                {mark()}
                <span>{words::PRODUCT}</span>
            </a>
            {switcher(session)}
            {areas(page, session)}
            <div class="topbar-end">
                {palette(make)}
                <a
                    class="btn btn-quiet btn-icon"
                    href=paths::HELP
                    target="_blank"
                    rel="noopener"
                    title=words::HELP
                    aria-label=words::HELP_NEW_TAB
                >
                    {icon(Icon::Help)}
                </a>
                {user_menu(session)}
            </div>
        </header>
    }
    .into_any()
}

/// Makes what the palette shows; given what closes it.
pub(crate) type MakePalette = fn(Callback<()>) -> Coming;

/// The button that opens the palette, and the palette. `app/boot.js` presses the button on Ctrl+K and Cmd+K.
fn palette(make: MakePalette) -> AnyView {
    let open = RwSignal::new(false);
    let close = Callback::new(move |()| open.set(false));
    let mac = window().navigator().platform().is_ok_and(|platform| platform.starts_with("Mac"));
    view! {
        <button
            class="topbar-search"
            type="button"
            aria-haspopup="dialog"
            aria-keyshortcuts="Control+K Meta+K"
            on:click=move |_| open.update(|open| *open = !*open)
        >
            {icon(Icon::Search)}
            <span>{words::SEARCH}</span>
            <kbd aria-hidden="true">{if mac { "⌘K" } else { "Ctrl K" }}</kbd>
        </button>
        <PaletteDialog open=open title=words::SEARCH on_close=close>
            {part(4, move || make(close))}
        </PaletteDialog>
    }
    .into_any()
}

/// The product's mark; decoration beside its name.
pub(super) fn mark() -> AnyView {
    view! { <img src="/favicon.svg" alt="" width="20" height="20" /> }.into_any()
}

/// The current tenant; a menu where there are several.
fn switcher(session: Session) -> AnyView {
    let several = memo(move || session.who().is_some_and(|who| who.tenants.len() > 1));
    let navigate = use_navigate();
    let face = move || {
        view! {
            <span class="topbar-tenant">
                <Avatar name=Signal::derive(move || session.tenant_name()) square=true />
                <span class="truncate">{Signal::derive(move || session.tenant_name())}</span>
            </span>
        }
        .into_any()
    };
    live(move || {
        if !several.get() {
            return face();
        }
        let navigate = send_wrapper::SendWrapper::new(navigate.clone());
        let items = move || {
            let Some(who) = session.who() else { return Vec::new() };
            let item = |tenant: drawbridge_contract::types::tenants::TenantRef| {
                let navigate = navigate.clone();
                let on = tenant.id == who.tenant.id;
                let path = paths::home(&tenant.slug);
                MenuItem::new(tenant.name, move || navigate(&path, NavigateOptions::default())).checked(on)
            };
            who.tenants.iter().cloned().map(item).collect()
        };
        let open = move || view! { {face()} {icon(Icon::ChevronDown)} };
        view! { <Menu label=words::switch_tenant(&session.tenant_name()) items=items face=open start=true /> }
            .into_any()
    })
}

fn areas(page: Memo<Page>, session: Session) -> AnyView {
    let current = memo(move || page.with(Page::area));
    let link = move |area: Area| {
        let href = Signal::derive(move || {
            let slug = session.slug();
            if area == Area::Settings { paths::license(&slug) } else { paths::home(&slug) }
        });
        let mark = Signal::derive(move || (current.get() == area).then_some("true"));
        view! {
            <a
                class="topbar-link"
                href=href
                aria-current=mark
            >
                {area_name(area)}
            </a>
        }
        .into_any()
    };
    view! {
        <nav class="topbar-areas" aria-label=words::AREAS>
            {link(Area::Automate)}
            {link(Area::Settings)}
        </nav>
    }
    .into_any()
}
