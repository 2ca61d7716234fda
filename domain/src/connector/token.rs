//! What is particular about a provider's token, revocation and registration.

use serde::{Deserialize, Serialize};

use super::{Format, Template, Values};

/// How a client proves itself at the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum TokenAuthMethod {
    /// `client_secret_basic`: in the `Authorization` header.
    Basic,
    /// `client_secret_post`: in the body.
    Post,
    /// No secret, only the client id.
    None,
    /// As the person chose: the id of a select field with the options `basic` and `post`.
    Field(String),
}

impl TokenAuthMethod {
    /// The method for a connection with these values; never [`TokenAuthMethod::Field`].
    #[must_use]
    pub fn resolve(&self, values: &Values) -> Self {
        match self {
            Self::Field(field) if values.get(field).is_some_and(|value| value == "post") => Self::Post,
            Self::Field(_) => Self::Basic,
            fixed => fixed.clone(),
        }
    }
}

/// How a token request's body is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum TokenBody {
    /// As a form, as the standard has it.
    #[default]
    Form,
    /// As a JSON object.
    Json,
}

impl TokenBody {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    pub(super) fn is_form(&self) -> bool {
        *self == Self::Form
    }
}

/// How access tokens are renewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Refresh {
    /// Whether a use of a refresh token can yield a new one and end the old one.
    pub rotates: bool,
    /// The scope without which the provider gives no refresh token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Life of an unused refresh token, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_seconds: Option<u64>,
}

/// How a grant is withdrawn at the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Revocation {
    /// Where.
    pub url: Template,
    /// How.
    #[serde(default)]
    pub style: RevocationStyle,
    /// Which token is named there.
    #[serde(default)]
    pub token: RevokedToken,
    /// How the client proves itself there, where it differs from the token endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_method: Option<TokenAuthMethod>,
}

/// How a revocation call looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum RevocationStyle {
    /// RFC 7009: a POST with the token as `token`.
    #[default]
    Standard,
    /// A DELETE with the access token as bearer.
    DeleteWithToken,
}

/// Which token a revocation call names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum RevokedToken {
    /// The refresh token; the access token where there is none.
    #[default]
    RefreshToken,
    /// The access token.
    AccessToken,
}

/// A value of the token answer that is kept and may be named in templates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenValue {
    /// Its name in templates.
    pub id: String,
    /// Its name in the token answer.
    pub from: String,
    /// What it must look like; the answer is refused otherwise.
    #[serde(default)]
    pub format: Format,
    /// Whether an answer without it is refused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
}

/// Where and how an OAuth client is registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Registration {
    /// The provider's page for it.
    pub url: String,
    /// The steps, in plain words.
    pub help: String,
}
