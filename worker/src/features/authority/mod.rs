//! What apps and personal access tokens may do just now: asked on every request that carries one, and told of every
//! change before the change is acknowledged ([ADR 0011](../../../../docs/adr/0011-credential-authority.md)).

mod access_token;
mod app;
mod bearer;
mod concern;
mod hash;
mod heard;
mod message;
mod notice;
mod shard;
mod store;
mod watched;

pub use access_token::Claims;
pub use app::{AppState, PersonalState, Refused, app, personal, stands};
pub(crate) use bearer::bearer;
pub use hash::{HashKey, keyed_hash, reseal};
pub use heard::Heard;
pub use message::{Good, Quota};
pub use notice::end_notice;
pub use shard::Shard;
#[cfg(test)]
pub(crate) use store::misses;
pub use watched::watched;

use drawbridge_domain::id::{AppId, ConnectionId, TokenId, UserId};

use crate::features::audit::{self, Context, Record};
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
    /// What apps and tokens of the tenant are told of this connection when they use it.
    Use(ConnectionId),
    /// The same of all its connections.
    Uses,
}

/// Carries changes out as [`audit::commit`] does; when it answers, no request is decided by what was before.
///
/// Whoever decides about these apps and tokens is told first, and from then on reads the database each time; when all
/// is written, they are told again. The change waits for both. One that cannot be told first is not made.
pub async fn commit(
    services: &Services,
    context: impl Into<Context<'_>>,
    affected: &[Affected],
    changes: Vec<Statement>,
    records: &[Record],
) -> Result<Vec<Rows>, DbError> {
    let context = context.into();
    let tenant = context.tenant.clone();
    concern::told(services, &tenant, affected, changes, |work| {
        audit::commit(services, context, work, records)
    })
    .await
}

#[cfg(test)]
mod tests;
