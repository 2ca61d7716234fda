//! Groups of users.

use drawbridge_domain::id::{GroupId, UserId};
use drawbridge_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::query::paged;

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Group {
    /// The group.
    pub id: GroupId,
    /// Its name; no two groups of a tenant have the same.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// How many members it has.
    pub members: u32,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A group, as far as a user shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct GroupRef {
    /// The group.
    pub id: GroupId,
    /// Its name.
    pub name: String,
}

/// A new group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct CreateGroup {
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
}

/// A change of a group; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChangeGroup {
    /// Its new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its new description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

paged! {
    /// A part of a list that is searched by name: of groups, or of a group's members.
    ByNameQuery {
        /// Only those whose name (of users: or email) holds this text, whatever the case.
        search: String,
    }
}

/// A group in a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct GroupPath {
    /// The group.
    pub group: GroupId,
}

/// A member of a group in a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct MemberPath {
    /// The group.
    pub group: GroupId,
    /// The user.
    pub user: UserId,
}
