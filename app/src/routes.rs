//! Which page an address shows, to whom.
//!
//! The router of `leptos_router` brings the address, links and `use_navigate`; which page that is decides a plain
//! `match` over [`paths::Place`], because the places are few, typed, and the same ones that build the links.

use drawbridge_contract::endpoints::SwitchTenant;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::tenants::{TenantPath, TenantRef};
use drawbridge_domain::role;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::components::Router;
use leptos_router::hooks::{use_location, use_navigate};
use leptos_router::location::{BrowserUrl, LocationProvider};

use crate::client::{ApiError, call};
use crate::pages::{self, SettingsPage};
use crate::part::part;
use crate::paths::{self, Area, Page, Place};
use crate::shell::{
    self, Session, SessionState, failed, frame, gate, no_pages_page, not_found_page, provide_session,
    refused_page, words,
};
use crate::ui::{Skeleton, ToastRegion, live, memo, provide_toasts, watch};

/// The console.
#[component]
pub fn Console() -> impl IntoView {
    let toasts = provide_toasts();
    let session = provide_session();
    session.refresh();
    session.stay_current();
    view! {
        <Router>{root(session)}</Router>
        <ToastRegion toasts />
    }
    .into_any()
}

/// What fills the window.
#[derive(Debug, Clone, PartialEq)]
enum Screen {
    /// Who is there is being asked.
    Waiting,
    /// That could not be found out.
    Failed(ApiError),
    /// The first set-up.
    SetUp,
    /// Signing in, perhaps by a tenant's own address.
    SignIn(String),
    /// What a problem code means.
    Problem(ProblemCode),
    /// Accepting the invitation with this secret.
    Invitation(String),
    /// Nothing, and nobody is signed in.
    Missing,
    /// The frame, with a page in it or with the news that there is none.
    Framed,
    /// Another one of the user's tenants is being entered.
    Switching(TenantRef),
    /// The address leads on to another one.
    Onward(String),
}

/// Decides what fills the window. `address` is the whole of it, `wanted` where to go after signing in.
fn screen(state: &SessionState, place: &Place, address: &str, wanted: Option<&str>) -> Screen {
    if let Place::Problem(code) = place {
        return Screen::Problem(*code);
    }
    let may_come_in = matches!(state, SessionState::SignedIn(_) | SessionState::SignedOut { .. });
    if let (Place::Invitation(token), true) = (place, may_come_in) {
        return Screen::Invitation(token.clone());
    }
    let who = match state {
        SessionState::SignedIn(who) => who,
        SessionState::Unknown => return Screen::Waiting,
        SessionState::Failed(error) => return Screen::Failed(error.clone()),
        SessionState::SetUpOpen if *place == Place::SetUp => return Screen::SetUp,
        SessionState::SetUpOpen => return Screen::Onward(paths::SET_UP.to_owned()),
        SessionState::SignedOut { .. } => {
            return match place {
                Place::SignIn(tenant) => Screen::SignIn(tenant.clone()),
                Place::Root | Place::SetUp => Screen::Onward(paths::sign_in(None)),
                Place::Tenant(..) => Screen::Onward(paths::sign_in(Some(address))),
                Place::Problem(_) | Place::Invitation(_) | Place::Unknown => Screen::Missing,
            };
        }
    };
    match place {
        Place::Root | Place::SetUp => Screen::Onward(paths::home(&who.tenant.slug)),
        Place::SignIn(_) => Screen::Onward(
            wanted
                .filter(|wanted| paths::is_own(wanted))
                .map_or_else(|| paths::home(&who.tenant.slug), str::to_owned),
        ),
        Place::Problem(_) | Place::Invitation(_) | Place::Unknown => Screen::Framed,
        Place::Tenant(slug, Page::Home) if *slug == who.tenant.slug => match first_page(who.role) {
            Some(page) => Screen::Onward(paths::page(slug, &page)),
            None => Screen::Framed,
        },
        Place::Tenant(slug, _) if *slug == who.tenant.slug => Screen::Framed,
        Place::Tenant(slug, _) => match who.tenants.iter().find(|tenant| tenant.slug == *slug) {
            Some(tenant) => Screen::Switching(tenant.clone()),
            None => Screen::Framed,
        },
    }
}

/// The page that somebody with this role starts on.
fn first_page(role: role::Role) -> Option<Page> {
    role.includes(role::Page::Connections.needs()).then_some(Page::Connections)
}

/// Inside the router.
fn root(session: Session) -> AnyView {
    let location = use_location();
    let path = location.pathname;
    let place = memo(move || path.with(|path| paths::place(path)));
    let query = location.query;
    let search = location.search;
    let screen = memo(move || {
        let address = [path.get(), search.get()].join("?");
        let wanted = query.with(|query| query.get("to"));
        place.with(|place| screen(&session.state(), place, address.trim_end_matches('?'), wanted.as_deref()))
    });
    // The address bar follows once the page has changed; `<Routes>` would do this.
    let browser = use_context::<BrowserUrl>();
    watch(move || {
        path.track();
        if let Some(browser) = &browser {
            browser.ready_to_complete();
        }
    });
    let navigate = use_navigate();
    watch(move || {
        if let Screen::Onward(to) = screen.get() {
            navigate(&to, NavigateOptions { replace: true, ..NavigateOptions::default() });
        }
    });
    shell::follow_with_focus(path);
    live(move || match screen.get() {
        Screen::Waiting | Screen::Onward(_) => gate(waiting()),
        Screen::Failed(error) => gate(no_start(session, &error)),
        Screen::SetUp => gate(part(8, || Box::pin(pages::set_up()))),
        Screen::SignIn(tenant) => gate(part(4, move || Box::pin(pages::sign_in(tenant.clone())))),
        Screen::Problem(code) => gate(part(4, move || Box::pin(pages::problem(code)))),
        Screen::Invitation(token) => gate(part(4, move || Box::pin(pages::invitation(token.clone())))),
        Screen::Missing => gate(not_found_page()),
        Screen::Switching(tenant) => gate(switching(session, tenant)),
        Screen::Framed => framed(session, place),
    })
}

fn waiting() -> AnyView {
    view! { <Skeleton lines=3 /> }.into_any()
}

fn no_start(session: Session, error: &ApiError) -> AnyView {
    shell::title(words::NO_START);
    view! {
        <h1 class="page-title">{words::NO_START}</h1>
        {failed(error, Some(Callback::new(move |()| session.refresh())))}
    }
    .into_any()
}

/// Enters another one of the user's tenants; the address then shows its page.
fn switching(session: Session, tenant: TenantRef) -> AnyView {
    let error = RwSignal::new(None::<ApiError>);
    let enter = Callback::new(move |()| {
        error.set(None);
        let path = TenantPath { tenant: tenant.id.clone() };
        spawn_local(async move {
            match call::<SwitchTenant>(&path, &Nothing {}, &Nothing {}).await {
                Ok(answer) => session.enter(answer.value),
                Err(failure) => {
                    error.try_set(Some(failure));
                }
            }
        });
    });
    enter.run(());
    live(move || match error.get() {
        Some(error) => {
            shell::title(words::NO_SWITCH);
            view! {
                <h1 class="page-title">{words::NO_SWITCH}</h1>
                {failed(&error, Some(enter))}
            }
            .into_any()
        }
        None => waiting(),
    })
}

/// What the frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    NoPages,
    Connections,
    Connection,
    AuditLog,
    Connectors,
    Connector,
    License,
    Users,
    User,
    Groups,
    Group,
    Tenant,
    Webhooks,
    SingleSignOn,
    AppsAndTokens,
    Gateways,
    Gateway,
    Account,
    Refused(role::Role),
    Missing,
}

fn shown(place: &Place, slug: &str, role: role::Role) -> Shown {
    let page = match place {
        Place::Tenant(tenant, page) if tenant == slug => page,
        _ => return Shown::Missing,
    };
    if let Some(needed) = page.rule().map(role::Page::needs).filter(|needed| !role.includes(*needed)) {
        return Shown::Refused(needed);
    }
    match page {
        Page::Home => Shown::NoPages,
        Page::Connections => Shown::Connections,
        Page::Connection(_) => Shown::Connection,
        Page::AuditLog => Shown::AuditLog,
        Page::Connectors => Shown::Connectors,
        Page::Connector(_) => Shown::Connector,
        Page::License => Shown::License,
        Page::Users => Shown::Users,
        Page::User(_) => Shown::User,
        Page::Groups => Shown::Groups,
        Page::Group(_) => Shown::Group,
        Page::Tenant => Shown::Tenant,
        Page::Webhooks => Shown::Webhooks,
        Page::SingleSignOn => Shown::SingleSignOn,
        Page::AppsAndTokens => Shown::AppsAndTokens,
        Page::Gateways => Shown::Gateways,
        Page::Gateway(_) => Shown::Gateway,
        Page::Account => Shown::Account,
    }
}

fn framed(session: Session, place: Memo<Place>) -> AnyView {
    let page = memo(move || match place.get() {
        Place::Tenant(_, page) => page,
        _ => Page::Home,
    });
    // Made anew when the tenant changes, not when only the thing's id or the query does.
    let inside = memo(move || {
        let slug = session.slug();
        (place.with(|place| shown(place, &slug, session.role())), slug)
    });
    let id = memo(move || match page.get() {
        Page::Connection(id) | Page::Connector(id) | Page::User(id) | Page::Group(id) | Page::Gateway(id) => {
            id
        }
        _ => String::new(),
    });
    let content = live(move || {
        let shown = inside.get().0;
        // A list, or one of what it lists.
        let one = |of: Shown| (shown == of).then_some(id);
        let settings = |page: SettingsPage| part(8, move || Box::pin(pages::settings(page)));
        match shown {
            Shown::NoPages => no_pages_page(),
            Shown::Connections => part(8, || Box::pin(pages::connections())),
            Shown::Connection => part(8, move || Box::pin(pages::connection(id))),
            Shown::AuditLog => part(8, || Box::pin(pages::audit())),
            Shown::Connectors | Shown::Connector => {
                let one = one(Shown::Connector);
                part(8, move || Box::pin(pages::connectors(one)))
            }
            Shown::Users | Shown::User => {
                let one = one(Shown::User);
                part(8, move || Box::pin(pages::users(one)))
            }
            Shown::Groups | Shown::Group => {
                let one = one(Shown::Group);
                part(8, move || Box::pin(pages::groups(one)))
            }
            Shown::Gateways | Shown::Gateway => {
                let one = one(Shown::Gateway);
                part(8, move || Box::pin(pages::gateways(one)))
            }
            Shown::License => settings(SettingsPage::License),
            Shown::Tenant => settings(SettingsPage::Tenant),
            Shown::Account => settings(SettingsPage::Account),
            Shown::Webhooks => part(8, || Box::pin(pages::webhooks())),
            Shown::SingleSignOn => part(8, || Box::pin(pages::single_sign_on())),
            Shown::AppsAndTokens => part(8, || Box::pin(pages::apps_and_tokens())),
            Shown::Refused(needed) => refused_page(needed),
            Shown::Missing => not_found_page(),
        }
    });
    // Not on the first page, which waits for nothing but itself.
    let told =
        memo(move || session.may_open(role::Page::AppsAndTokens) && page.with(Page::area) != Area::Automate);
    let ending = live(move || told.get().then(|| part(0, || Box::pin(pages::ending()))));
    let content = view! { {ending} {content} }.into_any();
    frame(page, content, |close| Box::pin(pages::palette(close)), || Box::pin(pages::sign_in(String::new())))
}

#[cfg(test)]
mod tests;
