//! Switching to another of the caller's tenants, without signing in again.

use drawbridge_contract::endpoints::SwitchTenant;
use drawbridge_contract::types::sessions::WhoAmI;
use drawbridge_domain::id::Id;

use crate::features::audit::{self, Record};
use crate::features::sessions::switch_statements;
use crate::features::sessions::who_am_i::who_am_i;
use crate::http::{Call, Failure, Reply, Scope, authenticate};
use crate::ports::DbError;

/// Switches the session.
pub(super) async fn handle(call: Call<SwitchTenant, Scope>) -> Result<Reply<WhoAmI>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    let tenant = &call.params.tenant;
    // The record stands in the tenant that is left: its log tells when the session went elsewhere.
    let own = scope.session()?;
    let record = Record::done("session.switched", "session", own.session_id.as_str(), &scope.user_name());
    match audit::commit(services, scope, switch_statements(own, tenant), &[record]).await {
        Err(DbError::Guard) => return Err(Failure::not_found("tenant")),
        result => result?,
    };
    let scope = authenticate::by_session(services, scope).await?;
    Ok(Reply::new(who_am_i(&scope)?))
}
