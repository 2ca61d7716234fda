//! Who was given what on a connection, and who can use it.

use drawbridge_domain::access::Level;
use drawbridge_domain::grants::{Ground, PrincipalKind};
use serde::{Deserialize, Serialize};

use super::Person;
use super::query::paged;

/// Somebody to whom a connection can be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Principal {
    /// Everyone, a group or a user.
    pub kind: PrincipalKind,
    /// The group's or user's id; empty for Everyone.
    pub id: String,
    /// The name.
    pub name: String,
    /// What tells it from others of that name: a user's email, how many members a group has.
    pub detail: String,
}

/// What was given to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Grant {
    /// To whom.
    pub to: Principal,
    /// What.
    pub level: Level,
}

/// What was given on a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Permissions {
    /// All of it: Everyone first, then groups, then users.
    pub grants: Vec<Grant>,
}

/// A grant to save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct NewGrant {
    /// Everyone, a group or a user.
    pub kind: PrincipalKind,
    /// The group's or user's id; empty or absent for Everyone.
    #[serde(default)]
    pub id: String,
    /// What is given.
    pub level: Level,
}

/// All that is to be given on a connection; what is absent is taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct NewPermissions {
    /// The grants.
    pub grants: Vec<NewGrant>,
}

paged! {
    /// Which of those who can use a connection to list.
    ListAccessQuery {
        /// Only those whose name or email holds this text.
        search: String,
    }
}

/// A user who can use a connection, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ConnectionAccess {
    /// The user.
    pub user: Person,
    /// The user's email.
    pub email: String,
    /// What comes of it all.
    pub level: Level,
    /// Every reason.
    pub reasons: Vec<AccessReason>,
}

/// One reason why somebody can use a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AccessReason {
    /// Role, Everyone, group or direct.
    pub ground: Ground,
    /// What it gives.
    pub level: Level,
    /// The group's name, where it is a group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// Whom to look for to share with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct FindPrincipalsQuery {
    /// Part of a name or email.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
}
