//! Who may do what with a connection: one function for the server's decision and the console's button.

use crate::connection::Status;
use crate::role::Role;

/// What somebody was given on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub enum Level {
    /// Use only: no settings, no permissions.
    User,
    /// Assign permissions, use, edit, delete.
    Owner,
}

crate::coded!(Level);

impl Level {
    /// The word that stands for the level in JSON and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Owner => "owner",
        }
    }

    /// The level that a code stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::User, Self::Owner].into_iter().find(|level| level.code() == code)
    }
}

/// The level of a user with `role` who was given `granted` (the highest of what they, their groups and
/// Everyone were given). `None`: the user may not know that the connection exists.
pub fn effective_level(role: Role, granted: Option<Level>) -> Option<Level> {
    if role.is_administrator() {
        Some(Level::Owner)
    } else if role.includes(Role::Designer) {
        granted
    } else {
        None
    }
}

/// Something that can be done with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionAction {
    /// Run the connector's validation operation now.
    Test,
    /// Run an operation, or pass a call through.
    Use,
    /// Start or finish signing in at the provider.
    Authorize,
    /// Read the settings.
    ReadSettings,
    /// Change name, settings and credentials.
    Edit,
    /// Read and change who was given what.
    ChangePermissions,
    /// Switch it off.
    Disable,
    /// Switch it on again.
    Enable,
    /// Delete it, to be restored for 30 days.
    Delete,
    /// Take it back after it was deleted.
    Restore,
    /// Remove a connection whose making was never finished.
    Discard,
}

impl ConnectionAction {
    /// All actions, in the order of the menu.
    pub const ALL: [Self; 11] = [
        Self::Test,
        Self::Use,
        Self::Authorize,
        Self::ReadSettings,
        Self::Edit,
        Self::ChangePermissions,
        Self::Disable,
        Self::Enable,
        Self::Delete,
        Self::Restore,
        Self::Discard,
    ];
}

/// Why an action on a connection is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionRefusal {
    /// Only owners of the connection may.
    NeedsOwner,
    /// The making of the connection is not finished.
    StillPending,
    /// The connection was made; there is nothing left to discard.
    NotPending,
    /// The connection is switched off.
    Disabled,
    /// The connection is switched on.
    NotDisabled,
    /// Nobody signs in at the provider: the credentials are typed in.
    NotInteractive,
    /// The provider does not accept the credentials.
    Invalid,
}

impl ConnectionRefusal {
    /// The reason in words, as the console shows it beside the disabled action.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NeedsOwner => {
                "Only an owner of this connection can do this. Ask an owner or an administrator."
            }
            Self::StillPending => "This connection is not finished yet. Finish signing in first.",
            Self::NotPending => "This connection is already made.",
            Self::Disabled => "This connection is disabled. An owner can enable it again.",
            Self::NotDisabled => "This connection is not disabled.",
            Self::NotInteractive => {
                "This connection has fixed credentials: nobody signs in at the provider. Edit it to type new ones."
            }
            Self::Invalid => {
                "This connection does not work: the provider does not accept its credentials. An owner can mend it."
            }
        }
    }
}

/// Decides whether somebody with `level` on a connection in `status` may do `action`.
pub fn check(action: ConnectionAction, level: Level, status: Status) -> Result<(), ConnectionRefusal> {
    use ConnectionAction as Action;
    if level < Level::Owner && !matches!(action, Action::Test | Action::Use) {
        return Err(ConnectionRefusal::NeedsOwner);
    }
    match (action, status) {
        (
            Action::Test | Action::Use | Action::Edit | Action::Disable | Action::Enable | Action::Delete,
            Status::Pending,
        ) => Err(ConnectionRefusal::StillPending),
        (Action::Use, Status::Invalid) => Err(ConnectionRefusal::Invalid),
        (
            Action::Test | Action::Use | Action::Authorize | Action::Edit | Action::Disable,
            Status::Disabled,
        ) => Err(ConnectionRefusal::Disabled),
        (Action::Enable, status) if status != Status::Disabled => Err(ConnectionRefusal::NotDisabled),
        (Action::Discard, status) if status != Status::Pending => Err(ConnectionRefusal::NotPending),
        _ => Ok(()),
    }
}

/// Decides whether somebody may sign in at the provider again, by themselves or by a link for somebody else.
/// `interactive`: the connection's way has such a sign-in.
pub fn check_reconnect(level: Level, status: Status, interactive: bool) -> Result<(), ConnectionRefusal> {
    check(ConnectionAction::Authorize, level, status)?;
    if interactive { Ok(()) } else { Err(ConnectionRefusal::NotInteractive) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn administrators_own_everything_and_participants_know_nothing() {
        assert_eq!(effective_level(Role::AutomationAdministrator, None), Some(Level::Owner));
        assert_eq!(effective_level(Role::GlobalAdministrator, Some(Level::User)), Some(Level::Owner));
        assert_eq!(effective_level(Role::Participant, Some(Level::Owner)), None);
        assert_eq!(effective_level(Role::Designer, None), None);
        assert_eq!(effective_level(Role::Developer, Some(Level::User)), Some(Level::User));
    }

    #[test]
    fn a_user_may_test_and_use_and_nothing_else() {
        for action in ConnectionAction::ALL {
            let allowed = check(action, Level::User, Status::Active).is_ok();
            let expected = matches!(action, ConnectionAction::Test | ConnectionAction::Use);
            assert_eq!(allowed, expected, "{action:?}");
        }
    }

    #[test]
    fn the_status_decides_too() {
        use ConnectionAction::{Authorize, Discard, Test, Use};
        assert_eq!(check(Use, Level::Owner, Status::Pending), Err(ConnectionRefusal::StillPending));
        assert_eq!(check(Use, Level::Owner, Status::Disabled), Err(ConnectionRefusal::Disabled));
        assert_eq!(check(Use, Level::Owner, Status::Invalid), Err(ConnectionRefusal::Invalid));
        assert_eq!(check(Use, Level::User, Status::Degraded), Ok(()));
        assert_eq!(check(Test, Level::User, Status::Invalid), Ok(()));
        assert_eq!(check(Test, Level::Owner, Status::Pending), Err(ConnectionRefusal::StillPending));
        assert_eq!(check(Test, Level::Owner, Status::Disabled), Err(ConnectionRefusal::Disabled));
        assert_eq!(check(Authorize, Level::Owner, Status::Invalid), Ok(()));
        assert_eq!(check(Discard, Level::Owner, Status::Active), Err(ConnectionRefusal::NotPending));
        assert_eq!(check(Discard, Level::Owner, Status::Pending), Ok(()));
    }

    #[test]
    fn what_is_off_can_only_be_switched_on_shared_or_deleted() {
        use ConnectionAction::{ChangePermissions, Delete, Disable, Edit, Enable};
        for action in [Edit, Disable] {
            assert_eq!(check(action, Level::Owner, Status::Disabled), Err(ConnectionRefusal::Disabled));
        }
        for action in [Enable, ChangePermissions, Delete] {
            assert_eq!(check(action, Level::Owner, Status::Disabled), Ok(()));
        }
        assert_eq!(check(Enable, Level::Owner, Status::Invalid), Err(ConnectionRefusal::NotDisabled));
        assert_eq!(check(Delete, Level::Owner, Status::Pending), Err(ConnectionRefusal::StillPending));
    }

    #[test]
    fn only_a_sign_in_can_be_done_again() {
        assert_eq!(check_reconnect(Level::Owner, Status::Invalid, true), Ok(()));
        assert_eq!(
            check_reconnect(Level::Owner, Status::Active, false),
            Err(ConnectionRefusal::NotInteractive)
        );
        assert_eq!(check_reconnect(Level::User, Status::Active, true), Err(ConnectionRefusal::NeedsOwner));
    }
}
