//! OAuth 2.0: by authorization code, and by client credentials.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Refresh, Registration, Revocation, Scopes, Template, TokenAuthMethod, TokenBody, TokenValue};

/// OAuth 2.0 authorization code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OauthCode {
    /// Where the browser is sent.
    pub authorization_url: Template,
    /// Where codes and refresh tokens are exchanged.
    pub token_url: Template,
    /// How a grant is withdrawn, where the provider offers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation: Option<Revocation>,
    /// The issuer that the authorization answer must name in `iss` (RFC 9207); absent: not checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Template>,
    /// What is asked for.
    pub scopes: Scopes,
    /// Whether the provider takes a PKCE challenge (S256).
    pub pkce: bool,
    /// How the client proves itself at the token endpoint.
    pub token_auth_method: TokenAuthMethod,
    /// How the token request's body is written.
    #[serde(default, skip_serializing_if = "TokenBody::is_form")]
    pub token_body: TokenBody,
    /// Further parameters of the authorization URL.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra_authorization_params: BTreeMap<String, Template>,
    /// Further parameters of every token request.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra_token_params: BTreeMap<String, Template>,
    /// How access tokens are renewed; absent: the provider gives no refresh tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh: Option<Refresh>,
    /// Life of an access token where the answer carries no `expires_in`; absent too: unknown, probe it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_expiry_seconds: Option<u64>,
    /// What to keep of the token answer beyond the tokens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub token_values: Vec<TokenValue>,
    /// Where and how an OAuth client is registered at the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<Registration>,
    /// An OAuth client that comes with the definition; sandbox only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub builtin_client: Option<BuiltinClient>,
    /// The client from fields of the way, instead of a registered one. Needed where a person types the token
    /// endpoint: a registered client's secret goes only to endpoints that the definition names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_client: Option<OwnClient>,
}

/// An OAuth client that belongs to one connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OwnClient {
    /// Client id, from a field of the way.
    pub client_id: Template,
    /// Client secret, from a secret field of the way.
    pub client_secret: Template,
}

/// OAuth 2.0 client credentials.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OauthClientCredentials {
    /// Where tokens are had.
    pub token_url: Template,
    /// Client id, from a field of the way.
    pub client_id: Template,
    /// Client secret, from a secret field of the way.
    pub client_secret: Template,
    /// What is asked for.
    pub scopes: Scopes,
    /// How the client proves itself at the token endpoint.
    pub token_auth_method: TokenAuthMethod,
    /// How the token request's body is written.
    #[serde(default, skip_serializing_if = "TokenBody::is_form")]
    pub token_body: TokenBody,
    /// Further parameters of the token request.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra_token_params: BTreeMap<String, Template>,
    /// Life of an access token where the answer carries no `expires_in`; absent too: unknown, probe it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_expiry_seconds: Option<u64>,
    /// What to keep of the token answer beyond the token.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub token_values: Vec<TokenValue>,
}

/// An OAuth client that comes with a sandbox definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BuiltinClient {
    /// Client id.
    pub client_id: String,
    /// Client secret; public knowledge, since it opens the sandbox only.
    pub client_secret: String,
}
