//! The words of signing in and set-up.

/// The sign-in page.
pub(super) const SIGN_IN: &str = "Sign in";
/// Said when the session ended by itself.
pub(super) const ENDED: &str = "Your session has ended";
/// What follows from that.
pub(super) const ENDED_TEXT: &str = "Sign in again; you then return to the page where you were.";
/// The email address.
pub(super) const EMAIL: &str = "Email";
/// The password.
pub(super) const PASSWORD: &str = "Password";
/// Goes to the provider that belongs to the email address.
pub(super) const SSO: &str = "Continue with single sign-on";
/// Stands between the two ways in.
pub(super) const OR: &str = "or";

/// Goes to the tenant's provider.
pub(super) fn sso(label: &str) -> String {
    ["Continue with ", label].concat()
}

/// Signs in to one tenant.
pub(super) fn sign_in_to(tenant: &str) -> String {
    ["Sign in to ", tenant].concat()
}

/// The set-up page.
pub(super) const SET_UP: &str = "Set up Drawbridge";
/// What set-up makes.
pub(super) const SET_UP_TEXT: &str =
    "This makes the first tenant and you its Global administrator. It can be done once.";
/// The code of the deployment.
pub(super) const SETUP_CODE: &str = "Set-up code";
/// Where the code is.
pub(super) const SETUP_CODE_HELP: &str =
    "Printed by the start command; in production it is the deployment's secret SETUP_CODE.";
/// The first tenant's name.
pub(super) const TENANT_NAME: &str = "Tenant name";
/// What a tenant is.
pub(super) const TENANT_NAME_HELP: &str = "Your organisation's name. It can be changed later.";
/// The first name.
pub(super) const FIRST_NAME: &str = "First name";
/// The last name.
pub(super) const LAST_NAME: &str = "Last name";
/// What a good password is.
pub(super) const PASSWORD_HELP: &str = "At least 12 characters, and not easy to guess.";
/// Does the set-up.
pub(super) const SET_UP_SUBMIT: &str = "Set up and sign in";
/// Said when somebody else was quicker.
pub(super) const ALREADY_SET_UP: &str = "Drawbridge is set up already. Sign in instead.";
