//! What the form of a connection through a gateway says.

pub(crate) const SELECT_GATEWAY: &str = "Select gateway";
pub(crate) const GATEWAY_HELP: &str = "Calls go through it to what stands in its network.";
pub(crate) const TARGET: &str = "Target";
pub(crate) const TARGET_HELP: &str =
    "What the gateway lets calls reach. Administrators add targets in its configuration.";
pub(crate) const USER_NAME: &str = "User name";
pub(crate) const USER_NAME_HELP: &str = "As the target knows it, such as sa or CORP\\svc_drawbridge.";
pub(crate) const PASSWORD: &str = "Password";
pub(crate) const TOKEN: &str = "Token";
pub(crate) const SEALED_HELP: &str =
    "Sealed here to the keys of the gateway’s machines. Drawbridge passes it on and cannot read it.";
pub(crate) const KEEP_LOGIN: &str =
    "Leave it empty to keep what is saved. Another gateway or target needs it again.";
pub(crate) const KEPT: &str = "The gateway signs in";
pub(crate) const KEPT_TEXT: &str =
    "With the login that its configuration has for this target. Nothing is to be entered here.";
pub(crate) const NO_GATEWAY: &str = "There is no gateway yet";
pub(crate) const NO_GATEWAY_ADD: &str = "Add one under Settings → Gateways first.";
pub(crate) const NO_GATEWAY_ASK: &str = "Ask an administrator to add one under Settings → Gateways.";
pub(crate) const NO_TARGET_TEXT: &str =
    "An administrator adds one in the configuration on the gateway’s machine; it appears here by itself.";
pub(crate) const GATEWAY_GONE: &str = "A gateway that was disconnected";
pub(crate) const NOT_CONFIGURED: &str = "not in the gateway’s configuration";
pub(crate) const NOT_REACHED: &str = "cannot be reached";
pub(crate) const NO_KEYS: &str =
    "No machine of this gateway can take credentials. Enrol one, or update its agent.";
pub(crate) const NOT_SEALED: &str =
    "The credentials could not be sealed in this browser. Nothing was sent. Reload the page and try again.";
pub(crate) const NOT_READ_YET: &str = "The gateway’s keys are not read yet. Try again in a moment.";
pub(crate) const CREDENTIALS: &str = "Credentials";
pub(crate) const GATEWAY_SAID: &str = "The gateway said";
pub(crate) const FILL_IN: &str = "Fill this in.";

/// Something to choose, with what is the matter with it.
pub(crate) fn choice(name: &str, what: &str) -> String {
    [name, " (", what, ")"].concat()
}

/// How a gateway is.
pub(crate) fn gateway_is(name: &str, status: &str) -> String {
    ["The gateway “", name, "” is ", &status.to_ascii_lowercase()].concat()
}

/// A gateway has no target of the kind.
pub(crate) fn no_target(name: &str, kind: &str) -> String {
    ["“", name, "” has no target for ", kind].concat()
}

/// To how many machines credentials are sealed.
pub(crate) fn sealed_to(machines: usize) -> String {
    let what = if machines == 1 { " machine of the gateway" } else { " machines of the gateway" };
    ["Sealed to ", &crate::ui::number(machines as u64), what].concat()
}
