//! Tenants, their settings and what they use of each limit.

use drawbridge_domain::id::TenantId;
use drawbridge_domain::limits::Limited;
use drawbridge_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A tenant, as far as a switcher shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TenantRef {
    /// The tenant.
    pub id: TenantId,
    /// Its name in addresses of the console.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// A tenant with its settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Tenant {
    /// The tenant.
    pub id: TenantId,
    /// Its name in addresses of the console; it never changes.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The rules for apps and personal access tokens.
    pub credentials: CredentialPolicy,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A new tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct CreateTenant {
    /// Its name.
    pub name: String,
}

/// What a tenant demands of its apps and personal access tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct CredentialPolicy {
    /// Whether secrets are told once and only their hashes kept. Where it is switched on, secrets that were kept until
    /// then are destroyed.
    pub show_secrets_once: bool,
    /// The longest life of a personal access token, in days: 1 to 366. Older ones that live longer are blocked.
    pub max_token_days: u16,
}

/// A change of a tenant's settings; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChangeTenant {
    /// Its new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The rules for apps and personal access tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<CredentialPolicy>,
}

/// A tenant in a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TenantPath {
    /// The tenant.
    pub tenant: TenantId,
}

/// What the tenant uses of its limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Usage {
    /// One entry per limit.
    pub limits: Vec<LimitUse>,
}

/// The use of one limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct LimitUse {
    /// What is limited.
    pub limited: Limited,
    /// How many there are.
    pub used: u32,
    /// How many there may be.
    pub most: u32,
}
