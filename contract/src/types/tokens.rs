//! Personal access tokens.

use drawbridge_domain::credential::TokenStatus;
use drawbridge_domain::id::{TokenId, UserId};
use drawbridge_domain::network::Network;
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::apps::{LastUse, SecretInfo};
use super::query::paged;
use super::{Person, SecretText};

/// A user's own token. The token itself is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Token {
    /// The token's record; safe to log.
    pub id: TokenId,
    /// Its name.
    pub name: String,
    /// How it stands.
    pub status: TokenStatus,
    /// What of its user's reach it has.
    pub scopes: ApiScopes,
    /// From where it may be used; empty: from anywhere.
    pub addresses: Vec<Network>,
    /// The present secret first, then the one before it while it works.
    pub secrets: Vec<SecretInfo>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
    /// Its last use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used: Option<LastUse>,
    /// Whose it is.
    pub created_by: Person,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A token with its secret, which is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TokenWithSecret {
    /// The token's record.
    pub token: Token,
    /// The token itself. An answer that is repeated for the same `Idempotency-Key` is without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretText>,
}

/// A token, shown again to its owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TokenSecrets {
    /// The token itself.
    pub secret: SecretText,
    /// The one before it, while it works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<SecretText>,
}

/// A token to make, for oneself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct CreateToken {
    /// Its name: 1 to 200 characters.
    pub name: String,
    /// When it ends; absent: after the longest life that the tenant allows, and no later than the token that asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// What of its user's reach it has; absent: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<ApiScopes>,
    /// From where it may be used; empty: from anywhere.
    #[serde(default)]
    pub addresses: Vec<String>,
}

/// A change of a token; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChangeToken {
    /// Its new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it keeps of its scopes: none may be added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<ApiScopes>,
    /// From where it may be used; empty: from anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addresses: Option<Vec<String>>,
}

/// A token in a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TokenPath {
    /// The token.
    pub token: TokenId,
}

paged! {
    /// Which tokens to list, the newest first. Who is no administrator sees their own only.
    ListTokensQuery {
        /// Only those whose name holds this text, whatever the case, or whose identifier it is.
        search: String,
        /// Only those of this user.
        user: UserId,
        /// Only those that are not over and end before this time.
        ends_before: Timestamp,
    }
}
