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

pub use access_token::Claims;
pub use app::{AppState, PersonalState, Refused, app, personal, stands};
pub(crate) use bearer::bearer;
pub use hash::{HashKey, keyed_hash, reseal};
pub use heard::Heard;
pub use message::Quota;
pub use notice::end_notice;
pub use shard::Shard;

use drawbridge_domain::id::{AppId, TokenId, UserId};

use crate::features::audit::{self, Context, Record};
use crate::ports::{DbError, Rows, Statement};
use crate::services::Services;
use concern::Concern;

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
    let looks = store::looks(&tenant, affected);
    let found = if looks.is_empty() { Vec::new() } else { services.db.batch(looks.clone()).await? };
    let mut concern = Concern::new(&tenant, affected);
    concern.found(found)?;
    let flux = concern.begin(services).await?;
    let written = changes.len();
    // A token that was made since the look may lie elsewhere: it is looked again where nothing can come between.
    let work = changes.into_iter().chain(looks).collect();
    let result = audit::commit(services, context, work, records).await;
    let found = match &result {
        Ok(rows) => rows.get(written..).unwrap_or_default().to_vec(),
        Err(_) => Vec::new(),
    };
    flux.end(services, &mut concern, found).await?;
    let mut rows = result?;
    rows.truncate(written);
    Ok(rows)
}

#[cfg(test)]
mod tests;
