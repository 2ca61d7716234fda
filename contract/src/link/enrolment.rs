//! How an agent joins and leaves: two requests over HTTPS, before there is a link and when there is none any more.

use drawbridge_domain::id::{GatewayId, ReplicaId};
use serde::{Deserialize, Serialize};

/// Where an agent joins: `POST`, JSON both ways, problems as everywhere.
pub const ENROL_PATH: &str = "/gateway/v1/enroll";
/// Where an agent leaves on its own: `POST`, answered with 204.
pub const LEAVE_PATH: &str = "/gateway/v1/leave";

/// An agent asks to join.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Enrol {
    /// The one-time code.
    pub code: String,
    /// The public key that the agent has made, in hexadecimal digits.
    pub key: String,
    /// Its signature over [`super::proof::Enrolling::text`], in hexadecimal digits.
    pub signature: String,
    /// The agent's version.
    pub version: String,
    /// The machine's name.
    pub machine: String,
    /// Operating system and processor, such as `linux/x86_64`.
    pub platform: String,
}

/// The agent has joined; the code is used up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Enrolled {
    /// The gateway.
    pub gateway: GatewayId,
    /// Which of the gateway's agents this one is.
    pub replica: ReplicaId,
    /// The gateway's name.
    pub name: String,
    /// The tenant's name.
    pub tenant: String,
}

/// An agent leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Leave {
    /// The gateway.
    pub gateway: GatewayId,
    /// The replica.
    pub replica: ReplicaId,
    /// When it says so, in milliseconds since 1970.
    pub at: i64,
    /// Its signature over [`super::proof::Leaving::text`], in hexadecimal digits.
    pub signature: String,
}

/// An agent dials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Link {
    /// The gateway, so that all its links are held in one place.
    pub gateway: GatewayId,
}
