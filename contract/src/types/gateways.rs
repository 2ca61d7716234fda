//! Gateways: agents in an organisation's own network, their targets, and the releases of the agent.

use drawbridge_domain::connection::Status;
use drawbridge_domain::gateway::event::GatewayEvent;
use drawbridge_domain::gateway::status::{GatewayStatus, TargetFinding};
use drawbridge_domain::gateway::target::TargetKind;
use drawbridge_domain::gateway::version::VersionState;
use drawbridge_domain::id::{GatewayEventId, GatewayId, ReplicaId};
use drawbridge_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::query::paged;
use super::{Person, SecretText};
use crate::link::codes::FailureCode;

/// A gateway in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct GatewaySummary {
    /// The gateway.
    pub id: GatewayId,
    /// Its name.
    pub name: String,
    /// How it is.
    pub status: GatewayStatus,
    /// When one of its agents was last heard of; absent: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen_at: Option<Timestamp>,
    /// The names of the machines that its agents run on, in the order of their joining.
    pub machines: Vec<String>,
    /// How many of its agents have their link.
    pub linked: u32,
    /// The oldest version among its agents; absent: none has joined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// How that version stands to the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_state: Option<VersionState>,
    /// Who made it.
    pub created_by: Person,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A gateway whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Gateway {
    /// What the list shows.
    #[serde(flatten)]
    pub summary: GatewaySummary,
    /// Its agents, in the order of their joining.
    pub replicas: Vec<GatewayReplica>,
    /// What its agents let calls reach, by name.
    pub targets: Vec<GatewayTarget>,
    /// How many connections go through it, deleted ones that can be restored included.
    pub connections: u32,
    /// Until when its one-time code is good; absent: there is none that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_until: Option<Timestamp>,
}

/// One agent of a gateway, on one machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct GatewayReplica {
    /// The agent.
    pub id: ReplicaId,
    /// The machine's name.
    pub machine: String,
    /// Operating system and processor, such as `linux/x86_64`.
    pub platform: String,
    /// The agent's version.
    pub version: String,
    /// How that version stands to the newest.
    pub version_state: VersionState,
    /// Since when its link stands; absent: it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked_since: Option<Timestamp>,
    /// Whether it takes no new calls, because it is about to be updated or stopped.
    pub draining: bool,
    /// When it joined.
    pub joined_at: Timestamp,
    /// When it was last heard of; absent: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen_at: Option<Timestamp>,
    /// What it found of its targets, in the order of its configuration.
    pub targets: Vec<ReplicaTarget>,
    /// What it has carried; absent: it has said nothing yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figures: Option<GatewayFigures>,
}

/// A target, as one agent found it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ReplicaTarget {
    /// Its name in the agent's configuration.
    pub name: String,
    /// What it is.
    pub kind: TargetKind,
    /// How it was found.
    pub finding: TargetFinding,
    /// Why it fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<FailureCode>,
}

/// A target, as the gateway's agents together found it. Its health stands apart from that of the link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct GatewayTarget {
    /// Its name in the agents' configuration.
    pub name: String,
    /// What it is.
    pub kind: TargetKind,
    /// How it was found: failing where some agent that is there does not reach it.
    pub finding: TargetFinding,
    /// Why it fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<FailureCode>,
    /// How many of the gateway's agents name it.
    pub replicas: u32,
}

/// What an agent has carried since it was started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct GatewayFigures {
    /// The link's round trip when it was last measured, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_trip: Option<u32>,
    /// Calls.
    pub calls: u64,
    /// Of these, those that failed at the agent.
    pub failed: u64,
    /// Bytes of bodies to targets.
    pub bytes_in: u64,
    /// Bytes of bodies from targets.
    pub bytes_out: u64,
}

/// A gateway with a new one-time code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct GatewayWithCode {
    /// The gateway; `codeUntil` says until when the code is good.
    pub gateway: Gateway,
    /// The code, for `drawbridge-gateway enroll`. It is told once: an answer that is repeated for the same
    /// `Idempotency-Key` is without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<SecretText>,
}

/// What became of the wish for new keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct GatewayRotation {
    /// The gateway.
    pub gateway: Gateway,
    /// How many of its agents have a new key.
    pub rotated: u32,
    /// How many were asked: those that are online.
    pub asked: u32,
}

/// A gateway, for those who make connections through it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct GatewayRef {
    /// The gateway.
    pub id: GatewayId,
    /// Its name.
    pub name: String,
    /// How it is.
    pub status: GatewayStatus,
}

/// What connections can reach through a gateway, and to whose keys credentials are sealed for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct GatewayTargets {
    /// The gateway.
    pub gateway: GatewayRef,
    /// What its agents let calls reach, by name.
    pub items: Vec<GatewayTarget>,
    /// The keys of its agents, in the order of their joining. Those that have none are not here.
    pub sealing: Vec<SealingKey>,
}

/// The key of an agent to which credentials are sealed, so that only it can read them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct SealingKey {
    /// The agent.
    pub replica: ReplicaId,
    /// Its public key (X25519) in hexadecimal digits.
    pub key: String,
}

/// Something that happened to a gateway's links or targets. What people do with it stands in the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct GatewayHappening {
    /// The event; they sort by time.
    pub id: GatewayEventId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: GatewayEvent,
    /// To which agent; absent where it had not joined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replica: Option<ReplicaId>,
    /// The machine that it runs on.
    pub machine: String,
    /// The target that it is about; absent: it is about the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Why, as a word of the list that belongs to the kind; absent: nothing is to be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A gateway to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct CreateGateway {
    /// Its name: 1 to 60 characters.
    pub name: String,
}

/// A change of a gateway.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChangeGateway {
    /// Its new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A gateway in a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct GatewayPath {
    /// The gateway.
    pub gateway: GatewayId,
}

/// An agent of a gateway in a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct GatewayReplicaPath {
    /// The gateway.
    pub gateway: GatewayId,
    /// The agent.
    pub replica: ReplicaId,
}

/// By what the list is sorted; a hyphen before it: descending.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum GatewaySort {
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
}

paged! {
    /// Which gateways to list, and in which order.
    ListGatewaysQuery {
        /// Only those whose name holds this text, whatever the case.
        search: String,
        /// Only those with this status.
        status: GatewayStatus,
        /// The order.
        sort: GatewaySort,
    }
}

paged! {
    /// Which gateways to offer, by name.
    ListGatewayChoicesQuery {
        /// Only those whose name holds this text, whatever the case.
        search: String,
    }
}

paged! {
    /// Which of a gateway's connections to list, by name.
    ListGatewayConnectionsQuery {
        /// Only those with this status.
        status: Status,
    }
}

paged! {
    /// Which of a gateway's events to list, the newest first.
    ListGatewayEventsQuery {
    }
}

/// The newest release of the agent: the file `/gateway-releases/manifest.json` beside the files that it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Release {
    /// The agent's version.
    pub version: String,
    /// Its files.
    pub files: Vec<ReleaseFile>,
}

/// The agent for one system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseFile {
    /// The operating system: `linux`, `windows` or `macos`.
    pub system: String,
    /// The processor: `x86_64` or `aarch64`.
    pub architecture: String,
    /// The file's name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// Where it is, on the deployment's own origin.
    pub url: String,
}

/// Where the manifest of the newest release is, on the deployment's own origin.
pub const RELEASE_MANIFEST: &str = "/gateway-releases/manifest.json";
