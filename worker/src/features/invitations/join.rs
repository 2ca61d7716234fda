//! Accepting an invitation with the session one has: nobody signs in again. The session goes on in the tenant.

use drawbridge_contract::endpoints::AcceptWithSession;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::sessions::WhoAmI;
use drawbridge_domain::id::Id;

use super::accept::context;
use super::{gone, store};
use crate::encoding::hashed;
use crate::features::audit::{self, Record};
use crate::features::people::store as people;
use crate::features::sessions::switch_statements;
use crate::features::sessions::who_am_i::who_am_i;
use crate::http::{Call, Failure, Reply, Scope, authenticate};
use crate::ports::DbError;

/// Accepts it, where it is for the email that is signed in.
pub(super) async fn handle(call: Call<AcceptWithSession, Scope>) -> Result<Reply<WhoAmI>, Failure> {
    let (services, scope, token) = (&call.services, &call.scope, call.body.token.expose());
    scope.needs_password()?;
    let own = scope.session()?;
    let row = store::find(services, token).await?.ok_or_else(gone)?;
    if row.account_id.as_ref() != Some(&own.account_id) {
        let words = format!(
            "It is for {}, and you are signed in as {}. Sign out, then open the link again.",
            row.email, own.email
        );
        return Err(Failure::new(ProblemCode::OtherEmail, words));
    }
    let mut changes =
        people::accept(&row.tenant_id, &row.user_id, &own.account_id, &hashed(token), services.now());
    changes.extend(switch_statements(own, &row.tenant_id));
    let record = Record::done("invitation.accepted", "user", row.user_id.as_str(), &row.name());
    match audit::commit(services, context(&row, &call.facts), changes, &[record]).await {
        Err(DbError::Guard) => return Err(gone()),
        result => result?,
    };
    let scope = authenticate::by_session(services, scope).await?;
    Ok(Reply::new(who_am_i(&scope)?))
}
