//! The texts that an agent signs with its Ed25519 key.
//!
//! Each begins with what it is for, so that a signature for one purpose is worth nothing for another, and names the
//! server as the agent knows it, so that a server that is not the right one cannot pass a challenge on.

use drawbridge_domain::id::{GatewayId, Id, ReplicaId};

/// The length of a nonce, in bytes.
pub const NONCE: usize = 32;

/// What a link is proved with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof<'a> {
    /// The server's origin, such as `https://drawbridge.example.org`: for the agent where it dialled, for the server
    /// what it is called.
    pub server: &'a str,
    /// The gateway.
    pub gateway: &'a GatewayId,
    /// The replica.
    pub replica: &'a ReplicaId,
    /// The server's nonce, made for this link.
    pub server_nonce: &'a [u8; NONCE],
    /// The agent's nonce, made for this link.
    pub agent_nonce: &'a [u8; NONCE],
}

impl Proof<'_> {
    /// The text to be signed.
    pub fn text(&self) -> String {
        lines(&[
            "drawbridge gateway link, version 1",
            self.server,
            self.gateway.as_str(),
            self.replica.as_str(),
            &hex(self.server_nonce),
            &hex(self.agent_nonce),
        ])
    }
}

/// What the new key of a rotation is proved with: signed by the old key, and by the new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey<'a> {
    /// The server's origin.
    pub server: &'a str,
    /// The gateway.
    pub gateway: &'a GatewayId,
    /// The replica.
    pub replica: &'a ReplicaId,
    /// The server's nonce, made for this rotation.
    pub nonce: &'a [u8; NONCE],
    /// The new public key.
    pub key: &'a [u8; 32],
}

impl NewKey<'_> {
    /// The text to be signed.
    pub fn text(&self) -> String {
        lines(&[
            "drawbridge gateway key rotation, version 1",
            self.server,
            self.gateway.as_str(),
            self.replica.as_str(),
            &hex(self.nonce),
            &hex(self.key),
        ])
    }
}

/// What a new gateway's key is proved with when it enrols: the code is in it, so that the signature is good once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolling<'a> {
    /// The server's origin.
    pub server: &'a str,
    /// The one-time code, as [`drawbridge_domain::gateway::code`] normalises it.
    pub code: &'a str,
    /// The public key.
    pub key: &'a [u8; 32],
}

impl Enrolling<'_> {
    /// The text to be signed.
    pub fn text(&self) -> String {
        lines(&["drawbridge gateway enrolment, version 1", self.server, self.code, &hex(self.key)])
    }
}

/// What an agent proves itself with when it disconnects on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving<'a> {
    /// The server's origin.
    pub server: &'a str,
    /// The gateway.
    pub gateway: &'a GatewayId,
    /// The replica.
    pub replica: &'a ReplicaId,
    /// When, in milliseconds since 1970; good for five minutes.
    pub at: i64,
}

impl Leaving<'_> {
    /// The text to be signed.
    pub fn text(&self) -> String {
        lines(&[
            "drawbridge gateway leaving, version 1",
            self.server,
            self.gateway.as_str(),
            self.replica.as_str(),
            &self.at.to_string(),
        ])
    }
}

/// One part a line. A line end within a part would let one text stand for another: it is written as a space, which no
/// part can hold where it means something.
pub(super) fn lines(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.extend(part.chars().map(|letter| if letter == '\n' { ' ' } else { letter }));
        text.push('\n');
    }
    text
}

/// Bytes as they stand in messages and signed texts: hexadecimal digits, lower case.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The bytes in a text of exactly twice as many hexadecimal digits, lower case.
pub fn unhex<const LENGTH: usize>(text: &str) -> Option<[u8; LENGTH]> {
    let digits = text.as_bytes();
    if digits.len() != LENGTH * 2 {
        return None;
    }
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; LENGTH];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let &[high, low] = pair else { return None };
        *byte = (value(high)? << 4) | value(low)?;
    }
    Some(bytes)
}
