//! What apps and personal access tokens may do just now: asked on every request that carries one, and told of every
//! change before the change is acknowledged.

mod hash;

pub use hash::{HashKey, keyed_hash, reseal};

use drawbridge_domain::id::{AppId, TokenId, UserId};

use crate::features::audit::{self, Record};
use crate::http::Scope;
use crate::ports::{DbError, Rows, Statement};
use crate::services::Services;

/// Whose credentials a change may concern.
#[derive(Debug, Clone)]
pub enum Affected {
    /// One app.
    App(AppId),
    /// One token.
    Token(TokenId),
    /// All tokens of a user of the tenant.
    User(UserId),
    /// All apps and tokens of the tenant.
    Tenant,
}

/// Carries changes out as [`audit::commit`] does; when it answers, no request is decided by what was before.
pub async fn commit(
    services: &Services,
    scope: &Scope,
    _affected: &[Affected],
    changes: Vec<Statement>,
    records: &[Record],
) -> Result<Vec<Rows>, DbError> {
    audit::commit(services, scope, changes, records).await
}
