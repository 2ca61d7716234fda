//! The JSON of frames. Whoever reads one ignores fields that it does not know, so that a newer side may say more.

use drawbridge_domain::gateway::target::TargetKind;
use drawbridge_domain::id::{ConnectionId, GatewayId, ReplicaId, RequestId};
use serde::{Deserialize, Serialize};

use super::codes::{FailureCode, Goodbye, Refusal, TargetState};
use super::sealed::CredentialsWanted;
use super::sql::SqlAnswer;

/// Who an agent is and what it can.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hello {
    /// The versions of the protocol that it speaks.
    pub protocols: Vec<u8>,
    /// The gateway.
    pub gateway: GatewayId,
    /// Which of the gateway's agents it is.
    pub replica: ReplicaId,
    /// Its public key in hexadecimal digits. Told so that during a rotation the server knows which one is meant; what
    /// counts is the one that the server has.
    pub key: String,
    /// 32 random bytes in hexadecimal digits, new for each link.
    pub nonce: String,
    /// The agent's version.
    pub version: String,
    /// The machine's name.
    pub machine: String,
    /// Operating system and processor, such as `linux/x86_64`.
    pub platform: String,
    /// The kinds of calls that it serves. Calls of others must not be sent to it.
    pub kinds: Vec<CallKind>,
    /// The X25519 public key that credentials for it are sealed to, in hexadecimal digits; its private half never leaves
    /// the machine, and it stays the same for as long as the machine is enrolled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealing: Option<String>,
}

/// What the agent is to sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Challenge {
    /// 32 random bytes in hexadecimal digits, new for each link and good for one proof.
    pub nonce: String,
}

/// The link stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Welcome {
    /// The version of the protocol from here on.
    pub protocol: u8,
    /// The gateway's name, for the agent's log.
    pub name: String,
    /// The tenant's name, for the agent's log.
    pub tenant: String,
    /// The newest version of the agent, if the agent's is older.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update: Option<String>,
}

/// The link is refused. The WebSocket is closed after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refused {
    /// Why.
    pub code: Refusal,
    /// The least version of the agent that is supported, with `too_old`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<String>,
}

/// The link ends. The WebSocket is closed after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Farewell {
    /// Why.
    pub reason: Goodbye,
}

/// Make a new key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rotate {
    /// 32 random bytes in hexadecimal digits, new for each rotation.
    pub nonce: String,
}

/// The new key. The agent has both on disk when it says this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rotated {
    /// The new public key in hexadecimal digits.
    pub key: String,
    /// The old key's signature over [`super::proof::NewKey::text`], in hexadecimal digits.
    pub by_old: String,
    /// The new key's signature over the same: whoever says it has it.
    pub by_new: String,
}

/// The server has put the new key in the old one's place. The agent forgets the old one; the link stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RotationDone {
    /// The new public key in hexadecimal digits.
    pub key: String,
}

/// What a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CallKind {
    /// An HTTP request to an `http` target.
    Http,
    /// A question to a database.
    Sql,
}

drawbridge_domain::coded!(CallKind);

impl CallKind {
    /// All kinds.
    pub const ALL: [Self; 2] = [Self::Http, Self::Sql];

    /// The word that stands for it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Sql => "sql",
        }
    }

    /// The kind that a word stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

/// A call begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// The request that it is made for, as answers and logs have it.
    pub request: RequestId,
    /// The connection that it is made through.
    pub connection: ConnectionId,
    /// The target's name in the agent's configuration.
    pub target: String,
    /// How long the agent has until the answer is whole, in milliseconds from when it reads this: no clocks need agree.
    pub deadline: u32,
    /// What it is.
    pub kind: CallKind,
    /// The request, with `http`. With `sql` the body says it all: one [`super::sql::SqlQuestion`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http: Option<HttpRequest>,
    /// The connection's login, sealed to the replica that gets the call ([`super::sealed`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<String>,
}

/// The head of an HTTP request; its body follows in data frames.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpRequest {
    /// The method.
    pub method: String,
    /// Path and query after the target's base URL, beginning with `/`, as they stand on the wire.
    pub path: String,
    /// Headers, in order. Those of the connection itself and those that the target's login needs are the agent's.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// The body's length in bytes where it is known; 0: there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<u64>,
}

/// The answer begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The answer's head, with `http`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http: Option<HttpAnswer>,
    /// The answer's head, with `sql`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sql: Option<SqlAnswer>,
}

/// The head of an HTTP answer; its body follows in data frames.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpAnswer {
    /// The status.
    pub status: u16,
    /// Headers, in order, without those of the connection itself.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
}

/// A call failed and is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// Why.
    pub code: FailureCode,
    /// Whether any of it may have reached the target. When not, the call can be made again whatever it does.
    pub reached: bool,
    /// More about it, for people; no secrets, no bodies.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

/// How an agent is: told when the link stands, when a target's state changes, and once a minute while there are calls.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Its targets, in the order of its configuration.
    pub targets: Vec<TargetReport>,
    /// The link's round trip when it was last measured, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_trip: Option<u32>,
    /// Calls that came since the agent started.
    pub calls: u64,
    /// Of these, those that failed at the agent.
    pub failed: u64,
    /// Bytes of bodies to targets since the agent started.
    pub bytes_in: u64,
    /// Bytes of bodies from targets since the agent started.
    pub bytes_out: u64,
}

/// How a target is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetReport {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: TargetKind,
    /// How it was found.
    pub state: TargetState,
    /// Why it fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<FailureCode>,
    /// What a connection has to bring for it; absent: nothing, for the login is the machine's or there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<CredentialsWanted>,
}
