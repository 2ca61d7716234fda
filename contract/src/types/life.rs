//! The later life of a connection: changed, deleted, signed in again by somebody else.

use std::collections::BTreeMap;

use drawbridge_domain::connection::Status;
use drawbridge_domain::id::OAuthClientId;
use drawbridge_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::SecretText;
use super::connections::{Connection, ConnectorRef};
use crate::link::sealed::SealedFor;

/// A change of a connection. What is absent stays; a secret that is empty stays too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChangeConnection {
    /// The new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The fields that are no secrets, by their ids.
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    /// The secret fields, by their ids.
    #[serde(default)]
    pub credentials: BTreeMap<String, SecretText>,
    /// The OAuth client to sign in through from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oauth_client: Option<OAuthClientId>,
    /// New credentials for a gateway's target, sealed to the key of each of its machines, in the place of all boxes that
    /// there are. Another gateway or another target needs them, for they open for no other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sealed: Vec<SealedFor>,
    /// Whether credentials of somebody else than before are accepted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub accept_other_identity: bool,
}

/// What a change needed to take effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum ChangeEffect {
    /// Nothing: it is saved.
    Saved,
    /// The connection was proved with it, and it is saved.
    Proved,
    /// The name is saved; the rest waits 30 minutes for a sign-in at the provider (`withChange`), and until then
    /// everything stays as it was.
    SignInNeeded,
}

/// A connection after a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChangedConnection {
    /// The connection as it is now.
    pub connection: Connection,
    /// What the change needed.
    pub effect: ChangeEffect,
}

/// When to delete.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct DeleteConnectionQuery {
    /// Only while it has this status, so that what was meant for a pending one meets no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
}

/// What uses a connection, as far as the caller may see it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ConnectionUses {
    /// What the caller may see, by name.
    pub items: Vec<ConnectionUse>,
    /// How many more there are that the caller may not see.
    pub hidden: u32,
}

/// Something that uses a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ConnectionUse {
    /// What it is, such as `workflow`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A link by which somebody without an account signs a connection in again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ReconnectLink {
    /// The address to send; shown this once.
    pub url: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A reconnect link's secret in a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ReconnectPath {
    /// The secret from the link.
    pub secret: String,
}

/// What a reconnect link is for, as its holder is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ReconnectRequest {
    /// The connection's name.
    pub connection_name: String,
    /// Its connector.
    pub connector: ConnectorRef,
    /// The organisation that asks.
    pub tenant_name: String,
    /// The person who made the link.
    pub asked_by: String,
    /// As whom to sign in, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_in_as: Option<String>,
    /// When the link ends.
    pub expires_at: Timestamp,
}
