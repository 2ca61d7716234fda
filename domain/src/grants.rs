//! What is given on a connection, to whom, and why somebody has it.

use serde::{Deserialize, Serialize};

use crate::access::{Level, effective_level};
use crate::role::Role;

/// To whom something can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PrincipalKind {
    /// All users of the tenant whose role lets them use connections.
    Everyone,
    /// The members of a group.
    Group,
    /// One user.
    User,
}

impl PrincipalKind {
    /// The word that stands for the kind in JSON and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Group => "group",
            Self::User => "user",
        }
    }

    /// The kind that a code stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Everyone, Self::Group, Self::User].into_iter().find(|kind| kind.code() == code)
    }
}

/// Why somebody has a level on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Ground {
    /// Administrators own every connection.
    Role,
    /// It was given to Everyone.
    Everyone,
    /// It was given to a group.
    Group,
    /// It was given to the user.
    Direct,
}

/// The most grants that one connection can have.
pub const MAX_GRANTS: usize = 500;

/// Why grants are not saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantRefusal {
    /// No active user would own the connection any more, and the one who saves is no administrator.
    NoOwnerLeft,
    /// The same user or group stands there twice.
    Twice,
    /// More than [`MAX_GRANTS`].
    TooMany,
}

impl GrantRefusal {
    /// The reason in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoOwnerLeft => {
                "Leave at least one owner who can sign in. Only an administrator can leave a connection to the administrators."
            }
            Self::Twice => "Name each user and each group once.",
            Self::TooMany => "Give a connection to at most 500 users and groups. Use groups for more.",
        }
    }
}

/// Decides whether grants that leave so many active owners may be saved by somebody with this role.
/// Administrators own every connection all the time: they may leave it to themselves.
pub fn check_owners(actor: Role, active_owners: u32) -> Result<(), GrantRefusal> {
    if active_owners == 0 && !actor.is_administrator() { Err(GrantRefusal::NoOwnerLeft) } else { Ok(()) }
}

/// Decides whether the grants name each principal once and are few enough.
pub fn check_list(principals: &[(PrincipalKind, &str)]) -> Result<(), GrantRefusal> {
    if principals.len() > MAX_GRANTS {
        return Err(GrantRefusal::TooMany);
    }
    let mut sorted = principals.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() == principals.len() { Ok(()) } else { Err(GrantRefusal::Twice) }
}

/// Whether an administrator acts on a connection only because of that role.
pub fn acts_as_administrator(role: Role, granted: Option<Level>) -> bool {
    role.is_administrator() && granted != Some(Level::Owner)
}

/// The level of somebody with this role and these grants.
pub fn level_by(role: Role, granted: impl IntoIterator<Item = Level>) -> Option<Level> {
    effective_level(role, granted.into_iter().max())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_owns_it_always() {
        assert_eq!(check_owners(Role::Designer, 0), Err(GrantRefusal::NoOwnerLeft));
        assert_eq!(check_owners(Role::Designer, 1), Ok(()));
        assert_eq!(check_owners(Role::AutomationAdministrator, 0), Ok(()));
    }

    #[test]
    fn each_is_named_once() {
        use PrincipalKind::{Everyone, Group, User};
        assert_eq!(check_list(&[(Everyone, ""), (Group, "a"), (User, "a")]), Ok(()));
        assert_eq!(check_list(&[(User, "a"), (Group, "a"), (User, "a")]), Err(GrantRefusal::Twice));
        assert_eq!(check_list(&vec![(User, "a"); MAX_GRANTS + 1]), Err(GrantRefusal::TooMany));
    }

    #[test]
    fn the_highest_level_counts_and_the_role_decides() {
        assert_eq!(level_by(Role::Designer, [Level::User, Level::Owner]), Some(Level::Owner));
        assert_eq!(level_by(Role::Designer, []), None);
        assert_eq!(level_by(Role::Participant, [Level::Owner]), None);
        assert_eq!(level_by(Role::GlobalAdministrator, []), Some(Level::Owner));
        assert!(acts_as_administrator(Role::GlobalAdministrator, Some(Level::User)));
        assert!(!acts_as_administrator(Role::GlobalAdministrator, Some(Level::Owner)));
        assert!(!acts_as_administrator(Role::Designer, None));
    }

    #[test]
    fn codes_are_their_json() {
        for kind in [PrincipalKind::Everyone, PrincipalKind::Group, PrincipalKind::User] {
            assert_eq!(PrincipalKind::from_code(kind.code()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
    }
}
