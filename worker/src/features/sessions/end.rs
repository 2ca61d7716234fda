//! The end of a session: one's own, or another of one's own.

use drawbridge_contract::endpoints::{EndSession, SignOut};
use drawbridge_contract::types::Nothing;
use drawbridge_domain::id::{Id, SessionId};

use super::store;
use crate::features::audit::{self, Record};
use crate::http::{Call, Failure, Reply, Scope, cookies};
use crate::ports::DbError;
use crate::services::Services;

/// Signs out.
pub(super) async fn own(call: Call<SignOut, Scope>) -> Result<Reply<Nothing>, Failure> {
    end(&call.services, &call.scope, &call.scope.session()?.session_id).await?;
    Ok(Reply::new(Nothing {}).with_cookie(cookies::clear_session()))
}

/// Ends one of the caller's sessions.
pub(super) async fn one(call: Call<EndSession, Scope>) -> Result<Reply<Nothing>, Failure> {
    end(&call.services, &call.scope, &call.params.session).await?;
    Ok(Reply::new(Nothing {}))
}

async fn end(services: &Services, scope: &Scope, session: &SessionId) -> Result<(), Failure> {
    let record = Record::done("session.ended", "session", session.as_str(), &scope.user_name());
    let changes = store::end_session(scope.session()?, session);
    match audit::commit(services, scope, changes, &[record]).await {
        Err(DbError::Guard) => Err(Failure::not_found("session")),
        result => result.map(|_| ()).map_err(Failure::from),
    }
}
