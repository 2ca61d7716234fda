//! Who is signed in, and where.

use drawbridge_contract::endpoints::ReadSession;
use drawbridge_contract::types::sessions::{Me, WhoAmI};
use drawbridge_contract::types::tenants::TenantRef;

use crate::http::{Call, Failure, Reply, Scope};
use crate::json;

/// Answers from the session check's row alone.
pub(super) async fn handle(call: Call<ReadSession, Scope>) -> Result<Reply<WhoAmI>, Failure> {
    Ok(Reply::new(who_am_i(&call.scope)?))
}

/// The scope in the words of the contract.
pub fn who_am_i(scope: &Scope) -> Result<WhoAmI, Failure> {
    let row = scope.row();
    let mut tenants: Vec<TenantRef> = json::read(&row.tenants)?;
    tenants.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(WhoAmI {
        session: row.session_id.clone(),
        expires_at: scope.expires_at(),
        user: Me {
            id: row.user_id.clone(),
            email: row.email.clone(),
            first_name: row.first_name.clone(),
            last_name: row.last_name.clone(),
        },
        tenant: TenantRef {
            id: row.tenant_id.clone(),
            slug: row.tenant_slug.clone(),
            name: row.tenant_name.clone(),
        },
        role: scope.role(),
        tenants,
        by_sso: scope.is_by_sso(),
    })
}
