//! Who asks: an app or a token in the `Authorization` header, or else the session's cookie, looked up anew at each
//! request. What a session may do is decided from the database, never from the cookie.

use drawbridge_contract::endpoint::Reach;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::id::ConnectionId;
use drawbridge_domain::role::Role;
use drawbridge_domain::time::{DAY, HOUR, MINUTE};

use super::{Facts, Failure, Incoming, Scope, cookies};
use crate::encoding::hashed;
use crate::features::authority::{self, Quota};
use crate::services::Services;

mod store;

/// How long a session may lie unused, in milliseconds.
pub const IDLE_LIFE: i64 = 12 * HOUR;
/// How long a session lives whatever happens, in milliseconds.
pub const ABSOLUTE_LIFE: i64 = 14 * DAY;
/// How exactly the last use is noted, in milliseconds.
const TOUCH_EVERY: i64 = MINUTE;

/// The scope of a request's session.
pub async fn session(services: &Services, incoming: &Incoming, facts: &Facts) -> Result<Scope, Failure> {
    let scope = unused(services, incoming, facts).await?;
    let now = services.now();
    let row = scope.session()?;
    if now.millis() - row.last_used_at > TOUCH_EVERY {
        let touch = store::touch(row, now, facts);
        let db = std::rc::Rc::clone(&services.db);
        services.background.spawn(Box::pin(async move {
            // A note that gets lost is made at the next request.
            let _ = db.batch(vec![touch]).await;
        }));
    }
    Ok(scope)
}

/// The same for a request that is no use of the session: a page that lies open opens its WebSocket again and again,
/// and must not keep alive by it what nobody uses.
pub async fn unused(services: &Services, incoming: &Incoming, facts: &Facts) -> Result<Scope, Failure> {
    let Some(secret) = cookies::session_secret(incoming) else { return Err(signed_out()) };
    by_hash(services, &hashed(&secret), facts).await
}

/// The scope of a session that has just begun or changed.
pub async fn by_hash(services: &Services, secret_hash: &str, facts: &Facts) -> Result<Scope, Failure> {
    let row = store::find_session(services, secret_hash, services.now()).await?.ok_or_else(signed_out)?;
    Scope::from_session(row, facts.clone()).ok_or_else(|| Failure::internal("a role that is none"))
}

/// The scope of the same session as the database has it now.
pub async fn by_session(services: &Services, scope: &Scope) -> Result<Scope, Failure> {
    by_hash(services, &scope.session()?.secret_hash, scope.facts()).await
}

/// The scope of a bearer token, and how many calls it has left; with what there is to know of the connection that is to
/// be used, if one is.
pub async fn bearer(
    services: &Services,
    token: &str,
    facts: &Facts,
    connection: Option<ConnectionId>,
) -> Result<(Scope, Option<Quota>), Failure> {
    let borne = authority::bearer(services, token, facts, connection).await?;
    Ok((Scope::from_credential(borne.credential, borne.told, facts.clone()), borne.quota))
}

/// Refuses an app or a token that cannot call an endpoint. A session has all scopes.
pub fn reach(scope: &Scope, reach: Reach) -> Result<(), Failure> {
    let held = scope.scopes();
    match reach {
        Reach::SessionOnly => scope.session().map(|_| ()),
        Reach::Any => Ok(()),
        Reach::Scope(needed) if held.holds(needed) => Ok(()),
        Reach::Scope(needed) => Err(Failure::insufficient_scope(Some(needed), held)),
        Reach::Full if held.is_full() => Ok(()),
        Reach::Full => Err(Failure::insufficient_scope(None, held)),
    }
}

/// Refuses a caller whose role does not reach.
pub fn role(scope: &Scope, needed: Role) -> Result<(), Failure> {
    if scope.role().includes(needed) {
        return Ok(());
    }
    if scope.credential().is_some() && scope.person().is_none() {
        let words = format!("This needs the role {needed}; apps have the role {}.", scope.role());
        return Err(Failure::new(ProblemCode::NeedsRole, words));
    }
    Err(Failure::new(
        ProblemCode::NeedsRole,
        format!(
            "This needs the role {needed} or a higher one; yours is {}. An administrator of your tenant can change it.",
            scope.role()
        ),
    ))
}

/// Nobody is there.
pub(super) fn signed_out() -> Failure {
    Failure::new(ProblemCode::Unauthenticated, "Sign in, then try again.")
}
