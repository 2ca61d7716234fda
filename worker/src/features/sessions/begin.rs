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

/// Prepares a session of somebody who proved the account's password.
pub fn begin(
    services: &Services,
    facts: &Facts,
    account: &AccountId,
    tenant: &TenantId,
) -> Result<Beginning, Failure> {
    prepare(services, facts, account, tenant, false)
}

/// Prepares a session that rests on the word of the tenant's provider, and is good for that tenant only.
pub fn begin_by_sso(
    services: &Services,
    facts: &Facts,
    account: &AccountId,
    tenant: &TenantId,
) -> Result<Beginning, Failure> {
    prepare(services, facts, account, tenant, true)
}

/// A session has a secret of 256 random bits, of which only the hash is kept.
fn prepare(
    services: &Services,
    facts: &Facts,
    account: &AccountId,
    tenant: &TenantId,
    by_sso: bool,
) -> Result<Beginning, Failure> {
    let now = services.now();
    let id = new_id!(services, SessionId)?;
    let secret = services.new_secret()?;
    let secret_hash = hashed(&secret);
    let session = NewSession {
        id: &id,
        secret_hash: &secret_hash,
        account,
        tenant,
        by_sso,
        expires: now.plus(ABSOLUTE_LIFE),
    };
    let statement = add_session(&session, facts, now);
    let cookie = cookies::set_session(&secret, ABSOLUTE_LIFE / SECOND);
    Ok(Beginning { id, statement, cookie, secret_hash })
}
