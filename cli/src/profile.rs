//! Which server to ask, and with what credential.

mod file;
mod pick;

use std::collections::BTreeMap;

use drawbridge_contract::types::SecretText;
use drawbridge_domain::id::AppId;
use drawbridge_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::server::Server;

pub(crate) use file::File;
pub(crate) use pick::{Picked, Wish, environment, pick};

/// The profile that is meant where none is named.
pub(crate) const USUAL: &str = "default";

/// All that is kept of sign-ins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Profiles {
    /// The one that is used where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) current: Option<String>,
    /// All of them, by name.
    #[serde(default)]
    pub(crate) profiles: BTreeMap<String, Profile>,
}

/// A sign-in at a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Profile {
    /// The server; the credential goes to no other.
    pub(crate) server: Server,
    /// The credential.
    #[serde(flatten)]
    pub(crate) credential: Credential,
}

/// What a server is asked with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", untagged)]
pub(crate) enum Credential {
    /// A personal access token.
    Token {
        /// The token.
        token: SecretText,
    },
    /// An app.
    #[serde(rename_all = "camelCase")]
    App {
        /// Its `client_id`.
        client_id: AppId,
        /// Its `client_secret`.
        client_secret: SecretText,
        /// The access token that it was given last.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        access: Option<Access>,
    },
}

/// An access token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Access {
    /// The token.
    pub(crate) token: SecretText,
    /// When it ends.
    pub(crate) expires_at: Timestamp,
}
