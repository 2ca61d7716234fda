//! The links of gateways: calls through them, and what their agents are told.

use std::collections::BTreeMap;

use drawbridge_contract::link::messages::{Answer, Call, Failure, Report};
use drawbridge_domain::id::{GatewayId, ReplicaId};
use drawbridge_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{OutwardBody, Pending, Stream};

/// The largest body that passes through, either way, in bytes.
pub const BODY_MOST: u64 = 1024 * 1024 * 1024;

/// A call through a gateway.
#[derive(Debug)]
pub struct GatewayCall {
    /// What the agent is told: request, connection, target, deadline and the question's head. Whoever asks leaves the
    /// credentials out of it.
    pub head: Call,
    /// The question's body. A body that comes piece by piece is not sent a second time.
    pub body: OutwardBody,
    /// Whether it changes nothing at the target, so that it may be made again when its link breaks half-way.
    pub safe: bool,
    /// Credentials sealed to the keys of replicas, a box each, as base64url of encapsulated key and ciphertext. Empty:
    /// the login is kept at the gateway. Otherwise only a replica that has a box is asked.
    pub boxes: BTreeMap<ReplicaId, String>,
}

/// The answer to a call.
#[derive(Debug)]
pub struct GatewayAnswer {
    /// Its head.
    pub head: Answer,
    /// Its body. Letting go of it before its end cancels the call at the agent. It breaks off when it grows beyond
    /// [`BODY_MOST`] or takes longer than the call's deadline.
    pub body: Stream,
    /// Who served it.
    pub replica: ReplicaId,
}

/// Why nobody takes a call. Nothing of it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum GatewayAway {
    /// No agent is linked, or each that is takes no new calls.
    NotLinked,
    /// Agents are linked; none of them serves calls of this kind.
    KindNotServed,
    /// Agents are linked; for none of them is there a box with the credentials.
    NoBox,
    /// As many calls are under way as can be.
    Busy,
}

/// Why a call has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum GatewayFailure {
    /// Nobody takes it: `gateway_offline`, at once. Nothing was sent.
    Away(GatewayAway),
    /// The agent says why; the gateway itself is fine. `reached`: something may have come to the target.
    Failed(Failure),
    /// The link broke while the call was under way, or the time was over: something may have come to the target. The
    /// words are for the log.
    Broke(String),
}

/// What a gateway's agents are told, or asked. Whoever gives an order has written what it follows from: the hub reads the
/// database and not the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum GatewayOrder {
    /// Nothing: only the answer is wanted.
    Look,
    /// It was switched off: goodbye to all.
    Disable,
    /// It was removed from the tenant: agents erase their keys. The answer comes when all have said that they did, or after
    /// a few seconds.
    Disconnect,
    /// These replicas were removed from it; the same for them alone.
    Dismiss(Vec<ReplicaId>),
    /// Agents make new keys. The answer comes when all have, or after a few seconds.
    Rotate,
    /// A replica gets no new calls; those under way come to their end.
    Drain(ReplicaId),
}

/// How a gateway's links are just now.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GatewayState {
    /// The links that stand; after an order, those that it was for.
    pub links: Vec<LinkState>,
}

/// How one link is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkState {
    /// Whose it is.
    pub replica: ReplicaId,
    /// Since when it stands.
    pub since: Timestamp,
    /// When something was last heard.
    pub heard: Timestamp,
    /// It takes no new calls.
    pub draining: bool,
    /// Calls that are under way.
    pub under_way: u32,
    /// What the agent reported last, where it is still in memory; the database has it too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
    /// Whether the agent did what it was told: after `Disconnect` and `Dismiss` that it has erased its key, after
    /// `Rotate` that it has a new one.
    #[serde(default)]
    pub done: bool,
}

/// Somebody who dials to be a gateway's agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialled {
    /// The gateway that the address names.
    pub gateway: GatewayId,
    /// Our own address, as it was dialled.
    pub origin: String,
}

/// What asking for a call brings.
pub type Asked = Result<GatewayAnswer, GatewayFailure>;

/// The way to the hubs of gateways.
pub trait Gateways {
    /// Gives a gateway's hub an order, and waits for its answer; the error's words are for the log.
    fn ask(&self, gateway: &GatewayId, order: GatewayOrder) -> Pending<'_, Result<GatewayState, String>>;

    /// Makes a call through a gateway, and waits for the beginning of its answer. Whether the caller may, and whether the
    /// gateway is the caller's tenant's, is for the caller to know.
    fn call(&self, gateway: &GatewayId, call: GatewayCall) -> Pending<'_, Asked>;
}
