//! The words of the palette.

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)+) => {
        $($(#[$doc])* pub(super) const $name: &str = $text;)+
    };
}

words! {
    /// The box.
    PLACEHOLDER = "Search pages, connections, people and actions";
    /// What was chosen before.
    RECENT = "Recent";
    /// Pages of the console.
    PAGES = "Pages";
    /// What can be done.
    ACTIONS = "Actions";
    /// Connections by name.
    CONNECTIONS = "Connections";
    /// Users by name or email.
    USERS = "Users";
    /// Connectors by name.
    CONNECTORS = "Connectors";
    /// Groups of users.
    GROUPS = "Groups";
    /// Connections that were deleted.
    DELETED = "Deleted connections";
    /// Makes a connection.
    ADD_CONNECTION = "Add connection";
    /// Invites somebody.
    ADD_USER = "Add user";
    /// Makes a group.
    NEW_GROUP = "New group";
    /// Makes an endpoint that is told of events.
    ADD_WEBHOOK = "Add webhook";
    /// Adds an agent in the own network.
    ADD_GATEWAY = "Add gateway";
    /// Makes a machine identity.
    ADD_APP = "Add app";
    /// Makes a token for oneself.
    NEW_TOKEN = "Create new token";
    /// Signs in anew or finishes signing in.
    FINISH_SIGN_IN = "Finish signing in to";
    /// Throws away what was never finished.
    DISCARD = "Discard";
    /// Opens the panel.
    EDIT = "Edit";
    /// Signs in again at the provider.
    RECONNECT = "Reconnect";
    /// Makes a link for somebody else.
    LINK = "Make a reconnect link for";
    /// Proves it.
    TEST = "Test";
    /// Who was given what.
    PERMISSIONS = "Permissions of";
    /// Switches off.
    DISABLE = "Disable";
    /// Switches on.
    ENABLE = "Enable";
    /// Deletes.
    DELETE = "Delete";
    /// What was chosen before and is being looked up.
    LOOKING_UP = "…";
    /// Something is on its way.
    SEARCHING = "Searching…";
    /// What to do when nothing fits.
    NOTHING_TEXT = "Search for a page, an action, or part of a name. “Test” or “Reconnect” before a connection's name finds what can be done with it.";
    /// Something could not be searched; what stands in the console itself is still found.
    FAILED = "Only pages and actions are searched for now.";
    /// Tries again.
    TRY_AGAIN = "Try again";
    /// Before why something was not done.
    FAILED_TO = "That was not done. ";
    /// After a connection's name.
    WORKS = "” works. Proved just now.";
    /// After a connection's name.
    ENABLED = "” is enabled";
    /// After a connection's name.
    DISABLED = "” is disabled";
}

/// Something that is done with a connection, with its name.
pub(super) fn with_name(verb: &str, name: &str) -> String {
    [verb, " “", name, "”"].concat()
}

/// Another tenant.
pub(super) fn switch_to(tenant: &str) -> String {
    ["Switch to ", tenant].concat()
}

/// Said where nothing fits.
pub(super) fn nothing(typed: &str) -> String {
    ["Nothing found for “", typed, "”"].concat()
}

/// How much was found, for those who do not see the list.
pub(super) fn count(results: usize) -> String {
    match results {
        1 => "1 result".to_owned(),
        _ => [&results.to_string(), " results"].concat(),
    }
}
