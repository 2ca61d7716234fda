//! Single sign-on of a tenant by OpenID Connect.

use drawbridge_domain::role::Role;
use drawbridge_domain::sso::SsoStatus;
use drawbridge_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::SecretText;

/// The tenant's single sign-on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct SingleSignOn {
    /// How far it is.
    pub status: SsoStatus,
    /// The redirect URL to register at the provider.
    pub redirect_url: String,
    /// The tenant's own sign-in address.
    pub sign_in_url: String,
    /// What is set; absent while nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<SsoSettings>,
    /// The email domains that the tenant names as its own, by name.
    pub domains: Vec<SsoDomain>,
}

/// What is set; the client's secret is never told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct SsoSettings {
    /// The provider, by the address that it gives itself.
    pub issuer: String,
    /// The client id that the provider gave.
    pub client_id: String,
    /// What is asked for, with spaces between.
    pub scopes: String,
    /// What stands on the button of the sign-in page.
    pub label: String,
    /// The role of people who join by themselves.
    pub default_role: Role,
    /// Whether people of a proved domain become users by signing in.
    pub auto_join: bool,
    /// When a test sign-in last worked with these settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tested_at: Option<Timestamp>,
    /// As whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tested_as: Option<String>,
    /// When somebody last signed in with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
}

/// An email domain and its proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct SsoDomain {
    /// The domain.
    pub domain: String,
    /// The name of the TXT record that proves it.
    pub record_name: String,
    /// The text of that record.
    pub record_value: String,
    /// When the DNS last showed the record, which is looked up every day; absent: the domain is not proved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proved_at: Option<Timestamp>,
    /// Whether the DNS has not shown the record for days. The domain counts all the same, but another tenant that
    /// proves it may take it over.
    #[serde(default)]
    pub missing: bool,
}

/// A change; what is absent stays. The first one names issuer, client id and secret, and so does another issuer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChangeSso {
    /// The provider, by the address that it gives itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The client id that the provider gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The client's secret; absent or empty: the present one stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<SecretText>,
    /// What to ask for, with spaces between; `openid` among it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<String>,
    /// What stands on the button of the sign-in page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The role of people who join by themselves; none of an administrator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_role: Option<Role>,
    /// Whether people of a proved domain become users by signing in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_join: Option<bool>,
}

/// Where to send the browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct SsoStart {
    /// The provider's address, for the whole window.
    pub url: String,
}

/// An email domain that the tenant names as its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct NameDomain {
    /// The domain.
    pub domain: String,
}

/// An email domain in a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct DomainPath {
    /// The domain.
    pub domain: String,
}

/// A tenant's name in addresses, in a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct SlugPath {
    /// The name.
    pub slug: String,
}

/// What a tenant's own sign-in page offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct SignInOffer {
    /// The tenant's name.
    pub tenant_name: String,
    /// What stands on the button.
    pub label: String,
}

/// The caller's own identity at the tenant's provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct OwnIdentity {
    /// What stands on the tenant's button; absent while single sign-on is off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// As whom the provider knows the caller; absent: not connected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connected_as: Option<String>,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connected_at: Option<Timestamp>,
    /// Whether the account has a password besides.
    pub has_password: bool,
}
