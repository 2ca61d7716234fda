//! Every URL of the console: built here, read here, nowhere else.

use drawbridge_contract::endpoint::encode;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::role;

/// A place of the console that an address leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// `/`: the current tenant's first page.
    Root,
    /// `/setup`.
    SetUp,
    /// `/sign-in`, and `/sign-in/{tenant}`, a tenant's own.
    SignIn(String),
    /// `/problems/{code}`: what a problem code means.
    Problem(ProblemCode),
    /// `/invitations/{token}`: accepting an invitation.
    Invitation(String),
    /// A page of the tenant with this slug.
    Tenant(String, Page),
    /// No page.
    Unknown,
}

/// A page inside a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// The tenant's first page, by role.
    Home,
    /// Automate → Connections.
    Connections,
    /// One connection, by its id.
    Connection(String),
    /// Settings → Audit log.
    AuditLog,
    /// Automate → Connectors.
    Connectors,
    /// One connector, by its id.
    Connector(String),
    /// Settings → License and subscription.
    License,
    /// Settings → User management, the users.
    Users,
    /// One user, by id.
    User(String),
    /// Settings → User management, the groups.
    Groups,
    /// One group, by id.
    Group(String),
    /// Settings → Tenant.
    Tenant,
    /// Settings → Webhooks.
    Webhooks,
    /// Settings → Single sign-on.
    SingleSignOn,
    /// Settings → Apps and tokens.
    AppsAndTokens,
    /// Settings → Gateways.
    Gateways,
    /// One gateway, by its id.
    Gateway(String),
    /// Own sessions and password.
    Account,
}

/// The part of the console that a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// What the tenant automates.
    Automate,
    /// How the tenant is set.
    Settings,
    /// The user's own things.
    Account,
}

impl Page {
    /// The area that the page belongs to.
    pub fn area(&self) -> Area {
        match self {
            Self::Home | Self::Connections | Self::Connection(_) | Self::Connectors | Self::Connector(_) => {
                Area::Automate
            }
            Self::AuditLog
            | Self::License
            | Self::Users
            | Self::User(_)
            | Self::Groups
            | Self::Group(_)
            | Self::Tenant
            | Self::Webhooks
            | Self::SingleSignOn
            | Self::AppsAndTokens
            | Self::Gateways
            | Self::Gateway(_) => Area::Settings,
            Self::Account => Area::Account,
        }
    }

    /// The rule that says who may open the page; `None` where everybody may.
    pub fn rule(&self) -> Option<role::Page> {
        match self {
            Self::Home | Self::Account => None,
            Self::Connections | Self::Connection(_) => Some(role::Page::Connections),
            Self::AuditLog => Some(role::Page::AuditLog),
            Self::Connectors | Self::Connector(_) => Some(role::Page::Connectors),
            Self::License => Some(role::Page::License),
            Self::Users | Self::User(_) | Self::Groups | Self::Group(_) => Some(role::Page::People),
            Self::Tenant => Some(role::Page::Tenant),
            Self::Webhooks => Some(role::Page::Webhooks),
            Self::SingleSignOn => Some(role::Page::SingleSignOn),
            Self::AppsAndTokens => Some(role::Page::AppsAndTokens),
            Self::Gateways | Self::Gateway(_) => Some(role::Page::Gateways),
        }
    }
}

/// `/`.
pub const ROOT: &str = "/";
/// The set-up page.
pub const SET_UP: &str = "/setup";
/// The help, which is no page of the console.
pub const HELP: &str = "/help";

/// The API's reference, which is no page of the console.
pub const REFERENCE: &str = "/docs";

/// The sign-in page; afterwards the console goes on to `wanted`.
pub fn sign_in(wanted: Option<&str>) -> String {
    match wanted {
        Some(wanted) if wanted != ROOT => with("/sign-in".to_owned(), "to", wanted),
        _ => "/sign-in".to_owned(),
    }
}

/// What a problem code means.
pub fn problem(code: ProblemCode) -> String {
    ["/problems/", code.code()].concat()
}

/// A tenant's first page.
pub fn home(tenant: &str) -> String {
    let mut path = String::from("/t/");
    encode(tenant, &mut path);
    path
}

/// Automate → Connections.
pub fn connections(tenant: &str) -> String {
    home(tenant) + "/automate/connections"
}

/// Automate → Connections with the Add panel open, at its first step or at a connector's form.
pub fn add_connection(tenant: &str, connector: Option<&str>) -> String {
    with(connections(tenant), "add", connector.unwrap_or("1"))
}

/// One connection's own page.
pub fn connection(tenant: &str, id: &str) -> String {
    under(connections(tenant), id)
}

/// The address of one of the things that a page lists.
fn under(mut path: String, id: &str) -> String {
    path.push('/');
    encode(id, &mut path);
    path
}

/// Settings → Audit log.
pub fn audit(tenant: &str) -> String {
    home(tenant) + "/settings/audit"
}

/// The connections of one connector.
pub fn connections_of(tenant: &str, connector: &str) -> String {
    with(connections(tenant), "connector", connector)
}

/// Automate → Connectors.
pub fn connectors(tenant: &str) -> String {
    home(tenant) + "/automate/connectors"
}

/// One connector's own page.
pub fn connector(tenant: &str, id: &str) -> String {
    let mut path = connectors(tenant);
    path.push('/');
    encode(id, &mut path);
    path
}

/// Settings → License and subscription, the landing page of Settings.
pub fn license(tenant: &str) -> String {
    home(tenant) + "/settings/license"
}

/// Settings → User management, the users.
pub fn users(tenant: &str) -> String {
    home(tenant) + "/settings/users"
}

/// One user's own page.
pub fn user(tenant: &str, id: &str) -> String {
    under(users(tenant), id)
}

/// Settings → User management, the groups.
pub fn groups(tenant: &str) -> String {
    home(tenant) + "/settings/groups"
}

/// One group's own page.
pub fn group(tenant: &str, id: &str) -> String {
    under(groups(tenant), id)
}

/// Settings → Tenant.
pub fn tenant(tenant: &str) -> String {
    home(tenant) + "/settings/tenant"
}

/// Settings → Webhooks.
pub fn webhooks(tenant: &str) -> String {
    home(tenant) + "/settings/webhooks"
}

/// Settings → Single sign-on.
pub fn single_sign_on(tenant: &str) -> String {
    home(tenant) + "/settings/single-sign-on"
}

/// Settings → Apps and tokens.
pub fn apps_and_tokens(tenant: &str) -> String {
    home(tenant) + "/settings/apps-and-tokens"
}

/// Settings → Gateways.
pub fn gateways(tenant: &str) -> String {
    home(tenant) + "/settings/gateways"
}

/// One gateway's own page.
pub fn gateway(tenant: &str, id: &str) -> String {
    under(gateways(tenant), id)
}

/// Own sessions and password.
pub fn account(tenant: &str) -> String {
    home(tenant) + "/account"
}

/// Own sessions and password, with the panel for a new password open.
pub fn change_password(tenant: &str) -> String {
    with(account(tenant), "change", "password")
}

/// A page's address.
pub fn page(tenant_slug: &str, page: &Page) -> String {
    match page {
        Page::Home => home(tenant_slug),
        Page::Connections => connections(tenant_slug),
        Page::Connection(id) => connection(tenant_slug, id),
        Page::AuditLog => audit(tenant_slug),
        Page::Connectors => connectors(tenant_slug),
        Page::Connector(id) => connector(tenant_slug, id),
        Page::License => license(tenant_slug),
        Page::Users => users(tenant_slug),
        Page::User(id) => user(tenant_slug, id),
        Page::Groups => groups(tenant_slug),
        Page::Group(id) => group(tenant_slug, id),
        Page::Tenant => tenant(tenant_slug),
        Page::Webhooks => webhooks(tenant_slug),
        Page::SingleSignOn => single_sign_on(tenant_slug),
        Page::AppsAndTokens => apps_and_tokens(tenant_slug),
        Page::Gateways => gateways(tenant_slug),
        Page::Gateway(id) => gateway(tenant_slug, id),
        Page::Account => account(tenant_slug),
    }
}

/// An address with one more parameter in its query; an empty value adds nothing.
pub fn with(mut path: String, name: &str, value: &str) -> String {
    if !value.is_empty() {
        path.push(if path.contains('?') { '&' } else { '?' });
        encode(name, &mut path);
        path.push('=');
        encode(value, &mut path);
    }
    path
}

/// The place that a path (without its query) leads to.
pub fn place(path: &str) -> Place {
    let segments: Vec<String> = path.split('/').filter(|segment| !segment.is_empty()).map(decode).collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        [] => Place::Root,
        ["setup"] => Place::SetUp,
        ["sign-in"] => Place::SignIn(String::new()),
        ["sign-in", tenant] => Place::SignIn((*tenant).to_owned()),
        ["invitations", token] => Place::Invitation((*token).to_owned()),
        ["problems", code] => match ProblemCode::from_code(code) {
            Some(code) => Place::Problem(code),
            None => Place::Unknown,
        },
        ["t", tenant, rest @ ..] => match inside(rest) {
            Some(page) => Place::Tenant((*tenant).to_owned(), page),
            None => Place::Unknown,
        },
        _ => Place::Unknown,
    }
}

fn inside(segments: &[&str]) -> Option<Page> {
    match segments {
        [] | ["automate"] => Some(Page::Home),
        ["automate", "connections"] => Some(Page::Connections),
        ["automate", "connections", id] => Some(Page::Connection((*id).to_owned())),
        ["automate", "connectors"] => Some(Page::Connectors),
        ["automate", "connectors", id] => Some(Page::Connector((*id).to_owned())),
        ["settings"] | ["settings", "license"] => Some(Page::License),
        ["settings", "audit"] => Some(Page::AuditLog),
        ["settings", "users"] => Some(Page::Users),
        ["settings", "users", id] => Some(Page::User((*id).to_owned())),
        ["settings", "groups"] => Some(Page::Groups),
        ["settings", "groups", id] => Some(Page::Group((*id).to_owned())),
        ["settings", "tenant"] => Some(Page::Tenant),
        ["settings", "webhooks"] => Some(Page::Webhooks),
        ["settings", "single-sign-on"] => Some(Page::SingleSignOn),
        ["settings", "apps-and-tokens"] => Some(Page::AppsAndTokens),
        ["settings", "gateways"] => Some(Page::Gateways),
        ["settings", "gateways", id] => Some(Page::Gateway((*id).to_owned())),
        ["account"] => Some(Page::Account),
        _ => None,
    }
}

/// Whether an address is one of this console, so that it is safe to go there after signing in: a path of this
/// origin, which no browser reads as another site's address.
pub fn is_own(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains('\\')
        && !address.chars().any(char::is_control)
        && !matches!(place(path), Place::Unknown | Place::SignIn(_) | Place::SetUp)
}

/// A segment with its percent signs resolved; what is not UTF-8 then is left as it stands.
fn decode(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let digits = (byte == b'%').then(|| (ahead.next().and_then(hex), ahead.next().and_then(hex)));
        if let Some((Some(high), Some(low))) = digits {
            bytes.push(high * 16 + low);
            rest = ahead;
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| segment.to_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests;
