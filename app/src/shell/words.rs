//! The words of the console's frame.

use drawbridge_domain::role::Role;

/// The product's name.
pub const PRODUCT: &str = "Drawbridge";
/// Names the navigation in the top bar.
pub const AREAS: &str = "Areas";
/// The area of what the tenant automates.
pub const AUTOMATE: &str = "Automate";
/// The area of how the tenant is set.
pub const SETTINGS: &str = "Settings";
/// The user's own pages.
pub const ACCOUNT: &str = "Your account";
/// The list of connections.
pub const CONNECTIONS: &str = "Connections";
/// Settings → Audit log.
pub(super) const AUDIT_LOG: &str = "Audit log";
/// Settings → Webhooks.
pub(super) const WEBHOOKS: &str = "Webhooks";
/// Automate → Connectors.
pub const CONNECTORS: &str = "Connectors";
/// What the tenant uses of its limits.
pub const LICENSE: &str = "License and subscription";
/// Settings → User management.
pub const PEOPLE: &str = "User management";
/// The tenant's own settings.
pub const TENANT: &str = "Tenant";
/// Settings → Apps and tokens.
pub(super) const APPS_AND_TOKENS: &str = "Apps and tokens";
/// Settings → Gateways.
pub(super) const GATEWAYS: &str = "Gateways";
/// Settings → Single sign-on.
pub(super) const SINGLE_SIGN_ON: &str = "Single sign-on";
/// Own sessions and password.
pub const SESSIONS_AND_PASSWORD: &str = "Sessions and password";
/// Opens the navigation on phones.
pub const OPEN_NAVIGATION: &str = "Open navigation";
/// The title of the navigation on phones.
pub const NAVIGATION: &str = "Navigation";
/// Opens the palette.
pub const SEARCH: &str = "Search";
/// Leads to the API's reference.
pub const HELP: &str = "Help";
/// The same, for those who do not see where it opens.
pub const HELP_NEW_TAB: &str = "Help (opens in a new tab)";
/// Changes the password.
pub const CHANGE_PASSWORD: &str = "Change password";
/// Leads to one's sessions.
pub const SESSIONS: &str = "Sessions";
/// The theme that follows the system.
pub const THEME_SYSTEM: &str = "System theme";
/// The light theme.
pub const THEME_LIGHT: &str = "Light theme";
/// The dark theme.
pub const THEME_DARK: &str = "Dark theme";
/// Ends the session.
pub const SIGN_OUT: &str = "Sign out";
/// Said when the session ended over a form.
pub(super) const LAPSED: &str = "Your session has ended";
/// What to do then.
pub(super) const LAPSED_TEXT: &str = "Sign in again to go on. What you typed is kept.";
/// Said while there is no network.
pub const OFFLINE: &str = "You are offline";
/// What being offline means.
pub const OFFLINE_TEXT: &str =
    "You see what was loaded last. Changes cannot be saved until the connection is back.";
/// Said while changes of others do not arrive.
pub const LOST: &str = "This page may be out of date";
/// What that means.
pub const LOST_TEXT: &str =
    "What others change does not arrive at the moment. This mends itself; what you do yourself still works.";
/// Said when a page could not be loaded again.
pub const STALE: &str = "This may be out of date";
/// Loads again.
pub const REFRESH: &str = "Refresh";
/// The title of a page that does not exist.
pub const NOT_FOUND: &str = "Page not found";
/// Why there is no page.
pub const NOT_FOUND_TEXT: &str = "There is nothing at this address, or you may not know of it. Check the address, or ask whoever gave it to you.";
/// Leads out of a dead end.
pub const TO_START: &str = "Go to the start page";
/// The title of a page that the role does not reach.
pub const REFUSED: &str = "You cannot open this page";
/// What a Participant finds.
pub const NO_PAGES: &str = "Nothing here for your role yet";
/// Said when the console cannot start.
pub const NO_START: &str = "The console could not start";
/// Said when another tenant could not be entered.
pub const NO_SWITCH: &str = "The tenant could not be opened";
/// What the page about a problem is.
pub const PROBLEM_TEXT: &str = "What this answer of the API means.";
/// Before a problem's code.
pub const PROBLEM_CODE: &str = "Code";
/// Before a problem's HTTP status.
pub const PROBLEM_STATUS: &str = "HTTP status";
/// Before what to do about a problem.
pub const PROBLEM_REMEDY: &str = "What to do";
/// Says what a request id is for.
pub const REQUEST_ID: &str = "Request";

/// The name of the user menu: who one is.
pub fn user_menu(name: &str, email: &str, role: Role) -> String {
    ["Account of ", name, " (", email, "), ", role.name()].concat()
}

/// The name of the tenant switcher.
pub fn switch_tenant(current: &str) -> String {
    ["Tenant ", current, ", switch"].concat()
}

/// Why something is disabled.
pub fn needs_role(needed: Role) -> String {
    ["Needs the role ", needed.name(), " or above. An administrator of the tenant can give it to you."]
        .concat()
}

/// Why an entry of the left panel is disabled, in few words.
pub fn needs(needed: Role) -> String {
    ["Needs ", needed.name()].concat()
}

/// Why a page is refused and who can help.
pub fn refused(needed: Role, own: Role, tenant: &str) -> String {
    [
        "It needs the role ",
        needed.name(),
        if needed == Role::GlobalAdministrator { "" } else { " or above" },
        ". Your role in ",
        tenant,
        " is ",
        own.name(),
        ". ",
        who_helps(needed),
    ]
    .concat()
}

fn who_helps(needed: Role) -> &'static str {
    match needed {
        Role::GlobalAdministrator => "A Global administrator can change it.",
        _ => "An Automation administrator or a Global administrator can change it.",
    }
}

/// What a Participant is told on the first page.
pub fn no_pages(tenant: &str) -> String {
    [
        "As a Participant in ",
        tenant,
        " you complete the tasks that workflows give you; they will be listed here. To make connections you need the \
         role Designer, which an administrator can give you.",
    ]
    .concat()
}

/// Said once another tenant is open.
pub fn switched(tenant: &str) -> String {
    ["You are now in ", tenant].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_role_needed_the_own_one_and_who_helps() {
        let text = refused(Role::AutomationAdministrator, Role::Designer, "Acme");
        assert_eq!(
            text,
            "It needs the role Automation administrator or above. Your role in Acme is Designer. \
             An Automation administrator or a Global administrator can change it."
        );
        assert!(
            refused(Role::GlobalAdministrator, Role::Developer, "Acme")
                .contains("Global administrator. Your")
        );
    }
}
