//! The beginning of a session.

use drawbridge_domain::id::{AccountId, SessionId, TenantId};
use drawbridge_domain::time::SECOND;

use crate::encoding::hashed;
use crate::features::people::store::{NewSession, add_session};
use crate::http::authenticate::ABSOLUTE_LIFE;
use crate::http::{Facts, Failure, cookies};
use crate::new_id;
use crate::ports::Statement;
use crate::services::Services;

/// A session that is about to begin: the statement that records it, and the cookie that proves it.
pub struct Beginning {
    /// The session.
    pub id: SessionId,
    /// Records it; belongs in a batch.
    pub statement: Statement,
    /// The `Set-Cookie`.
    pub cookie: String,
    /// The hash of its secret, to find it again.
    pub secret_hash: String,
}

/// Prepares a session with a secret of 256 random bits, of which only the hash is kept.
pub fn begin(
    services: &Services,
    facts: &Facts,
    account: &AccountId,
    tenant: &TenantId,
) -> Result<Beginning, Failure> {
    let now = services.now();
    let id = new_id!(services, SessionId)?;
    let secret = services.new_secret()?;
    let secret_hash = hashed(&secret);
    let session =
        NewSession { id: &id, secret_hash: &secret_hash, account, tenant, expires: now.plus(ABSOLUTE_LIFE) };
    let statement = add_session(&session, facts, now);
    let cookie = cookies::set_session(&secret, ABSOLUTE_LIFE / SECOND);
    Ok(Beginning { id, statement, cookie, secret_hash })
}
