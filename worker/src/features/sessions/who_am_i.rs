//! Who calls, and where.

use drawbridge_contract::endpoints::ReadSession;
use drawbridge_contract::types::sessions::{Caller, Me, WhoAmI};
use drawbridge_contract::types::tenants::TenantRef;

use crate::http::{Call, Failure, Reply, Scope};
use crate::json;

/// Answers from what the check of the caller found alone.
pub(super) async fn handle(call: Call<ReadSession, Scope>) -> Result<Reply<Caller>, Failure> {
    let scope = &call.scope;
    let Some(credential) = scope.credential() else {
        let who = who_am_i(scope)?;
        return Ok(Reply::new(Caller {
            session: Some(who.session),
            expires_at: Some(who.expires_at),
            user: Some(who.user),
            tenant: who.tenant,
            role: who.role,
            tenants: who.tenants,
            by_sso: who.by_sso,
            credential: None,
        }));
    };
    let tenant = scope.tenant_ref();
    Ok(Reply::new(Caller {
        session: None,
        expires_at: credential.known.expires_at,
        user: credential.me.clone(),
        tenant: tenant.clone(),
        role: scope.role(),
        tenants: vec![tenant.clone()],
        by_sso: false,
        credential: Some(credential.known.clone()),
    }))
}

/// The scope in the words of the contract.
pub fn who_am_i(scope: &Scope) -> Result<WhoAmI, Failure> {
    let row = scope.session()?;
    let mut tenants: Vec<TenantRef> = json::read(&row.tenants)?;
    tenants.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(WhoAmI {
        session: row.session_id.clone(),
        expires_at: row.expires_at(),
        user: Me {
            id: row.user_id.clone(),
            email: row.email.clone(),
            first_name: row.first_name.clone(),
            last_name: row.last_name.clone(),
        },
        tenant: scope.tenant_ref().clone(),
        role: scope.role(),
        tenants,
        by_sso: scope.is_by_sso(),
    })
}
