//! The pages that are fetched when they are first opened, and the chunk that each is kept in. What is declared here costs
//! every page a little, so pages of one chunk share it.

use drawbridge_contract::problem::ProblemCode;
use leptos::prelude::*;

use crate::features::account::AccountPage;
use crate::features::apps_and_tokens::{AppsAndTokensPage, EndingNotice};
use crate::features::audit::AuditPage;
use crate::features::connections::{ConnectionPage, ConnectionsPage};
use crate::features::connectors::{ConnectorPage, ConnectorsPage};
use crate::features::gateways::{GatewayPage, GatewaysPage};
use crate::features::invitation::InvitationPage;
use crate::features::palette::PaletteView;
use crate::features::people::{GroupPage, GroupsPage, UserPage, UsersPage};
use crate::features::settings::{LicensePage, TenantPage};
use crate::features::sign_in::{SetUpPage, SignInPage};
use crate::features::single_sign_on::SingleSignOnPage;
use crate::features::webhooks::WebhooksPage;
use crate::part::lazily;
use crate::shell::problem_page;

/// Which of the pages that are kept together in the chunk of settings.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SettingsPage {
    /// Settings → License and subscription.
    License,
    /// Settings → Tenant.
    Tenant,
    /// Own sessions and password.
    Account,
}

lazily! {
    /// The first set-up.
    door: pub(crate) fn set_up() { view! { <SetUpPage /> }.into_any() }
}

lazily! {
    /// Signing in.
    door: pub(crate) fn sign_in(tenant: String) { view! { <SignInPage tenant /> }.into_any() }
}

lazily! {
    /// What a problem code means.
    problem: pub(crate) fn problem(code: ProblemCode) { problem_page(code) }
}

lazily! {
    /// Accepting an invitation.
    invitation: pub(crate) fn invitation(token: String) { view! { <InvitationPage token /> }.into_any() }
}

lazily! {
    /// Settings → User management, the users, or one of them.
    people: pub(crate) fn users(id: Option<Memo<String>>) {
        match id {
            None => view! { <UsersPage /> }.into_any(),
            Some(id) => view! { <UserPage id /> }.into_any(),
        }
    }
}

lazily! {
    /// Settings → User management, the groups, or one of them.
    people: pub(crate) fn groups(id: Option<Memo<String>>) {
        match id {
            None => view! { <GroupsPage /> }.into_any(),
            Some(id) => view! { <GroupPage id /> }.into_any(),
        }
    }
}

lazily! {
    /// Automate → Connections.
    list: pub(crate) fn connections() { view! { <ConnectionsPage /> }.into_any() }
}

lazily! {
    /// One connection.
    connection: pub(crate) fn connection(id: Memo<String>) { view! { <ConnectionPage id /> }.into_any() }
}

lazily! {
    /// Settings → Audit log.
    audit: pub(crate) fn audit() { view! { <AuditPage /> }.into_any() }
}

lazily! {
    /// Automate → Connectors, or one of them.
    connectors: pub(crate) fn connectors(id: Option<Memo<String>>) {
        match id {
            None => view! { <ConnectorsPage /> }.into_any(),
            Some(id) => view! { <ConnectorPage id /> }.into_any(),
        }
    }
}

lazily! {
    /// Settings → Webhooks.
    webhooks: pub(crate) fn webhooks() { view! { <WebhooksPage /> }.into_any() }
}

lazily! {
    /// Settings → Gateways, or one of them.
    gateways: pub(crate) fn gateways(id: Option<Memo<String>>) {
        match id {
            None => view! { <GatewaysPage /> }.into_any(),
            Some(id) => view! { <GatewayPage id /> }.into_any(),
        }
    }
}

lazily! {
    /// One of the pages about settings.
    settings: pub(crate) fn settings(page: SettingsPage) {
        match page {
            SettingsPage::License => view! { <LicensePage /> }.into_any(),
            SettingsPage::Tenant => view! { <TenantPage /> }.into_any(),
            SettingsPage::Account => view! { <AccountPage /> }.into_any(),
        }
    }
}

lazily! {
    /// Settings → Single sign-on.
    sso: pub(crate) fn single_sign_on() { view! { <SingleSignOnPage /> }.into_any() }
}

lazily! {
    /// Settings → Apps and tokens.
    credentials: pub(crate) fn apps_and_tokens() { view! { <AppsAndTokensPage /> }.into_any() }
}

lazily! {
    /// What of one's own apps and tokens ends soon.
    credentials: pub(crate) fn ending() { view! { <EndingNotice /> }.into_any() }
}

lazily! {
    /// The palette.
    palette: pub(crate) fn palette(close: Callback<()>) { view! { <PaletteView on_close=close /> }.into_any() }
}
