//! A person's place in a tenant.

use serde::{Deserialize, Serialize};

use crate::role::Role;

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
        [Self::Invited, Self::Active, Self::Suspended].into_iter().find(|state| state.code() == code)
    }
}

/// Why a change to a user is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserRefusal {
    /// The tenant would have no active Global administrator left.
    LastGlobalAdministrator,
    /// Only a Global administrator gives or takes that role.
    NeedsGlobalAdministrator,
}

/// Checks that `other_active_global_administrators` stay when a user with this role and state leaves it.
pub fn check_leaves_role(
    role: Role,
    state: UserState,
    other_active_global_administrators: u32,
) -> Result<(), UserRefusal> {
    let is_one = role == Role::GlobalAdministrator && state == UserState::Active;
    if is_one && other_active_global_administrators == 0 {
        return Err(UserRefusal::LastGlobalAdministrator);
    }
    Ok(())
}

/// Checks that a user with the role `actor` may change somebody's role from `from` to `to`.
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

    #[test]
    fn the_last_global_administrator_stays() {
        let last = check_leaves_role(Role::GlobalAdministrator, UserState::Active, 0);
        assert_eq!(last, Err(UserRefusal::LastGlobalAdministrator));
        assert_eq!(check_leaves_role(Role::GlobalAdministrator, UserState::Active, 1), Ok(()));
        assert_eq!(check_leaves_role(Role::GlobalAdministrator, UserState::Suspended, 0), Ok(()));
        assert_eq!(check_leaves_role(Role::Designer, UserState::Active, 0), Ok(()));
    }

    #[test]
    fn only_a_global_administrator_gives_or_takes_that_role() {
        let (global, automation) = (Role::GlobalAdministrator, Role::AutomationAdministrator);
        assert_eq!(
            check_gives_role(automation, Role::Designer, global),
            Err(UserRefusal::NeedsGlobalAdministrator)
        );
        assert_eq!(
            check_gives_role(automation, global, Role::Designer),
            Err(UserRefusal::NeedsGlobalAdministrator)
        );
        assert_eq!(check_gives_role(automation, Role::Designer, automation), Ok(()));
        assert_eq!(check_gives_role(global, Role::Designer, global), Ok(()));
    }
}
