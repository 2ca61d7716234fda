//! Ways to authenticate at a service.

use serde::{Deserialize, Serialize};

use super::{AtTarget, Field, Login, OauthClientCredentials, OauthCode, Template, TokenValue};

/// One way to authenticate; the console makes its form from `fields`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuthWay {
    /// Id within the connector, in kebab-case.
    pub id: String,
    /// What the choice is called.
    pub label: String,
    /// When to choose it, and what one needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// What relative paths are appended to with this way, where it differs from the definition's base URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<Template>,
    /// What this way asks for beyond the connector's settings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// What is done with it.
    pub scheme: AuthScheme,
}

impl AuthWay {
    /// Whether a person must sign in at the provider.
    pub fn is_interactive(&self) -> bool {
        matches!(self.scheme, AuthScheme::OauthCode(_))
    }

    /// The parameters for sign-in by authorization code, where this is that way.
    pub fn oauth_code(&self) -> Option<&OauthCode> {
        if let AuthScheme::OauthCode(oauth) = &self.scheme { Some(oauth) } else { None }
    }

    /// Who has the credentials for a gateway's target, where this is the way through one.
    pub fn login(&self) -> Option<Login> {
        if let AuthScheme::Gateway(at) = &self.scheme { Some(at.login) } else { None }
    }

    /// The values that the token answer adds.
    pub fn token_values(&self) -> &[TokenValue] {
        match &self.scheme {
            AuthScheme::OauthCode(oauth) => &oauth.token_values,
            AuthScheme::OauthClientCredentials(oauth) => &oauth.token_values,
            AuthScheme::Basic(_) | AuthScheme::ApiKey(_) | AuthScheme::Bearer(_) | AuthScheme::Gateway(_) => {
                &[]
            }
        }
    }
}

/// How credentials are obtained and added to a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum AuthScheme {
    /// OAuth 2.0 authorization code: a person signs in at the provider and consents.
    OauthCode(Box<OauthCode>),
    /// OAuth 2.0 client credentials: the connection itself is the identity.
    OauthClientCredentials(Box<OauthClientCredentials>),
    /// HTTP basic.
    Basic(Basic),
    /// A key in a header or in the query.
    ApiKey(ApiKey),
    /// A fixed token, sent as `Authorization: Bearer`.
    Bearer(Bearer),
    /// The gateway signs in at its target.
    Gateway(AtTarget),
}

/// HTTP basic; both parts are text templates over the way's fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Basic {
    /// User name, such as `{username}` or `{email}/token`.
    pub username: Template,
    /// Password.
    pub password: Template,
}

/// A key in a header or in the query; name and value are text templates over the way's fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiKey {
    /// Header or query.
    #[serde(rename = "in")]
    pub place: KeyPlace,
    /// Name of the header or query parameter.
    pub name: Template,
    /// What is sent, such as `{apiKey}` or `Token {apiKey}`.
    pub value: Template,
}

/// A fixed token, sent as `Authorization: Bearer`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Bearer {
    /// The token, from a secret field of the way.
    pub token: Template,
}

/// Where an API key is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum KeyPlace {
    /// In a request header.
    Header,
    /// In the query of the URL.
    Query,
}
