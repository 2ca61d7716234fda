//! The words of accepting an invitation.

use drawbridge_domain::role::Role;

/// The page.
pub(super) const INVITATION: &str = "Invitation";
/// A link that leads nowhere.
pub(super) const GONE: &str = "This invitation cannot be used";
/// Why, and what to do.
pub(super) const GONE_TEXT: &str = "It was accepted or withdrawn, a newer link took its place, or it is older than 5 days. Ask an administrator of the tenant for a new link.";
/// Signs in instead.
pub(super) const SIGN_IN: &str = "Sign in";
/// The email address.
pub(super) const EMAIL: &str = "Email";
/// A new password.
pub(super) const NEW_PASSWORD: &str = "New password";
/// The present one.
pub(super) const PASSWORD: &str = "Password";
/// What a good password is.
pub(super) const NEW_PASSWORD_HELP: &str = "At least 12 characters, and not easy to guess.";
/// Why the present one is asked for.
pub(super) const PASSWORD_HELP: &str =
    "You have an account with this email address already: type its password.";
/// Accepts with a new password.
pub(super) const ACCEPT: &str = "Set password and join";
/// Accepts with the present one.
pub(super) const JOIN: &str = "Join";
/// Accepts by the tenant's provider.
pub(super) fn sso(label: &str) -> String {
    ["Continue with ", label].concat()
}

/// Ends the session.
pub(super) const SIGN_OUT: &str = "Sign out";
/// Somebody else is signed in.
pub(super) const SOMEBODY_ELSE: &str = "You are signed in as somebody else";

/// The heading.
pub(super) fn join(tenant: &str) -> String {
    ["Join “", tenant, "”"].concat()
}

/// Whom it is for, and as what.
pub(super) fn about(first_name: &str, last_name: &str, role: Role) -> String {
    ["For ", first_name, " ", last_name, ", with the role ", role.name(), "."].concat()
}

/// Who is signed in, and for whom it is.
pub(super) fn somebody_else(present: &str, invited: &str) -> String {
    ["You are ", present, ", and the invitation is for ", invited, ". Sign out to accept it."].concat()
}

/// Who joins without a password.
pub(super) fn as_present(email: &str) -> String {
    ["You are signed in as ", email, " and join with that."].concat()
}
