//! Words of the later life of a connection.

use drawbridge_contract::types::permissions::{AccessReason, Grant};
use drawbridge_domain::access::Level;
use drawbridge_domain::grants::Ground;

pub(crate) const EDIT: &str = "Edit";
pub(crate) const EDIT_TITLE: &str = "Edit connection";
pub(crate) const RECONNECT: &str = "Reconnect";
pub(crate) const LINK: &str = "Reconnect link";
pub(crate) const PERMISSIONS: &str = "Permissions";
pub(crate) const DISABLE: &str = "Disable";
pub(crate) const ENABLE: &str = "Enable";
pub(crate) const DELETE: &str = "Delete";
pub(crate) const RESTORE: &str = "Restore";
pub(crate) const CLOSE: &str = "Close";
pub(crate) const SAVE: &str = "Save";
pub(crate) const MORE: &str = "Show more";
pub(crate) const MORE_ACTIONS: &str = "More actions";

pub(crate) const DISABLED: &str = "is disabled";
pub(crate) const ENABLED: &str = "is enabled";
pub(crate) const RESTORED: &str = "is restored";

pub(crate) const DELETE_TEXT: &str = "Nobody can use it from then on. An owner can restore it for 30 days, in the tab Deleted; \
     then it is destroyed with its credentials, and the access is withdrawn at the provider.";
pub(crate) const UNUSED: &str = "Nothing uses this connection.";
pub(crate) const READING_USES: &str = "What uses the connection is being looked up.";
pub(crate) const USED_BY: &str = "Used by";

pub(crate) const LINK_TITLE: &str = "Reconnect link";
pub(crate) const LINK_TEXT: &str =
    "A link for somebody else who has the account at the provider. They need no account here.";
pub(crate) const LINK_ONCE: &str = "It works for 30 minutes and once, and only for this connection.";
pub(crate) const LINK_PINNED: &str = "They must sign in as the same person at the provider as before.";
pub(crate) const LINK_NEWER: &str = "A new link ends the one before it.";
pub(crate) const LINK_MAKE: &str = "Make a link";
pub(crate) const LINK_ANOTHER: &str = "Make another link";
pub(crate) const LINK_SHOWN_ONCE: &str = "Copy it now: it is shown this once.";
pub(crate) const LINK_ENDS: &str = "It ends";

pub(crate) const NOTHING_CHANGED: &str = "Nothing was changed.";
pub(crate) const CHANGED_MEANWHILE: &str = "Somebody else changed this connection meanwhile";
pub(crate) const SAVE_OVER: &str = "Save mine all the same";
pub(crate) const ACCEPT_OTHER: &str = "Use this account all the same";
pub(crate) const APPLY_TEXT: &str = "The change takes effect with a new sign-in. Until then, and where that is refused, \
     everything stays as it was.";
pub(crate) const APPLY: &str = "Sign in to apply the change";

pub(crate) const OTHER_CLIENT_HELP: &str = "Another OAuth client takes effect with a new sign-in at the provider; until then everything stays as it was.";

pub(crate) const OWNERS: &str = "Owners";
pub(crate) const OWNERS_TEXT: &str = "Use it, edit it, share it and delete it. Administrators always can.";
pub(crate) const USERS: &str = "Users";
pub(crate) const USERS_TEXT: &str = "Use it, and nothing else: they see neither settings nor permissions.";
pub(crate) const NO_OWNERS: &str = "Nobody but the administrators.";
pub(crate) const NO_USERS: &str = "Nobody yet.";
pub(crate) const ADD_OWNERS: &str = "Search for owners to add";
pub(crate) const ADD_USERS: &str = "Search for users to add";
pub(crate) const NOBODY_FOUND: &str = "Nobody matches.";
pub(crate) const EVERYONE: &str = "Everyone";
pub(crate) const EVERYONE_TEXT: &str = "All users of this tenant who may use connections";
pub(crate) const SAVE_PERMISSIONS: &str = "Save permissions";
pub(crate) const PERMISSIONS_SAVED: &str = "Permissions saved";
pub(crate) const PERMISSIONS_MEANWHILE: &str = "Somebody else saved permissions meanwhile";
pub(crate) const TAKE_THEIRS: &str = "Take theirs";
pub(crate) const SAVE_MINE: &str = "Save mine over theirs";
pub(crate) const WHO_CAN_USE: &str = "Who can use this, and why";
pub(crate) const WHO_CAN_USE_TEXT: &str = "As it is saved, with roles and groups taken into account.";
pub(crate) const SEARCH_ACCESS: &str = "Search who can use this";
pub(crate) const PERMISSIONS_OWNERS: &str = "Only owners see who can use this connection.";
pub(crate) const SHOW_PERMISSIONS: &str = "Show permissions";

pub(crate) const VIEWS: &str = "Which connections";
pub(crate) const PRESENT: &str = "Connections";
pub(crate) const DELETED_TAB: &str = "Deleted";
pub(crate) const NONE_DELETED: &str = "Nothing to restore";
pub(crate) const NONE_DELETED_TEXT: &str =
    "Connections that were deleted stay here for 30 days, for their owners and for administrators.";
pub(crate) const DELETED_BY: &str = "Deleted by";
pub(crate) const DESTROYED: &str = "Destroyed";

/// The question before a connection is deleted.
pub(crate) fn delete_title(name: &str) -> String {
    ["Delete connection “", name, "”?"].concat()
}

/// Said once it is.
pub(crate) fn deleted(name: &str) -> String {
    ["“", name, "” is deleted. It can be restored for 30 days"].concat()
}

/// Said once a change is saved.
pub(crate) fn saved(name: &str) -> String {
    ["“", name, "” is saved"].concat()
}

/// What the other save left.
pub(crate) fn edited_meanwhile(name: &str) -> String {
    ["It is called “", name, "” now. What you typed is still here and not saved."].concat()
}

/// How many things use the connection.
pub(crate) fn used_by(count: u64) -> String {
    let noun = if count == 1 { " thing uses it:" } else { " things use it:" };
    [&crate::ui::number(count), noun].concat()
}

/// Things that the reader may not see.
pub(crate) fn hidden_uses(count: u32) -> String {
    [&crate::ui::number(u64::from(count)), " more that you cannot see"].concat()
}

/// The button that takes something away from somebody.
pub(crate) fn remove(name: &str) -> String {
    ["Remove ", name].concat()
}

/// The button that gives something to somebody.
pub(crate) fn add(name: &str) -> String {
    ["Add ", name].concat()
}

/// A level as a word.
pub(crate) fn level(level: Level) -> &'static str {
    match level {
        Level::Owner => "Owner",
        Level::User => "User",
    }
}

/// Why somebody can use a connection.
pub(crate) fn reasons(reasons: &[AccessReason]) -> String {
    let one = |reason: &AccessReason| {
        let by = match reason.ground {
            Ground::Role => "as administrator".to_owned(),
            Ground::Everyone => "through Everyone".to_owned(),
            Ground::Group => ["through the group ", reason.group.as_deref().unwrap_or_default()].concat(),
            Ground::Direct => "directly".to_owned(),
        };
        [level(reason.level), " ", &by].concat()
    };
    reasons.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// What somebody else saved, and what is not saved.
pub(crate) fn both_versions(theirs: &[Grant], mine: &[Grant]) -> String {
    let list = |grants: &[Grant]| {
        let one = |grant: &Grant| [&grant.to.name, " (", level(grant.level), ")"].concat();
        if grants.is_empty() {
            "nobody but the administrators".to_owned()
        } else {
            grants.iter().map(one).collect::<Vec<_>>().join(", ")
        }
    };
    ["Theirs, saved: ", &list(theirs), ". Yours, not saved: ", &list(mine), "."].concat()
}
