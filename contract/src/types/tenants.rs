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

/// A change of a tenant's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChangeTenant {
    /// Its new name.
    pub name: String,
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
