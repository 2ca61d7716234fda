//! The current tenant's settings, and the caller's tenants.

use drawbridge_contract::endpoints::{ListTenants, ReadCredentialPolicy, ReadTenant};
use drawbridge_contract::types::List;
use drawbridge_contract::types::tenants::{CredentialPolicy, Tenant, TenantRef};
use drawbridge_domain::time::Timestamp;

use super::store;
use crate::features::sessions::who_am_i::who_am_i;
use crate::http::{Call, Failure, Reply, Scope};
use crate::services::Services;

/// Reads the current tenant.
pub(super) async fn handle(call: Call<ReadTenant, Scope>) -> Result<Reply<Tenant>, Failure> {
    reply(&call.services, &call.scope).await
}

/// Reads the rules for apps and tokens alone.
pub(super) async fn policy(
    call: Call<ReadCredentialPolicy, Scope>,
) -> Result<Reply<CredentialPolicy>, Failure> {
    Ok(Reply::new(reply(&call.services, &call.scope).await?.answer.credentials))
}

/// Lists the caller's tenants.
pub(super) async fn list(call: Call<ListTenants, Scope>) -> Result<Reply<List<TenantRef>>, Failure> {
    Ok(Reply::new(List { items: who_am_i(&call.scope)?.tenants, next_cursor: None }))
}

/// The tenant as it is now.
pub(super) async fn reply(services: &Services, scope: &Scope) -> Result<Reply<Tenant>, Failure> {
    let row = store::read(services, scope).await?.ok_or_else(|| Failure::not_found("tenant"))?;
    let tenant = Tenant {
        id: row.id,
        slug: row.slug,
        name: row.name,
        credentials: CredentialPolicy {
            show_secrets_once: row.show_secrets_once != 0,
            max_token_days: row.max_token_days,
        },
        created_at: Timestamp::from_millis(row.created_at),
    };
    Ok(Reply::versioned(tenant, row.version))
}
