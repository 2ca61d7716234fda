//! The caller's own identity at the tenant's provider: connected by who is signed in with a password, since a
//! session of the provider's would only repeat its word.

use drawbridge_contract::endpoints::{ConnectOwnIdentity, DisconnectOwnIdentity, ReadOwnIdentity};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::sso::{OwnIdentity, SsoStart};
use drawbridge_domain::id::Id;
use drawbridge_domain::sso::SsoRefusal;
use drawbridge_domain::time::Timestamp;

use super::begin::{Purpose, Start, begin, too_many, unavailable};
use super::store;
use crate::features::audit::{self, Record};
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::DbError;

/// Reads it.
pub(super) async fn read(call: Call<ReadOwnIdentity, Scope>) -> Result<Reply<OwnIdentity>, Failure> {
    let row = store::own(&call.services, &call.scope, call.scope.account()?).await?;
    let row = row.ok_or_else(|| Failure::internal("a session without its account"))?;
    Ok(Reply::new(OwnIdentity {
        label: row.label,
        connected_as: row.known_as,
        connected_at: row.connected_at.map(Timestamp::from_millis),
        has_password: row.has_password != 0,
    }))
}

/// Starts the sign-in that connects.
pub(super) async fn connect(call: Call<ConnectOwnIdentity, Scope>) -> Result<Reply<SsoStart>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    scope.needs_password()?;
    let row = store::find(services, scope.tenant()).await?.filter(|row| row.enabled != 0);
    let off = || Failure::new(drawbridge_contract::problem::ProblemCode::NotFound, SsoRefusal::Off.words());
    let row = row.ok_or_else(off)?;
    let start = Start {
        purpose: Purpose::Connect,
        session: Some(&scope.session()?.session_id),
        invitation: None,
        return_path: "/",
        login_hint: None,
        browser: None,
    };
    let beginning = begin(services, &call.facts, &row, start).await?.map_err(unavailable)?;
    let record = Record::done("identity.connecting", "user", scope.user().as_str(), &scope.user_name());
    audit::commit(services, scope, beginning.statements, &[record]).await.map_err(too_many)?;
    Ok(Reply::new(SsoStart { url: beginning.url }).with_cookie(beginning.cookie))
}

/// Disconnects it; who has no password is refused, since nothing would be left to sign in with.
pub(super) async fn disconnect(call: Call<DisconnectOwnIdentity, Scope>) -> Result<Reply<Nothing>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    scope.needs_password()?;
    let record = Record::done("identity.disconnected", "user", scope.user().as_str(), &scope.user_name());
    match audit::commit(services, scope, store::disconnect(scope, scope.account()?), &[record]).await {
        Err(DbError::Guard) => Err(Failure::not_found("connected account")),
        result => result.map(|_| Reply::new(Nothing {})).map_err(Failure::from),
    }
}
