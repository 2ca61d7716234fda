//! Switching single sign-on on, once it was tested, and off.

use drawbridge_contract::endpoints::{DisableSso, EnableSso};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::sso::SingleSignOn;
use drawbridge_domain::sso::{SsoStatus, enable_refusal};

use super::{may_change, not_set_up, read, store};
use crate::features::audit::{self, Record};
use crate::http::{Call, Failure, Reply, Scope};
use crate::services::Services;

/// Switches it on.
pub(super) async fn on(call: Call<EnableSso, Scope>) -> Result<Reply<SingleSignOn>, Failure> {
    turn(&call.services, &call.scope, true).await
}

/// Switches it off; the sessions that it began end.
pub(super) async fn off(call: Call<DisableSso, Scope>) -> Result<Reply<SingleSignOn>, Failure> {
    turn(&call.services, &call.scope, false).await
}

async fn turn(services: &Services, scope: &Scope, on: bool) -> Result<Reply<SingleSignOn>, Failure> {
    may_change(scope)?;
    let row = store::find(services, scope.tenant()).await?.ok_or_else(not_set_up)?;
    let status = row.status();
    let refused = match (on, status == SsoStatus::On) {
        (true, true) => Some("Single sign-on is on already."),
        (false, false) => Some("Single sign-on is off already."),
        (true, false) => enable_refusal(status),
        (false, true) => None,
    };
    if let Some(words) = refused {
        return Err(Failure::new(ProblemCode::Conflict, words));
    }
    let mut changes = store::switch(scope, row.version, on);
    if !on {
        changes.push(store::end_sessions(scope));
    }
    let record = Record::done(if on { "sso.enabled" } else { "sso.disabled" }, "sso", "", &row.label);
    audit::commit(services, scope, changes, &[record]).await?;
    read::reply(services, scope).await
}
