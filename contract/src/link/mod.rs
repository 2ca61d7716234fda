//! The link between the Worker and an agent on the premises: what the two say to each other over one WebSocket.
//!
//! Nothing here reads, writes, waits or tells the time: bytes in, meaning out, and two small state machines that both
//! sides use, so that they can never disagree about what is allowed. docs/GATEWAY-LINK.md explains every frame.

pub mod calls;
pub mod codes;
pub mod enrolment;
pub mod flow;
pub mod frame;
pub mod messages;
pub mod passing;
pub mod proof;
pub mod sealed;
pub mod sql;
#[cfg(test)]
mod tests;

pub use calls::{Calls, Fate};
pub use codes::{Cancelled, FailureCode, Goodbye, Refusal, TargetState};
pub use frame::{Broken, CallId, Frame, Side};

/// The version of the protocol that this is, the first byte of every frame.
pub const PROTOCOL: u8 = 1;
/// Where an agent opens its WebSocket.
pub const PATH: &str = "/gateway/v1/connect";
/// The WebSocket's subprotocol, which both sides name in the HTTP request and its answer.
pub const SUBPROTOCOL: &str = "drawbridge.gateway.v1";

/// The largest frame, header included, in bytes.
pub const FRAME_MOST: usize = 256 * 1024;
/// The largest JSON of a frame, in bytes.
pub const TEXT_MOST: usize = 64 * 1024;
/// What a sender puts into one data frame at most, so that calls take turns: half of [`WINDOW`], so that the next is under
/// way while one is counted. Larger ones are read, up to [`FRAME_MOST`].
pub const CHUNK: usize = 128 * 1024;
/// How many bytes of a body each side may send in a call before it was given credit.
pub const WINDOW: u32 = 256 * 1024;
/// The most credit that may stand at one time.
pub const CREDIT_MOST: u32 = 16 * 1024 * 1024;
/// The most calls that are under way on one link.
pub const CALLS_MOST: usize = 256;

/// How often an agent sends [`HEARTBEAT`], in milliseconds.
pub const HEARTBEAT_EVERY: u32 = 10_000;
/// After so long without any message the link is dead, in milliseconds.
pub const SILENCE_MOST: u32 = 25_000;
/// How long either side has for the whole handshake, in milliseconds.
pub const HANDSHAKE_MOST: u32 = 10_000;
/// An agent's sign of life: a text message and no frame, so that the runtime answers it while the object sleeps.
pub const HEARTBEAT: &str = crate::types::live::PING;
/// What it hears.
pub const HEARTBEAT_ANSWER: &str = crate::types::live::PONG;

/// Closed with this code: what was said is no frame, or none that could stand there.
pub const CLOSE_BROKEN: u16 = 4400;
/// Closed with this code: the handshake failed; the refusal before it says why.
pub const CLOSE_REFUSED: u16 = 4401;
/// Closed with this code: nothing was heard for too long.
pub const CLOSE_SILENT: u16 = 4408;
/// Closed with this code: a goodbye before it says why.
pub const CLOSE_GOODBYE: u16 = 4000;
