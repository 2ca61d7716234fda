//! The words of User management.

use drawbridge_contract::types::people::{Holding, User};
use drawbridge_domain::access::Level;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)+) => {
        $($(#[$doc])* pub(super) const $name: &str = $text;)+
    };
}

words! {
    /// The page.
    PEOPLE = "User management";
    /// What the page is for.
    ABOUT = "Who belongs to this tenant, with which role, and in which groups.";
    /// The tab of users.
    USERS = "Users";
    /// Users within a sentence.
    USERS_LOWER = "users";
    /// The tab of groups.
    GROUPS = "Groups";
    /// Groups within a sentence.
    GROUPS_LOWER = "groups";
    /// Members within a sentence.
    MEMBERS_LOWER = "members";
    /// Adds a user.
    ADD_USER = "Add user";
    /// Makes a group.
    NEW_GROUP = "New group";
    /// The search among users.
    SEARCH_USERS = "Search users by name or email";
    /// The search among groups.
    SEARCH_GROUPS = "Search groups";
    /// The search among members.
    SEARCH_MEMBERS = "Search members";
    /// No filter.
    ALL = "All";
    /// Shows all again.
    CLEAR_FILTERS = "Clear filters";
    /// Nothing fits.
    FILTERED_TITLE = "Nothing found";
    /// What to do then.
    FILTERED_TEXT = "Nothing fits what you search for. Try other words or fewer filters.";
    /// Rows that could not be loaded.
    NOT_LOADED = "The newest state could not be loaded";
    /// Does it again.
    TRY_AGAIN = "Try again";
    /// A name.
    NAME = "Name";
    /// A first name.
    FIRST_NAME = "First name";
    /// A last name.
    LAST_NAME = "Last name";
    /// An email address.
    EMAIL = "Email";
    /// A role.
    ROLE = "Role";
    /// A state.
    STATE = "State";
    /// When somebody was added.
    ADDED = "Added";
    /// When a group was made.
    CREATED = "Created";
    /// The members of a group.
    MEMBERS = "Members";
    /// What a group is for.
    DESCRIPTION = "Description";
    /// Opens a user's page.
    OPEN_USER = "Open";
    /// Makes a new invitation link.
    NEW_LINK = "New invitation link";
    /// Switches off.
    SUSPEND = "Suspend";
    /// Switches on again.
    REACTIVATE = "Reactivate";
    /// Takes out.
    REMOVE = "Remove";
    /// Deletes a group.
    DELETE = "Delete";
    /// Changes a group.
    EDIT = "Edit";
    /// Until when a link is good.
    LINK_ENDS = "Link ends";
    /// Since when it is not.
    LINK_ENDED = "Link ended";
    /// What inviting does.
    ADD_TEXT = "You get a link to pass on. Whoever opens it sets a password and is in.";
    /// Makes the invitation.
    INVITE = "Add and make the link";
    /// The panel once that is done.
    INVITED = "User added";
    /// The link.
    LINK = "Invitation link";
    /// What to do with the link.
    LINK_HELP = "Valid for 5 days, for one use. It is shown only now: copy it and pass it on to nobody else.";
    /// What the link that was not told leaves to do.
    LINK_LOST = "The link was told before and is kept nowhere. Make a new one on the user's page.";
    /// Goes away.
    CANCEL = "Cancel";
    /// All is done.
    DONE = "Done";
    /// Begins with the next user.
    ADD_ANOTHER = "Add another";
    /// What a new link does.
    NEW_LINK_TEXT = "A new link takes the place of the one before it, which then leads nowhere.";
    /// Makes the link.
    MAKE_LINK = "Make the link";
    /// Why the highest role cannot be chosen.
    ROLE_HELP = "Only a Global administrator can give or take the role Global administrator.";
    /// What a role does.
    ROLE_TEXT = "Each role may do all that the one before it may. It holds from the user's next click on.";
    /// A user who is not there.
    NO_USER = "User not found";
    /// A group that is not there.
    NO_GROUP = "Group not found";
    /// Why.
    NO_USER_TEXT = "The user may have been removed. The list shows who is there.";
    /// Why.
    NO_GROUP_TEXT = "The group may have been deleted. The list shows which ones there are.";
    /// Names and role.
    PROFILE = "Name and role";
    /// Sessions.
    SESSIONS = "Sessions";
    /// Groups of a user.
    MEMBER_OF = "Groups";
    /// A user without groups.
    NO_GROUPS = "In no group. Members are added on a group's page.";
    /// Saves.
    SAVE = "Save";
    /// Why Save is disabled.
    NOTHING_TO_SAVE = "Nothing was changed.";
    /// Said once saved.
    SAVED = "Saved";
    /// Said when somebody else saved first.
    CHANGED_MEANWHILE = "Somebody else changed this meanwhile";
    /// Shows what somebody else saved.
    TAKE_THEIRS = "Use theirs";
    /// What suspending does.
    SUSPEND_TEXT = "The user is signed out of this tenant at once and cannot come back in until reactivated. Nothing is deleted.";
    /// What reactivating does.
    REACTIVATE_TEXT = "The user can sign in again, with the same role, groups and connections.";
    /// What removing does.
    REMOVE_TEXT = "The user is signed out and loses the place in this tenant, its groups and what was shared with them. The audit log keeps the name.";
    /// Nothing is owned alone.
    OWNS_NOTHING = "There is no connection that only this user owns.";
    /// What becomes of it.
    HAND_OVER = "What becomes of them?";
    /// Nobody gets it.
    TO_NOBODY = "Leave them to the administrators";
    /// What that means.
    TO_NOBODY_TEXT = "Administrators own every connection anyway.";
    /// A user gets it.
    TO_USER = "Hand them over to a user";
    /// A group gets it.
    TO_GROUP = "Hand them over to a group";
    /// The user who gets it.
    HEIR_USER = "New owner";
    /// The group that gets it.
    HEIR_GROUP = "New owning group";
    /// Why somebody cannot own.
    NO_OWNER = "A Participant cannot own connections.";
    /// Nobody was chosen.
    CHOOSE_HEIR = "Choose who gets them.";
    /// Still looking.
    LOOKING = "Looking what the user owns …";
    /// Still looking.
    LOOKING_GROUP = "Looking what the group was given …";
    /// Said once done.
    SUSPENDED = "User suspended";
    /// Said once done.
    REACTIVATED = "User reactivated";
    /// Said once done.
    REMOVED = "User removed";
    /// Said once done.
    GROUP_MADE = "Group made";
    /// Said once done.
    GROUP_DELETED = "Group deleted";
    /// What deleting a group does.
    DELETE_TEXT = "Its members stay users. What the group was given is taken from it:";
    /// A group that was given nothing.
    HOLDS_NOTHING = "The group was given no connection. Its members stay users.";
    /// What a group is for.
    GROUP_ABOUT = "A group can be given permissions wherever a user can.";
    /// No group yet.
    FIRST_GROUP = "No groups yet";
    /// A group without members.
    NO_MEMBERS = "No members yet";
    /// What members get.
    NO_MEMBERS_TEXT = "Members may use what is shared with the group.";
    /// Adds members.
    ADD_MEMBERS = "Add members";
    /// Adds one.
    ADD = "Add";
    /// Somebody is one already.
    IS_MEMBER = "Is a member already.";
    /// Nobody fits.
    NOBODY_FOUND = "Nobody found.";
    /// Type to search.
    PICK_HELP = "Search, then choose from the first ten that fit.";
}

/// First and last name.
pub(super) fn name(user: &User) -> String {
    [&user.first_name, " ", &user.last_name].concat()
}

/// How much of a list is shown.
pub(super) fn shown(rows: usize, all: Option<u32>, what: &str) -> String {
    match all {
        Some(all) => [&rows.to_string(), " of ", &all.to_string(), " ", what].concat(),
        None => [&rows.to_string(), " ", what, " shown"].concat(),
    }
}

/// How many sessions there are, and what suspending does to them.
pub(super) fn sessions(count: u32) -> String {
    match count {
        0 => "Not signed in to this tenant.".to_owned(),
        1 => "1 session in this tenant. Suspending or removing the user ends it at once.".to_owned(),
        count => [
            &count.to_string(),
            " sessions in this tenant. Suspending or removing the user ends them at once.",
        ]
        .concat(),
    }
}

/// What a user alone owns, before they are removed.
pub(super) fn owns(total: u32) -> String {
    match total {
        1 => "1 connection is owned by nobody else:".to_owned(),
        total => [&total.to_string(), " connections are owned by nobody else:"].concat(),
    }
}

/// What is not shown of a list by name.
pub(super) fn and_more(total: u32, shown: usize) -> Option<String> {
    let shown = u32::try_from(shown).unwrap_or(u32::MAX);
    let rest = total.saturating_sub(shown);
    (rest > 0).then(|| ["and ", &rest.to_string(), " more"].concat())
}

/// A connection that a group was given.
pub(super) fn holding(holding: &Holding) -> String {
    let level = match holding.level {
        Level::Owner if holding.only_owner => " (owner; then only administrators own it)",
        Level::Owner => " (owner)",
        Level::User => " (user)",
    };
    [&holding.name, level].concat()
}

/// The question before something is done to somebody or something by name.
pub(super) fn question(verb: &str, what: &str, name: &str) -> String {
    [verb, " ", what, " “", name, "”?"].concat()
}

/// How many members a group has.
pub(super) fn members(count: u32) -> String {
    match count {
        1 => "1 member".to_owned(),
        count => [&count.to_string(), " members"].concat(),
    }
}

/// What somebody else saved of a user, and what to do.
pub(super) fn theirs(user: &User) -> String {
    ["It is now “", &name(user), "”, ", user.role.name(), ". Save again to keep what you changed."].concat()
}

/// What somebody else saved of a group, and what to do.
pub(super) fn their_group(name: &str) -> String {
    [CHANGED_MEANWHILE, ". It is now “", name, "”. Save again to keep yours, or cancel to keep theirs."]
        .concat()
}

/// Takes somebody out of a group.
pub(super) fn remove_member(name: &str) -> String {
    ["Remove ", name, " from the group"].concat()
}

/// Said once somebody is a member.
pub(super) fn member_added(name: &str) -> String {
    [name, " is a member now"].concat()
}

/// Said once somebody is none.
pub(super) fn member_removed(name: &str) -> String {
    [name, " is no member any more"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_put_into_words() {
        assert_eq!(and_more(3, 3), None);
        assert_eq!(and_more(53, 50).as_deref(), Some("and 3 more"));
        assert_eq!(shown(50, Some(1000), USERS_LOWER), "50 of 1000 users");
        assert_eq!(members(1), "1 member");
        assert!(sessions(2).starts_with("2 sessions"));
    }
}
