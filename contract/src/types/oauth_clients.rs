//! OAuth clients: what an organisation registered at a provider.

use drawbridge_domain::id::OAuthClientId;
use drawbridge_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::query::paged;
use super::{Person, SecretText};

/// A registered client; the secret is never told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct OAuthClient {
    /// The client's record here.
    pub id: OAuthClientId,
    /// The connector that it is for.
    pub connector: String,
    /// A name to tell several apart.
    pub name: String,
    /// The client id that the provider gave.
    pub client_id: String,
    /// The redirect URL to register at the provider.
    pub redirect_url: String,
    /// How many connections were made through it.
    pub connections: u32,
    /// Who registered it.
    pub created_by: Person,
    /// When it was registered here.
    pub created_at: Timestamp,
}

/// A client to register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct CreateOAuthClient {
    /// The connector that it is for.
    pub connector: String,
    /// A name to tell several apart.
    pub name: String,
    /// The client id that the provider gave.
    pub client_id: String,
    /// The client secret that the provider gave.
    pub client_secret: SecretText,
}

/// A change of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChangeOAuthClient {
    /// Its new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its new client id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Its new secret; absent or empty: the present one is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<SecretText>,
}

paged! {
    /// Which clients to list.
    ListOAuthClientsQuery {
        /// Only those of this connector.
        connector: String,
    }
}

/// A client in a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct OAuthClientPath {
    /// The client.
    pub client: OAuthClientId,
}
