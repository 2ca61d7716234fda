//! The words of the account page.

/// The page.
pub(super) const ACCOUNT: &str = "Your account";
/// The user's name.
pub(super) const NAME: &str = "Name";
/// The email address.
pub(super) const EMAIL: &str = "Email";
/// The role in the current tenant.
pub(super) const ROLE: &str = "Role";
/// The current tenant.
pub(super) const TENANT: &str = "Tenant";
/// The section of sessions.
pub(super) const SESSIONS: &str = "Sessions";
/// What a session is.
pub(super) const SESSIONS_TEXT: &str =
    "The browsers in which you are signed in. End those that you do not know.";
/// Browser and system.
pub(super) const DEVICE: &str = "Device";
/// Network address and country.
pub(super) const ADDRESS: &str = "Address";
/// When it began.
pub(super) const STARTED: &str = "Signed in";
/// When it was last used.
pub(super) const LAST_USED: &str = "Last used";
/// Marks the session that one looks with.
pub(super) const THIS_ONE: &str = "This session";
/// Shown where the browser said nothing.
pub(super) const UNKNOWN_DEVICE: &str = "Unknown device";
/// Shown where the network said nothing.
pub(super) const NOT_KNOWN: &str = "Not known";
/// Ends a session.
pub(super) const END: &str = "End";
/// Why the own one cannot be ended here.
pub(super) const OWN_SESSION: &str =
    "You are using this session. To end it, choose Sign out in the user menu.";
/// What ending does.
pub(super) const END_TEXT: &str = "Whoever uses it is signed out at once and has to sign in again.";
/// Said once ended.
pub(super) const ENDED: &str = "Session ended";
/// The panel for a new password.
pub(super) const CHANGE_PASSWORD: &str = "Change password";
/// What changing it does.
pub(super) const CHANGE_PASSWORD_TEXT: &str = "Your other sessions end; this one stays.";
/// The password until now.
pub(super) const CURRENT_PASSWORD: &str = "Current password";
/// The new one.
pub(super) const NEW_PASSWORD: &str = "New password";
/// What a good password is.
pub(super) const NEW_PASSWORD_HELP: &str = "At least 12 characters, and not easy to guess.";
/// Leaves without a change.
pub(super) const CANCEL: &str = "Cancel";
/// Said once changed.
pub(super) const PASSWORD_CHANGED: &str = "Password changed. Your other sessions have ended.";
/// The section of the account at the provider.
pub(super) const IDENTITY: &str = "Single sign-on";
/// Connects it.
pub(super) const CONNECT: &str = "Connect";
/// Disconnects it.
pub(super) const DISCONNECT: &str = "Disconnect";
/// Said once disconnected.
pub(super) const DISCONNECTED: &str = "Disconnected. Sign in with your password from now on.";

/// As whom the provider knows the user.
pub(super) fn connected_as(who: &str) -> String {
    ["You can sign in as ", who, " at your organisation's provider."].concat()
}

/// What connecting is for.
pub(super) fn not_connected(label: &str) -> String {
    ["Connect your account to sign in with ", label, " instead of your password."].concat()
}

/// The question before a session is ended.
pub(super) fn end_title(device: &str) -> String {
    ["End the session on “", device, "”?"].concat()
}
