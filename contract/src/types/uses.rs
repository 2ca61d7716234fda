//! Using a connection: operations, lookups, and calls that pass through.

use std::collections::BTreeMap;

use drawbridge_domain::id::ConnectionId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An operation of a connection, in a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct OperationPath {
    /// The connection.
    pub connection: ConnectionId,
    /// The operation's id in the connector.
    pub operation: String,
}

/// The rest of an address at the provider, in a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ProxyPath {
    /// The connection.
    pub connection: ConnectionId,
    /// The path after the connector's base address; a query is passed on as well.
    pub path: String,
}

/// What an operation is given.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct OperationCall {
    /// Values by the parameters' ids, as the connector's description of the operation says.
    #[serde(default)]
    pub parameters: BTreeMap<String, Value>,
    /// Where the page begins: the `nextCursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// The most entries of a page; at most what the service gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u32>,
}

/// What the provider answered to an operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct OperationAnswer {
    /// The provider's status.
    pub status: u16,
    /// Whether the provider did it.
    pub done: bool,
    /// Where it did not: what happened, in plain words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The provider's own words about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_words: Option<String>,
    /// The provider's own id of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_request_id: Option<String>,
    /// The answer's headers that matter to callers: kind, limits, versions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// How many calls are left in the provider's present window, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls_left: Option<u64>,
    /// How long the provider took, in milliseconds.
    pub milliseconds: u32,
    /// How many tries it took.
    pub tries: u32,
    /// The body, where it is JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// The body, where it is another text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The entries of a list, where the definition says what their values are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<OperationItem>>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct OperationItem {
    /// What to hand to an operation.
    pub value: String,
    /// What to show.
    pub label: String,
}
