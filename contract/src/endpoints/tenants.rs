//! Tenants.

use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::ApiScope;

use super::endpoint;
use crate::endpoint::{Access, Audit, Method, Reach};
use crate::problem::ProblemCode as P;
use crate::types::sessions::WhoAmI;
use crate::types::tenants::{
    ChangeTenant, CreateTenant, CredentialPolicy, Tenant, TenantPath, TenantRef, Usage,
};
use crate::types::{List, Nothing};

endpoint! {
    /// The current tenant's settings.
    ReadTenant {
        summary: "Read the current tenant", tag: "Tenants",
        method: Method::Get, path: "/api/v1/tenant", access: Access::Role(Role::AutomationAdministrator), reach: Reach::Full,
        etag: true,
    }
    Nothing, Nothing, Nothing => Tenant
}
endpoint! {
    /// Changes the current tenant's settings.
    ChangeTenantSettings {
        summary: "Change the current tenant", tag: "Tenants",
        method: Method::Patch, path: "/api/v1/tenant", access: Access::Role(Role::GlobalAdministrator), reach: Reach::Full,
        audit: Audit::Records(&["tenant.changed"]), etag: true, if_match: true,
    }
    Nothing, Nothing, ChangeTenant => Tenant
}
endpoint! {
    /// The current tenant's rules for apps and personal access tokens, for those who may make them.
    ReadCredentialPolicy {
        summary: "Read the rules for apps and tokens", tag: "Tenants",
        method: Method::Get, path: "/api/v1/tenant/credentials", access: Access::Role(Role::Developer),
        reach: Reach::Scope(ApiScope::ReadToken),
    }
    Nothing, Nothing, Nothing => CredentialPolicy
}
endpoint! {
    /// What the current tenant uses of its limits.
    ReadUsage {
        summary: "Read what the tenant uses of its limits", tag: "Tenants",
        method: Method::Get, path: "/api/v1/tenant/usage", access: Access::Role(Role::AutomationAdministrator), reach: Reach::Full,
    }
    Nothing, Nothing, Nothing => Usage
}
endpoint! {
    /// The tenants that the caller belongs to.
    ListTenants {
        summary: "List one's own tenants", tag: "Tenants",
        method: Method::Get, path: "/api/v1/tenants", access: Access::SignedIn,
    }
    Nothing, Nothing, Nothing => List<TenantRef>
}
endpoint! {
    /// Makes another tenant, of which the caller is the Global administrator.
    MakeTenant {
        summary: "Make another tenant", tag: "Tenants",
        method: Method::Post, path: "/api/v1/tenants", access: Access::Role(Role::GlobalAdministrator),
        success: 201, audit: Audit::Records(&["tenant.created"]), idempotent: true,
    }
    Nothing, Nothing, CreateTenant => TenantRef
}
endpoint! {
    /// Makes another of the caller's tenants the session's current one.
    SwitchTenant {
        summary: "Switch to another of one's own tenants", tag: "Tenants",
        method: Method::Post, path: "/api/v1/tenants/{tenant}/switch", access: Access::SignedIn,
        audit: Audit::Records(&["session.switched"]), problems: &[P::NotFound],
    }
    TenantPath, Nothing, Nothing => WhoAmI
}
