//! Buttons, links, menus.

use drawbridge_app::ui::{Button, CopyButton, ExternalLink, Icon, LinkButton, Menu, MenuItem, Variant, icon};
use leptos::prelude::*;

use super::section;

const REASON: &str = "Only administrators and developers may add connections. Ask Ada Lovelace.";

pub(super) fn part() -> AnyView {
    view! {
        {section("buttons", "Buttons", buttons())} {section("links", "Links", links())}
        {section("menus", "Menus", menus())} {section("icons", "Icons", icons())}
    }
    .into_any()
}

fn buttons() -> AnyView {
    let pressed = RwSignal::new(0);
    let busy = RwSignal::new(false);
    view! {
        <div class="cluster">
            <Button label="Add connection" variant=Variant::Primary icon=Icon::Plus on_press=move || pressed.update(|n| *n += 1) />
            <Button label="Test" on_press=move || pressed.update(|n| *n += 1) />
            <Button label="Cancel" variant=Variant::Quiet />
            <Button label="Delete" variant=Variant::Danger icon=Icon::Trash />
            <Button label="Refresh" icon=Icon::Refresh icon_only=true />
            <output class="muted number" id="pressed">{move || pressed.get()}</output>
        </div>
        <div class="cluster">
            <Button label="Add connection" variant=Variant::Primary small=true />
            <Button label="Test" small=true />
            <Button label="Cancel" variant=Variant::Quiet small=true />
            <Button label="Delete" variant=Variant::Danger small=true />
            <Button label="Refresh" icon=Icon::Refresh icon_only=true small=true variant=Variant::Quiet />
        </div>
        <div class="cluster">
            <Button label="Add connection" variant=Variant::Primary disabled_reason=REASON id="disabled"
                on_press=move || pressed.update(|n| *n += 1) />
            <Button label="Test" disabled_reason=REASON />
            <Button label="Cancel" variant=Variant::Quiet disabled_reason=REASON />
            <Button label="Delete" variant=Variant::Danger disabled_reason=REASON />
        </div>
        <div class="cluster">
            <Button label="Connect" variant=Variant::Primary busy=true />
            <Button label="Test" busy=true />
            <Button label="Delete" variant=Variant::Danger busy=true />
            <Button label="Work for a moment" busy=busy on_press=move || busy.set(true) />
        </div>
    }
    .into_any()
}

fn links() -> AnyView {
    view! {
        <div class="cluster">
            <LinkButton href="#links" label="Open" icon=Icon::Link />
            <LinkButton href="https://example.com/" label="Provider's documents" external=true />
            <span>
                "Read " <ExternalLink href="https://example.com/" label="how to register a client" /> "."
            </span>
            <CopyButton text="https://console.example/oauth/callback" />
            <CopyButton text="cn_01" quiet=true label="Copy the id" />
        </div>
    }
    .into_any()
}

fn menus() -> AnyView {
    let chosen = RwSignal::new("none");
    let items = move || {
        vec![
            MenuItem::new("Edit", move || chosen.set("Edit")).icon(Icon::Pencil),
            MenuItem::new("Reconnect", move || chosen.set("Reconnect")).icon(Icon::Refresh),
            MenuItem::link("Open", "#menus").icon(Icon::Link),
            MenuItem::new("Permissions", move || chosen.set("Permissions"))
                .icon(Icon::Users)
                .disabled(Some("Only owners of this connection may change who uses it.".to_owned())),
            MenuItem::new("Delete", move || chosen.set("Delete")).icon(Icon::Trash).danger().divided(),
        ]
    };
    view! {
        <div class="cluster">
            <Menu label="Actions for “Salesforce EU”" items=items start=true />
            <Menu label="Analytical Engines, switch tenant" items=items start=true face=move || view! { "Analytical Engines" {icon(Icon::ChevronDown)} } />
            <output class="muted" id="chosen">{move || chosen.get()}</output>
        </div>
    }
    .into_any()
}

fn icons() -> AnyView {
    const ALL: [Icon; 44] = [
        Icon::Plus,
        Icon::Search,
        Icon::More,
        Icon::Check,
        Icon::Warning,
        Icon::Error,
        Icon::Info,
        Icon::Clock,
        Icon::Pause,
        Icon::Copy,
        Icon::Eye,
        Icon::EyeOff,
        Icon::Close,
        Icon::ChevronDown,
        Icon::ChevronRight,
        Icon::ChevronLeft,
        Icon::ArrowUp,
        Icon::ArrowDown,
        Icon::Sort,
        Icon::Filter,
        Icon::External,
        Icon::User,
        Icon::Users,
        Icon::Settings,
        Icon::Link,
        Icon::Key,
        Icon::Sun,
        Icon::Moon,
        Icon::Monitor,
        Icon::Menu,
        Icon::Help,
        Icon::Lock,
        Icon::Refresh,
        Icon::Trash,
        Icon::Pencil,
        Icon::Plug,
        Icon::Server,
        Icon::List,
        Icon::Building,
        Icon::Gauge,
        Icon::SignOut,
        Icon::Offline,
        Icon::Download,
        Icon::Dot,
    ];
    view! { <div class="cluster">{ALL.into_iter().map(icon).collect::<Vec<_>>()}</div> }.into_any()
}
