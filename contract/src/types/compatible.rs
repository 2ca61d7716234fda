//! The shapes of the public API of Nintex Automation Cloud, so that scripts written for it run here. Field names and
//! types are that API's, not ours.

use drawbridge_domain::connector::OperationType;
use drawbridge_domain::id::{ConnectionId, TenantId, UserId};
use drawbridge_domain::role::Role;
use drawbridge_domain::time::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// How many items a page has where a script does not say: as many as there can be, since many scripts read one page.
pub const PAGE_SIZE: u32 = drawbridge_domain::limits::MAX_PAGE_SIZE;
/// The most ids, or email addresses, that can be asked for at once.
pub const MOST_NAMED: usize = 100;

/// A role by its name for people, as scripts know it; the word for it in the rest of the API is taken too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleName(pub Role);

impl Serialize for RoleName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<'de> Deserialize<'de> for RoleName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let known = |role: &Role| role.name().eq_ignore_ascii_case(&text) || role.code() == text;
        let role = Role::ALL.into_iter().find(known);
        role.map(Self).ok_or_else(|| de::Error::unknown_variant(&text, &[]))
    }
}

#[cfg(feature = "openapi")]
impl schemars::JsonSchema for RoleName {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RoleName".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let names = Role::ALL.map(Role::name);
        schemars::json_schema!({ "type": "string", "enum": names, "description": "A role by its name." })
    }
}

/// A user, as those scripts know one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TenantUser {
    /// The user.
    pub id: UserId,
    /// Email address.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Whether the user comes from outside the tenant; there are no such users here.
    pub is_guest: bool,
    /// The tenant.
    pub organization_id: TenantId,
    /// The role in the tenant.
    pub role: RoleName,
}

/// A page of the users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TenantUsers {
    /// The users of this page, by name.
    pub users: Vec<TenantUser>,
    /// The address of the next page, whole; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_link: Option<String>,
}

/// Which users to list. Filters of different kinds all hold; of one kind, any of its values does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TenantUsersQuery {
    /// Only users with one of these ids, at most 100 of them.
    #[cfg_attr(feature = "openapi", schemars(length(max = 100)))]
    #[serde(rename = "id[]", default, skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<UserId>,
    /// Only users with one of these email addresses, at most 100 of them.
    #[cfg_attr(feature = "openapi", schemars(length(max = 100)))]
    #[serde(rename = "email[]", default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    /// Only users with one of these roles.
    #[serde(rename = "role[]", default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<RoleName>,
    /// The same as `id[]`, for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<UserId>,
    /// The same as `email[]`, for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The same as `role[]`, for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<RoleName>,
    /// Only users whose name or email holds this text, whatever the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Where the page begins: it stands in `nextLink`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// The most users on a page, 1 to 200; 200 when absent.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::types::connections::page_size"
    )]
    #[cfg_attr(feature = "openapi", schemars(range(min = 1, max = 200)))]
    pub limit: Option<u32>,
}

/// A connection, as those scripts know one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct WorkflowConnection {
    /// The connection.
    pub id: ConnectionId,
    /// Its name.
    pub display_name: String,
    /// Whether the provider does not accept its credentials any more.
    pub is_invalid: bool,
    /// When it was made.
    pub created_date: Timestamp,
    /// The name of its connector.
    pub contract_name: String,
    /// Its connector.
    pub contract_id: String,
    /// Who made it.
    pub created_by_user_id: UserId,
    /// The application that it leads to: its connector, too.
    pub app_id: String,
    /// Under what its connector is sorted.
    pub contract_tags: String,
    /// Whether its connector has operations to call.
    pub has_public_operation: bool,
    /// Whether its connector is the tenant's own; those that come with Drawbridge are not.
    pub private: bool,
    /// Whether its sign-in is refreshed by itself.
    pub keep_alive: bool,
}

/// A page of the connections that the caller may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct WorkflowConnections {
    /// The connections of this page, by name.
    pub connections: Vec<WorkflowConnection>,
    /// The address of the next page, whole; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_link: Option<String>,
}

/// Where a page of connections begins, and how many it has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct WorkflowConnectionsQuery {
    /// Where the page begins: it stands in `nextLink`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// The most connections on a page, 1 to 200; 200 when absent.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::types::connections::page_size"
    )]
    #[cfg_attr(feature = "openapi", schemars(range(min = 1, max = 200)))]
    pub limit: Option<u32>,
}

/// All connectors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct WorkflowConnectors {
    /// The connectors, by name, all on one page.
    pub connectors: Vec<WorkflowConnector>,
}

/// A connector, as those scripts know one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct WorkflowConnector {
    /// Its id.
    pub id: String,
    /// The service's own name.
    pub name: String,
    /// What the service is for.
    pub description: String,
    /// Who added it; empty where it comes with Drawbridge.
    pub created_by_user_id: String,
    /// The address of its icon, whole.
    pub icon: String,
    /// Whether it is the tenant's own; those that come with Drawbridge are not.
    pub private: bool,
    /// What it can do.
    pub operations: Vec<WorkflowOperation>,
}

/// One thing that a connector can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct WorkflowOperation {
    /// Its id.
    pub operation_id: String,
    /// Its name.
    pub name: String,
    /// Action, lookup or event.
    pub r#type: OperationType,
}
