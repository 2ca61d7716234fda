//! The pages that are fetched when they are first opened, and the chunk that each is kept in.

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

lazily! {
    /// The first set-up.
    door: pub(crate) fn set_up() { view! { <SetUpPage /> }.into_any() }
}

lazily! {
    /// Signing in.
    door: pub(crate) fn sign_in(tenant: String) { view! { <SignInPage tenant /> }.into_any() }
}

lazily! {
    /// Accepting an invitation.
    invitation: pub(crate) fn invitation(token: String) { view! { <InvitationPage token /> }.into_any() }
}

lazily! {
    /// Settings → User management, the users.
    people: pub(crate) fn users() { view! { <UsersPage /> }.into_any() }
}

lazily! {
    /// One user.
    people: pub(crate) fn user(id: Memo<String>) { view! { <UserPage id /> }.into_any() }
}

lazily! {
    /// Settings → User management, the groups.
    people: pub(crate) fn groups() { view! { <GroupsPage /> }.into_any() }
}

lazily! {
    /// One group.
    people: pub(crate) fn group(id: Memo<String>) { view! { <GroupPage id /> }.into_any() }
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
    /// Automate → Connectors.
    connectors: pub(crate) fn connectors() { view! { <ConnectorsPage /> }.into_any() }
}

lazily! {
    /// One connector.
    connectors: pub(crate) fn connector(id: Memo<String>) { view! { <ConnectorPage id /> }.into_any() }
}

lazily! {
    /// Settings → Webhooks.
    webhooks: pub(crate) fn webhooks() { view! { <WebhooksPage /> }.into_any() }
}

lazily! {
    /// Settings → Gateways.
    gateways: pub(crate) fn gateways() { view! { <GatewaysPage /> }.into_any() }
}

lazily! {
    /// One gateway.
    gateways: pub(crate) fn gateway(id: Memo<String>) { view! { <GatewayPage id /> }.into_any() }
}

lazily! {
    /// Settings → License and subscription.
    settings: pub(crate) fn license() { view! { <LicensePage /> }.into_any() }
}

lazily! {
    /// Settings → Tenant.
    settings: pub(crate) fn tenant() { view! { <TenantPage /> }.into_any() }
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
    /// Own sessions and password.
    settings: pub(crate) fn account() { view! { <AccountPage /> }.into_any() }
}

lazily! {
    /// The palette.
    palette: pub(crate) fn palette(close: Callback<()>) { view! { <PaletteView on_close=close /> }.into_any() }
}
