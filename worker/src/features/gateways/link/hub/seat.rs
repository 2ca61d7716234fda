//! What goes along with each WebSocket of a gateway's hub: all that is known of it after the hub has slept.

use drawbridge_contract::link::messages::{CallKind, Hello};
use drawbridge_domain::id::{GatewayId, ReplicaId, TenantId};
use drawbridge_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A WebSocket and how far its agent has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seat {
    /// The gateway that the address named.
    pub(super) gateway: GatewayId,
    /// Our own address, as the agent dialled it: what it signs.
    pub(super) origin: String,
    /// Since when it is open; once it is proved, since when the link stands.
    pub(super) since: Timestamp,
    /// Who the agent says that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) hello: Option<Hello>,
    /// What it is to sign: made for this link, and taken away by the first proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) nonce: Option<String>,
    /// Who it is: the link stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) proved: Option<Proved>,
    /// Up to here the numbers of calls may have been used; after a sleep they go on after it.
    #[serde(default)]
    pub(super) numbers: u32,
}

/// An agent whose link stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Proved {
    /// The tenant.
    pub(super) tenant: TenantId,
    /// The agent.
    pub(super) replica: ReplicaId,
    /// The public key that it has proved.
    pub(super) key: String,
    /// The kinds of calls that it serves.
    pub(super) kinds: Vec<CallKind>,
    /// It gets no new calls.
    #[serde(default)]
    pub(super) draining: bool,
    /// What it is to sign with its old key and a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) rotation: Option<String>,
}

/// A link of which the database says that it stands. The hub's storage knows it too, so that what a broken process has
/// left behind is put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Noted {
    /// The tenant.
    pub(super) tenant: TenantId,
    /// The gateway.
    pub(super) gateway: GatewayId,
    /// The agent.
    pub(super) replica: ReplicaId,
    /// Since when.
    pub(super) since: Timestamp,
}
