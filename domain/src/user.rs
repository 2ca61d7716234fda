//! A person's place in a tenant, and who may do what with it: one function for the server's decision and the
//! console's button.

use serde::{Deserialize, Serialize};

use crate::role::Role;
use crate::time::DAY;

/// How long an invitation can be accepted, in milliseconds.
pub const INVITATION_LIFE: i64 = 5 * DAY;

/// Whether a user may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum UserState {
    /// Has an invitation and has not accepted it.
    Invited,
    /// May sign in.
    Active,
    /// Switched off by an administrator; may be switched on again.
    Suspended,
}

impl UserState {
    /// All states, in the order of their life.
    pub const ALL: [Self; 3] = [Self::Invited, Self::Active, Self::Suspended];

    /// The state's name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invited => "Invited",
            Self::Active => "Active",
            Self::Suspended => "Suspended",
        }
    }

    /// The word that stands for the state in JSON and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    /// The state that a code stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Something that an administrator does with a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserAction {
    /// Make a new invitation link, which ends the one before it.
    Resend,
    /// Give another role.
    ChangeRole,
    /// Switch the user off, until further notice.
    Suspend,
    /// Switch the user on again.
    Reactivate,
    /// Take the user out of the tenant.
    Remove,
}

impl UserAction {
    /// All actions, in the order of the menu.
    pub const ALL: [Self; 5] =
        [Self::Resend, Self::ChangeRole, Self::Suspend, Self::Reactivate, Self::Remove];
}

/// The user that something is to be done with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// The user's role.
    pub role: Role,
    /// The user's state.
    pub state: UserState,
    /// Whether it is the one who acts.
    pub is_self: bool,
    /// Whether no other active Global administrator is there.
    pub is_last: bool,
    /// Whether this is an active Global administrator with a password, and there is no other such.
    pub is_last_way_in: bool,
}

/// Why a change to a user is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserRefusal {
    /// The tenant would have no active Global administrator left.
    LastGlobalAdministrator,
    /// Nobody would be left who could mend single sign-on when it fails.
    LastWayIn,
    /// Only a Global administrator gives or takes that role.
    NeedsGlobalAdministrator,
    /// Nobody switches themselves off.
    Yourself,
    /// The user has not accepted the invitation.
    StillInvited,
    /// The user has accepted the invitation.
    NotInvited,
    /// The user is suspended already.
    AlreadySuspended,
    /// The user is not suspended.
    NotSuspended,
}

impl UserRefusal {
    /// The reason in words, as the console shows it beside the disabled action.
    pub const fn words(self) -> &'static str {
        match self {
            Self::LastGlobalAdministrator => {
                "This is the last active Global administrator of the tenant. Give the role to somebody else first."
            }
            Self::LastWayIn => {
                "This is the last Global administrator with a password. Should single sign-on fail, nobody else could sign in and mend it. Give the role to somebody who has a password first."
            }
            Self::NeedsGlobalAdministrator => {
                "Only a Global administrator can give or take the role Global administrator."
            }
            Self::Yourself => "You cannot do this to yourself. Ask another administrator.",
            Self::StillInvited => {
                "This user has not accepted the invitation yet. Remove the user to withdraw it."
            }
            Self::NotInvited => "This user has accepted the invitation already.",
            Self::AlreadySuspended => "This user is suspended already.",
            Self::NotSuspended => "This user is not suspended.",
        }
    }
}

/// Decides whether a user with the role `actor` may do `action` with a user.
pub fn check(action: UserAction, actor: Role, user: Subject) -> Result<(), UserRefusal> {
    use UserAction as Action;
    // A Global administrator's link, freedom and place are as much as the role itself.
    if user.role == Role::GlobalAdministrator && actor != Role::GlobalAdministrator {
        return Err(UserRefusal::NeedsGlobalAdministrator);
    }
    match (action, user.state) {
        (Action::Resend, state) if state != UserState::Invited => return Err(UserRefusal::NotInvited),
        (Action::Suspend, UserState::Invited) => return Err(UserRefusal::StillInvited),
        (Action::Suspend, UserState::Suspended) => return Err(UserRefusal::AlreadySuspended),
        (Action::Reactivate, state) if state != UserState::Suspended => {
            return Err(UserRefusal::NotSuspended);
        }
        _ => {}
    }
    let leaves = matches!(action, Action::ChangeRole | Action::Suspend | Action::Remove);
    let is_one = user.role == Role::GlobalAdministrator && user.state == UserState::Active;
    if leaves && is_one && user.is_last {
        return Err(UserRefusal::LastGlobalAdministrator);
    }
    if leaves && is_one && user.is_last_way_in {
        return Err(UserRefusal::LastWayIn);
    }
    if user.is_self && matches!(action, Action::Suspend | Action::Remove) {
        return Err(UserRefusal::Yourself);
    }
    Ok(())
}

/// Checks that a user with the role `actor` may change somebody's role from `from` to `to`; a new user comes from
/// the least one.
pub fn check_gives_role(actor: Role, from: Role, to: Role) -> Result<(), UserRefusal> {
    let touches_global = from == Role::GlobalAdministrator || to == Role::GlobalAdministrator;
    if touches_global && from != to && actor != Role::GlobalAdministrator {
        return Err(UserRefusal::NeedsGlobalAdministrator);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLOBAL: Role = Role::GlobalAdministrator;
    const AUTOMATION: Role = Role::AutomationAdministrator;

    fn user(role: Role, state: UserState) -> Subject {
        Subject { role, state, is_self: false, is_last: false, is_last_way_in: false }
    }

    #[test]
    fn the_last_global_administrator_stays() {
        let last = Subject { is_last: true, ..user(GLOBAL, UserState::Active) };
        for action in [UserAction::ChangeRole, UserAction::Suspend, UserAction::Remove] {
            assert_eq!(check(action, GLOBAL, last), Err(UserRefusal::LastGlobalAdministrator), "{action:?}");
            assert_eq!(check(action, GLOBAL, Subject { is_last: false, ..last }), Ok(()), "{action:?}");
        }
        // One who is not active does not count, and may go.
        let suspended = Subject { state: UserState::Suspended, ..last };
        assert_eq!(check(UserAction::Remove, GLOBAL, suspended), Ok(()));
        assert_eq!(check(UserAction::Remove, GLOBAL, Subject { role: Role::Designer, ..last }), Ok(()));
    }

    #[test]
    fn the_last_one_with_a_password_stays() {
        let last = Subject { is_last_way_in: true, ..user(GLOBAL, UserState::Active) };
        for action in [UserAction::ChangeRole, UserAction::Suspend, UserAction::Remove] {
            assert_eq!(check(action, GLOBAL, last), Err(UserRefusal::LastWayIn), "{action:?}");
        }
        let suspended = Subject { state: UserState::Suspended, ..last };
        assert_eq!(check(UserAction::Remove, GLOBAL, suspended), Ok(()));
    }

    #[test]
    fn only_a_global_administrator_gives_or_takes_that_role() {
        assert_eq!(
            check_gives_role(AUTOMATION, Role::Designer, GLOBAL),
            Err(UserRefusal::NeedsGlobalAdministrator)
        );
        assert_eq!(
            check_gives_role(AUTOMATION, GLOBAL, Role::Designer),
            Err(UserRefusal::NeedsGlobalAdministrator)
        );
        assert_eq!(check_gives_role(AUTOMATION, Role::Designer, AUTOMATION), Ok(()));
        assert_eq!(check_gives_role(GLOBAL, Role::Designer, GLOBAL), Ok(()));
        for action in UserAction::ALL {
            for state in UserState::ALL {
                let refused = check(action, AUTOMATION, user(GLOBAL, state));
                assert_eq!(refused, Err(UserRefusal::NeedsGlobalAdministrator), "{action:?} {state:?}");
            }
        }
    }

    #[test]
    fn the_state_decides_too() {
        use UserAction::{ChangeRole, Reactivate, Remove, Resend, Suspend};
        use UserState::{Active, Invited, Suspended};
        for (action, state, expected) in [
            (Resend, Invited, Ok(())),
            (Resend, Active, Err(UserRefusal::NotInvited)),
            (Suspend, Active, Ok(())),
            (Suspend, Invited, Err(UserRefusal::StillInvited)),
            (Suspend, Suspended, Err(UserRefusal::AlreadySuspended)),
            (Reactivate, Suspended, Ok(())),
            (Reactivate, Active, Err(UserRefusal::NotSuspended)),
            (ChangeRole, Invited, Ok(())),
            (Remove, Suspended, Ok(())),
        ] {
            assert_eq!(
                check(action, AUTOMATION, user(Role::Designer, state)),
                expected,
                "{action:?} {state:?}"
            );
        }
    }

    #[test]
    fn nobody_switches_themselves_off() {
        let me = Subject { is_self: true, ..user(AUTOMATION, UserState::Active) };
        assert_eq!(check(UserAction::Suspend, AUTOMATION, me), Err(UserRefusal::Yourself));
        assert_eq!(check(UserAction::Remove, AUTOMATION, me), Err(UserRefusal::Yourself));
        assert_eq!(check(UserAction::ChangeRole, AUTOMATION, me), Ok(()));
    }
}
