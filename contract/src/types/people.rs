//! Users of a tenant and their invitations.

use drawbridge_domain::access::Level;
use drawbridge_domain::id::{ConnectionId, GroupId, UserId};
use drawbridge_domain::role::Role;
use drawbridge_domain::time::Timestamp;
use drawbridge_domain::user::UserState;
use serde::{Deserialize, Serialize};

use super::SecretText;
use super::groups::GroupRef;
use super::query::paged;

/// A user in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct User {
    /// The user.
    pub id: UserId,
    /// Email address.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The role in the tenant.
    pub role: Role,
    /// Whether the user may sign in.
    pub state: UserState,
    /// When the user was added.
    pub created_at: Timestamp,
    /// Until when the invitation can be accepted; absent where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited_until: Option<Timestamp>,
}

/// A user whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct UserDetails {
    /// What the list shows.
    #[serde(flatten)]
    pub user: User,
    /// The groups that the user is a member of, at most 200 of them.
    pub groups: Vec<GroupRef>,
    /// How many sessions the user has in this tenant.
    pub sessions: u32,
    /// Whether this is the tenant's only active Global administrator.
    pub last_global_administrator: bool,
    /// Whether this is the tenant's only active Global administrator who has a password: the only one who could sign in
    /// and mend single sign-on when it fails.
    #[serde(default)]
    pub last_way_in: bool,
}

/// A page of the list of users, with the counts above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct UserList {
    /// The items of this page.
    pub items: Vec<User>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// How many users the tenant has, by state, whatever the filters.
    pub counts: UserCounts,
}

/// How many users there are, by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct UserCounts {
    /// Have an invitation.
    pub invited: u32,
    /// May sign in.
    pub active: u32,
    /// Switched off.
    pub suspended: u32,
}

/// By what the list is sorted; a hyphen before it: descending.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum UserSort {
    /// By first and last name, A first.
    #[default]
    #[serde(rename = "name")]
    Name,
    /// By first and last name, Z first.
    #[serde(rename = "-name")]
    NameDescending,
    /// Oldest first.
    #[serde(rename = "created")]
    Created,
    /// Newest first.
    #[serde(rename = "-created")]
    CreatedDescending,
}

paged! {
    /// Which users to list, and in which order.
    ListUsersQuery {
        /// Only those whose name or email holds this text, whatever the case.
        search: String,
        /// Only those with this role.
        role: Role,
        /// Only those in this state.
        state: UserState,
        /// The order.
        sort: UserSort,
    }
}

/// A person to invite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct InviteUser {
    /// Email address.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The role in the tenant.
    pub role: Role,
}

/// A user who was invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Invited {
    /// The user.
    pub user: User,
    /// The link to accept with. It is told once and kept nowhere: an answer that is repeated for the same
    /// `Idempotency-Key` is without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// A change of a user; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChangeUser {
    /// New first name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// New last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// New role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

/// A user in a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct UserPath {
    /// The user.
    pub user: UserId,
}

/// Who becomes the owner of the connections that only a removed user owned. Nobody named: they are left to the
/// administrators.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct RemoveUserQuery {
    /// This active user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_user: Option<UserId>,
    /// This group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_group: Option<GroupId>,
}

/// Connections that a user or a group holds, the first of them by name, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Holdings {
    /// The first of them, at most 50.
    pub items: Vec<Holding>,
    /// How many there are.
    pub total: u32,
}

/// A connection that a user or a group holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Holding {
    /// The connection.
    pub id: ConnectionId,
    /// Its name.
    pub name: String,
    /// What was given on it.
    pub level: Level,
    /// Whether nobody else owns it.
    pub only_owner: bool,
}

/// An invitation in a path, by the secret of its link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct InvitationPath {
    /// The secret.
    pub token: String,
}

/// What an invitation says of itself to who has its link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Invitation {
    /// The tenant's name.
    pub tenant_name: String,
    /// Whom it is for.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The role that waits.
    pub role: Role,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
    /// Whether there is an account with this email already: its password is asked for then, and no new one made.
    pub has_account: bool,
    /// What stands on the tenant's single sign-on button, by which the invitation can be accepted too; absent while
    /// that is off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub single_sign_on: Option<String>,
}

/// The acceptance of an invitation by somebody who is not signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AcceptInvitation {
    /// The secret of the link.
    pub token: SecretText,
    /// A new password, or the present one of the account that is there already.
    pub password: SecretText,
}

/// The acceptance of an invitation by somebody who is signed in with the invited email.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct JoinTenant {
    /// The secret of the link.
    pub token: SecretText,
}
