//! Apps: machine identities of a tenant.

use drawbridge_domain::credential::{AppStatus, Grace};
use drawbridge_domain::id::AppId;
use drawbridge_domain::network::Network;
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::query::paged;
use super::{Person, SecretText};

/// How access tokens of an app are signed (RFC 7518 §3.1, RFC 8037 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum TokenAlgorithm {
    /// Ed25519: quick and short.
    #[default]
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// RSA with SHA-256, for resource servers that know nothing newer.
    #[serde(rename = "RS256")]
    Rs256,
}

/// When and from where a credential was last used, to the minute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct LastUse {
    /// When.
    pub at: Timestamp,
    /// Network address.
    pub address: String,
    /// Country, as two letters, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// A secret as far as it is told again and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct SecretInfo {
    /// Its prefix and last four characters.
    pub hint: String,
    /// Whether it is kept so that it can be shown again.
    pub viewable: bool,
    /// Until when it works; absent for the present one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// When it was last used, to the minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
}

/// A machine identity of the tenant. Its secret is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct App {
    /// The app; it is its `client_id` too.
    pub id: AppId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// How it stands.
    pub status: AppStatus,
    /// What it may do.
    pub scopes: ApiScopes,
    /// From where it may be used; empty: from anywhere.
    pub addresses: Vec<Network>,
    /// When it ends; absent: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// How its access tokens are signed.
    pub token_algorithm: TokenAlgorithm,
    /// The present secret first, then the one before it while it works.
    pub secrets: Vec<SecretInfo>,
    /// Its last use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used: Option<LastUse>,
    /// Who made it.
    pub created_by: Person,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An app with a secret that is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AppWithSecret {
    /// The app.
    pub app: App,
    /// Its new secret. An answer that is repeated for the same `Idempotency-Key` is without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretText>,
}

/// The secrets of an app, shown again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AppSecrets {
    /// The `client_id`.
    pub client_id: AppId,
    /// The `client_secret`.
    pub client_secret: SecretText,
    /// The one before it, while it works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<SecretText>,
}

/// An app to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct CreateApp {
    /// Its name: 1 to 200 characters.
    pub name: String,
    /// What it is for: up to 1000 characters.
    #[serde(default)]
    pub description: String,
    /// What it may do; absent: full access.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<ApiScopes>,
    /// From where it may be used; empty: from anywhere.
    #[serde(default)]
    pub addresses: Vec<String>,
    /// When it ends; absent: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// How its access tokens are signed; absent: `EdDSA`.
    #[serde(default)]
    pub token_algorithm: TokenAlgorithm,
}

/// A change of an app; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChangeApp {
    /// Its new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What it may do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<ApiScopes>,
    /// From where it may be used; empty: from anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addresses: Option<Vec<String>>,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// True: it has no end any more; then `expiresAt` must be absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub never_expires: Option<bool>,
    /// How its access tokens are signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_algorithm: Option<TokenAlgorithm>,
}

/// How to rotate a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct RotateSecret {
    /// How long the present secret works beside the new one.
    pub grace: Grace,
}

/// An app in a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AppPath {
    /// The app.
    pub app: AppId,
}

paged! {
    /// Which apps to list, the newest first.
    ListAppsQuery {
        /// Only those whose name or description holds this text, whatever the case, or whose `client_id` it is.
        search: String,
        /// Only those that are not over and end before this time.
        ends_before: Timestamp,
    }
}
