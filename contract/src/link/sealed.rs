//! Credentials that only an agent can read: sealed in the browser to the key of a replica, opened on its machine.
//!
//! HPKE (RFC 9180) in base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and ChaCha20-Poly1305. A box is the
//! encapsulated key (32 bytes) and then the ciphertext, in base64url without padding. The server keeps and passes on
//! boxes, one for each replica, and can open none.

#[cfg(feature = "sealing")]
mod hpke;

use std::fmt;

use drawbridge_domain::closed_list;
use drawbridge_domain::id::{GatewayId, Id, ReplicaId};
use serde::{Deserialize, Serialize};

#[cfg(feature = "sealing")]
pub use hpke::{Unsealable, open, public, seal};

use super::proof::lines;

/// The longest box, in characters.
pub const SEALED_MOST: usize = 8 * 1024;
/// The longest user name, password or token, in bytes.
pub const SECRET_MOST: usize = 4 * 1024;

/// What a box is for. It opens for nothing else: what the server says of any of it has to be what was sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose<'a> {
    /// The server's origin, as the agent dials it and the browser shows it.
    pub server: &'a str,
    /// The gateway.
    pub gateway: &'a GatewayId,
    /// The replica whose key it is sealed to.
    pub replica: &'a ReplicaId,
    /// The target's name in the agent's configuration.
    pub target: &'a str,
}

impl Purpose<'_> {
    /// The `info` of HPKE.
    pub fn text(&self) -> String {
        lines(&[
            "drawbridge gateway credentials, version 1",
            self.server,
            self.gateway.as_str(),
            self.replica.as_str(),
            self.target,
        ])
    }
}

/// A box, and the replica that can open it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SealedFor {
    /// The replica.
    pub replica: ReplicaId,
    /// The box.
    pub sealed: String,
}

impl fmt::Debug for SealedFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedFor").field("replica", &self.replica).finish_non_exhaustive()
    }
}

/// What is in a box. Nothing prints it.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Credentials {
    /// The user name, with `password`. For NTLM it may be `DOMAIN\name` or `name@domain`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The password, with `username`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// A token, in place of both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

closed_list! {
    feature "openapi",
    /// What a connection has to bring for a target.
    CredentialsWanted {
        /// User name and password.
        Password = "password", "user name and password";
        /// A token.
        Token = "token", "a token";
    }
}

impl Credentials {
    /// What it is, if it is one thing and can be used.
    pub fn kind(&self) -> Option<CredentialsWanted> {
        let fine =
            |text: &str| !text.is_empty() && text.len() <= SECRET_MOST && !text.chars().any(char::is_control);
        match (&self.username, &self.password, &self.token) {
            (Some(username), Some(password), None) if fine(username) && fine(password) => {
                Some(CredentialsWanted::Password)
            }
            (None, None, Some(token)) if fine(token) => Some(CredentialsWanted::Token),
            _ => None,
        }
    }
}
