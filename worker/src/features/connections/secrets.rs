//! A connection's secrets: one bundle, sealed whole, so that fields and tokens are never of different times.

use std::collections::BTreeMap;

use drawbridge_domain::id::{ConnectionId, Id, ReplicaId, TenantId};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::http::Failure;
use crate::json;
use crate::services::Services;
use crate::vault::Place;

/// The opened bundle. It cannot be printed, and is zeroed when dropped.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Bundle {
    /// The secret fields that were typed in, by their ids.
    #[serde(default)]
    pub(super) fields: BTreeMap<String, String>,
    /// The access token, where the way has one.
    #[serde(default)]
    pub(super) access_token: Option<String>,
    /// The refresh token, where the provider gave one.
    #[serde(default)]
    pub(super) refresh_token: Option<String>,
    /// What else of the token answer is kept, by its names in templates.
    #[serde(default)]
    pub(super) token_values: BTreeMap<String, String>,
    /// Credentials for a gateway's target, sealed to the keys of its machines. What is in them, nobody here can read.
    #[serde(default)]
    pub(super) boxes: BTreeMap<ReplicaId, String>,
}

impl Drop for Bundle {
    fn drop(&mut self) {
        self.fields.values_mut().for_each(Zeroize::zeroize);
        self.access_token.zeroize();
        self.refresh_token.zeroize();
    }
}

fn place<'a>(tenant: &'a TenantId, connection: &'a ConnectionId) -> Place<'a> {
    Place { tenant: tenant.as_str(), record: connection.as_str(), field: "secrets" }
}

impl Bundle {
    /// Seals the bundle for its connection.
    pub(super) fn seal(
        &self,
        services: &Services,
        tenant: &TenantId,
        connection: &ConnectionId,
    ) -> Result<String, Failure> {
        let text = Zeroizing::new(serde_json::to_vec(self)?);
        Ok(services.vault.seal(&*services.random, place(tenant, connection), &text)?)
    }

    /// Opens a connection's bundle.
    pub(super) fn open(
        services: &Services,
        tenant: &TenantId,
        connection: &ConnectionId,
        sealed: &str,
    ) -> Result<Self, Failure> {
        let opened = services.vault.open(place(tenant, connection), sealed).map_err(|error| {
            Failure::internal(format!("the secrets of {connection} do not open: {error:?}"))
        })?;
        Ok(json::read_secret(opened.bytes())?)
    }

    /// The names of what is set: the secret fields, and the machines that there are boxes for.
    pub(super) fn set(&self) -> Vec<String> {
        self.fields.keys().cloned().chain(self.boxes.keys().map(ToString::to_string)).collect()
    }

    /// Whether a text repeats one of the secrets, as it is or as it stands in an address.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let tokens = self.access_token.iter().chain(&self.refresh_token);
        let mut secrets = self.fields.values().chain(tokens).filter(|secret| secret.len() >= 4);
        secrets.any(|secret| {
            let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            text.contains(secret.as_str()) || text.contains(&encoded)
        })
    }

    /// A provider's words without any of the secrets, in case it repeats them, on one line and bounded.
    pub(super) fn clean(&self, words: &str) -> Option<String> {
        let mut words: String =
            words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect();
        let tokens = self.access_token.iter().chain(&self.refresh_token);
        for secret in self.fields.values().chain(tokens).filter(|secret| secret.len() >= 4) {
            words = words.replace(secret.as_str(), "…");
        }
        let words = words.trim();
        (!words.is_empty()).then(|| words.to_owned())
    }
}
