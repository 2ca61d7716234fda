//! Connections.

use std::collections::BTreeMap;

use drawbridge_domain::access::Level;
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::id::{ConnectionEventId, ConnectionId, OAuthClientId, ReplicaId, UserId};
use drawbridge_domain::time::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, de};

use super::query::paged;
use super::{Person, SecretText};
use crate::link::sealed::SealedFor;

/// A connection in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ConnectionSummary {
    /// The connection.
    pub id: ConnectionId,
    /// Its name.
    pub name: String,
    /// Its connector.
    pub connector: ConnectorRef,
    /// Whether it works, why and since when.
    pub state: ConnectionState,
    /// Who made it.
    pub owner: Person,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last proved to work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_verified_at: Option<Timestamp>,
    /// What the caller was given on it.
    pub level: Level,
    /// Whether somebody signs in at the provider, and not with what is typed in.
    pub interactive: bool,
    /// When it was deleted and until when it can be restored; absent where it is not deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<Deletion>,
}

/// The deletion of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Deletion {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Person,
    /// When it is destroyed with all its secrets.
    pub destroyed_at: Timestamp,
}

/// A connector, as far as a connection shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ConnectorRef {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Name of its icon.
    pub icon: String,
}

/// Whether a connection works, why and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ConnectionState {
    /// The status.
    pub status: Status,
    /// Why; words and remedy go with it.
    pub reason: Reason,
    /// What the provider itself said, where it said something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_words: Option<String>,
    /// Since when.
    pub since: Timestamp,
}

/// As whom a connection is signed in at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ConnectedAs {
    /// The provider's own id of the person.
    pub id: String,
    /// The person's name there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The person's email there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// A connection whole. What only owners may see is absent for users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Connection {
    /// What the list shows.
    #[serde(flatten)]
    pub summary: ConnectionSummary,
    /// The way it authenticates, by its id in the connector.
    pub auth: String,
    /// As whom it is signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connected_as: Option<ConnectedAs>,
    /// By what call it last proved to work, such as `GET /api/me`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_by: Option<String>,
    /// When a pending connection is swept away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_until: Option<Timestamp>,
    /// How it was used.
    #[serde(default)]
    pub usage: ConnectionUsage,
    /// What only owners see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<ConnectionDetails>,
}

/// How a connection was used. Uses of the last minute may be missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ConnectionUsage {
    /// When it was last used; absent: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
    /// How many calls were made with it.
    pub calls: u64,
    /// How many of them failed: no answer, or an error of the provider's.
    pub failures: u64,
}

/// What only owners of a connection see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ConnectionDetails {
    /// The fields that are no secrets, by their ids.
    pub settings: BTreeMap<String, String>,
    /// The secret fields that have a value, by their ids.
    pub secrets_set: Vec<String>,
    /// The scopes that the provider granted.
    pub scopes: Vec<String>,
    /// When the access token ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_expires_at: Option<Timestamp>,
    /// When it is refreshed next; absent where nothing can be refreshed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_refresh_at: Option<Timestamp>,
    /// The OAuth client that it was made through, where it is a registered one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oauth_client: Option<OAuthClientRef>,
    /// The name of the gateway that it goes through; absent where it goes through none, or that was disconnected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway_name: Option<String>,
    /// The gateway's machines that its credentials are sealed to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sealed_to: Vec<ReplicaId>,
    /// The last sign-in, where it was refused and the connection stayed as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused_sign_in: Option<RefusedSignIn>,
}

/// A sign-in that was refused while the connection stayed as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct RefusedSignIn {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Reason,
    /// What the provider said, or whose sign-in it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// An OAuth client, as far as a connection shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct OAuthClientRef {
    /// The client.
    pub id: OAuthClientId,
    /// Its name.
    pub name: String,
}

/// A page of the list of connections, with the counts above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ConnectionList {
    /// The items of this page.
    pub items: Vec<ConnectionSummary>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// How many connections the caller can see, by status, whatever the filters.
    pub counts: ConnectionCounts,
}

/// How many connections there are, by status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ConnectionCounts {
    /// Not finished.
    pub pending: u32,
    /// Proved.
    pub active: u32,
    /// The provider fails.
    pub degraded: u32,
    /// Disproved.
    pub invalid: u32,
    /// Switched off.
    pub disabled: u32,
}

/// By what the list is sorted; a hyphen before it: descending.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum ConnectionSort {
    /// By name, A first.
    #[default]
    #[serde(rename = "name")]
    Name,
    /// By name, Z first.
    #[serde(rename = "-name")]
    NameDescending,
    /// Oldest first.
    #[serde(rename = "created")]
    Created,
    /// Newest first.
    #[serde(rename = "-created")]
    CreatedDescending,
    /// Longest unproved first.
    #[serde(rename = "lastVerified")]
    LastVerified,
    /// Last proved first.
    #[serde(rename = "-lastVerified")]
    LastVerifiedDescending,
}

/// Which of its lists of connections a tenant shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum ConnectionView {
    /// Those that are there.
    #[default]
    Present,
    /// Those that were deleted and can be restored by the caller.
    Deleted,
}

paged! {
    /// Which connections to list, and in which order.
    ListConnectionsQuery {
        /// Only those whose name holds this text, whatever the case.
        search: String,
        /// Only those of this connector.
        connector: String,
        /// Only those with this status.
        status: Status,
        /// Only those that this user made.
        owner: UserId,
        /// Those that are there, or the deleted ones that the caller can restore.
        view: ConnectionView,
        /// The order.
        sort: ConnectionSort,
    }
}

/// Reads a page size from a query, where every value is a text.
pub(crate) fn page_size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.parse::<u32>() {
        Ok(size) if (1..=drawbridge_domain::limits::MAX_PAGE_SIZE).contains(&size) => Ok(Some(size)),
        _ => Err(de::Error::custom("a whole number from 1 to 200")),
    }
}

/// A connection to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct CreateConnection {
    /// The connector's id.
    pub connector: String,
    /// The connection's name.
    pub name: String,
    /// The way to authenticate, by its id in the connector.
    pub auth: String,
    /// The fields that are no secrets, by their ids.
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    /// The secret fields, by their ids.
    #[serde(default)]
    pub credentials: BTreeMap<String, SecretText>,
    /// The OAuth client to sign in through; absent where one comes with the connector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oauth_client: Option<OAuthClientId>,
    /// The credentials for a gateway's target, sealed to the key of each of its machines: a box for each. Only they can
    /// read them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sealed: Vec<SealedFor>,
}

/// A connection in a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ConnectionPath {
    /// The connection.
    pub connection: ConnectionId,
}

/// How the browser goes to the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum AuthorizeIn {
    /// In a window of its own, which closes at the end.
    PopUp,
    /// In the console's own window, which comes back to the connection.
    Page,
}

/// The start of a sign-in at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Authorize {
    /// How the browser goes there.
    pub window: AuthorizeIn,
    /// Whether a sign-in as somebody else than before is accepted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub accept_other_identity: bool,
    /// Whether the change that waits for a sign-in takes effect with it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub with_change: bool,
}

/// Where to send the browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Authorization {
    /// The provider's address, with all parameters.
    pub authorization_url: String,
    /// When this sign-in ends by itself.
    pub expires_at: Timestamp,
}

/// What happened in the life of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ConnectionEvent {
    /// The event.
    pub id: ConnectionEventId,
    /// When.
    pub at: Timestamp,
    /// The status and reason from then on.
    pub state: ConnectionState,
    /// Who caused it; absent where the system did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Person>,
}
