//! The audit log: append-only, written in the same transaction as the change it records, each record with the
//! hash of the one before it in the tenant.

mod export;
mod list;
mod seal;
mod store;
mod verify;

use drawbridge_contract::endpoints as api;
use drawbridge_domain::audit::Link;
use drawbridge_domain::id::{Id, TenantId};
use drawbridge_domain::time::Timestamp;
use serde_json::Value as Json;

use crate::features::live::Teller;
use crate::features::webhooks::outbox;
use crate::http::{Facts, Router, Scope};
use crate::ports::{DbError, Rows, Statement};
use crate::services::Services;

pub use seal::seal_open;

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    router
        .scoped::<api::ListAudit, _, _>(list::handle)
        .scoped::<api::ExportAudit, _, _>(export::handle)
        .scoped::<api::VerifyAudit, _, _>(verify::handle)
}

/// Who acts.
#[derive(Debug, Clone)]
pub struct Actor {
    /// `user`, `app` or `system`.
    pub kind: &'static str,
    /// The user's or the app's id; empty for the system.
    pub id: String,
    /// The name as it is now.
    pub name: String,
}

impl Actor {
    /// The system's own work.
    pub fn system() -> Self {
        Self { kind: "system", id: String::new(), name: "Drawbridge".to_owned() }
    }
}

/// Whether what was tried was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused or failed.
    Refused,
}

impl Outcome {
    const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

/// What is to be recorded.
#[derive(Debug, Clone)]
pub struct Record {
    /// What was done, such as `connection.created`.
    pub action: &'static str,
    /// The kind of the object.
    pub object_type: &'static str,
    /// The object.
    pub object_id: String,
    /// Its name as it is now.
    pub object_name: String,
    /// Whether it was done.
    pub outcome: Outcome,
    /// Changed fields, before and after, never a secret.
    pub changes: Json,
}

impl Record {
    /// A record of something done, without changed fields.
    pub fn done(action: &'static str, object_type: &'static str, id: &str, name: &str) -> Self {
        Self {
            action,
            object_type,
            object_id: id.to_owned(),
            object_name: name.to_owned(),
            outcome: Outcome::Done,
            changes: Json::Object(serde_json::Map::new()),
        }
    }

    /// The same with changed fields: `{"name": {"before": …, "after": …}}`.
    #[must_use]
    pub fn with_changes(mut self, changes: Json) -> Self {
        self.changes = changes;
        self
    }

    /// The same as something refused.
    #[must_use]
    pub fn refused(mut self) -> Self {
        self.outcome = Outcome::Refused;
        self
    }
}

/// The end of a tenant's chain.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct ChainEnd {
    /// The number of its last record; 0: there is none.
    #[serde(rename = "audit_seq")]
    pub seq: i64,
    /// Its hash; empty: there is none, or the record is not sealed yet.
    #[serde(rename = "audit_hash")]
    pub hash: String,
}

impl ChainEnd {
    /// Nobody has read it yet.
    pub fn unread() -> Self {
        Self { seq: -1, hash: String::new() }
    }

    /// Whether a record can be linked to it: the last record has its hash, or there is none.
    fn is_sealed(&self) -> bool {
        self.seq == 0 || !self.hash.is_empty()
    }
}

/// Where an act takes place: for a scope, or for a tenant that no scope stands for (set-up, sign-in, the
/// system's own work).
#[derive(Clone)]
pub struct Context<'a> {
    /// The tenant.
    pub tenant: &'a TenantId,
    /// Who acts.
    pub actor: Actor,
    /// The request; `None` for the system's own work.
    pub facts: Option<&'a Facts>,
    /// The chain's end as far as it is known.
    pub end: ChainEnd,
}

impl<'a> From<&'a Scope> for Context<'a> {
    fn from(scope: &'a Scope) -> Self {
        Self {
            tenant: scope.tenant(),
            actor: scope.actor(),
            facts: Some(scope.facts()),
            end: scope.chain_end(),
        }
    }
}

/// Carries changes out together with the records of them, and what webhooks are told of it: all of it or nothing.
/// The rows are those of the changes.
///
/// Usually nobody else writes in the tenant at that moment: the records are linked to the chain as they are written.
/// Who loses the race for the chain's end reads it again and tries once more. Whoever loses again writes the records
/// unsealed, which cannot fail for others' sake, and has them sealed right afterwards.
pub async fn commit(
    services: &Services,
    context: impl Into<Context<'_>>,
    changes: Vec<Statement>,
    records: &[Record],
) -> Result<Vec<Rows>, DbError> {
    let context = context.into();
    let teller = Teller::new(context.tenant, &context.actor.id, records);
    let look = teller.look();
    let events = outbox::events(services, context.tenant, records)?;
    let (answers, told) = (changes.len(), events.len());
    let work: Vec<Statement> = look.iter().cloned().chain(changes).chain(events).collect();
    let mut end = context.end.clone();
    if end.seq < 0 {
        end = store::chain_end(services, context.tenant).await?;
    }
    let mut tries = 0;
    loop {
        let linked = tries < 2 && end.is_sealed();
        let (mut batch, append) = if linked {
            link_to(&context, &end, records, services.now())
        } else {
            (Vec::new(), unsealed(&context, records, services.now()))
        };
        let before = batch.len();
        batch.extend(work.iter().cloned());
        batch.extend(append);
        batch.extend(look.iter().cloned());
        let mut rows = match services.db.batch(batch).await {
            Err(DbError::ChainMoved) if linked => {
                tries += 1;
                if tries == 1 {
                    end = store::chain_end(services, context.tenant).await?;
                }
                continue;
            }
            result => result?,
        };
        if !linked {
            seal::soon(services, context.tenant);
        }
        let after = rows.split_off(rows.len().saturating_sub(look.len()));
        let mut rows = rows.into_iter().skip(before);
        let seen = rows.by_ref().take(look.len()).collect();
        let answered = rows.by_ref().take(answers).collect();
        outbox::send_soon(services, context.tenant, rows.take(told));
        teller.speak(services, seen, after);
        return Ok(answered);
    }
}

/// The statements that link records to the chain if it still ends at `end`: those before the changes, and those after.
fn link_to(
    context: &Context<'_>,
    end: &ChainEnd,
    records: &[Record],
    now: Timestamp,
) -> (Vec<Statement>, Vec<Statement>) {
    let (append, mut moved) = statements(context, end, records, now);
    // The end of a chain that has begun is moved first, so that a commit that comes too late costs little; that of a
    // tenant that the changes make, once they are made.
    if end.seq > 0 {
        return (moved, append);
    }
    moved.extend(append);
    (Vec::new(), moved)
}

/// The statements that append records without their places in the chain.
fn unsealed(context: &Context<'_>, records: &[Record], now: Timestamp) -> Vec<Statement> {
    let append =
        |record| store::append_unsealed(context.tenant, &link(context, record, &ChainEnd::default(), now));
    records.iter().flat_map(append).collect()
}

/// A record after `end`.
fn link(context: &Context<'_>, record: &Record, end: &ChainEnd, now: Timestamp) -> Link {
    let fact = |read: fn(&Facts) -> &str| context.facts.map_or("", read).to_owned();
    Link {
        tenant: context.tenant.as_str().to_owned(),
        seq: end.seq + 1,
        at: now.millis(),
        actor_type: context.actor.kind.to_owned(),
        actor_id: context.actor.id.clone(),
        actor_name: context.actor.name.clone(),
        action: record.action.to_owned(),
        object_type: record.object_type.to_owned(),
        object_id: record.object_id.clone(),
        object_name: record.object_name.clone(),
        outcome: record.outcome.code().to_owned(),
        address: fact(|facts| &facts.address),
        country: fact(|facts| &facts.country),
        user_agent: fact(|facts| &facts.user_agent),
        request_id: fact(|facts| facts.id.as_str()),
        changes: record.changes.to_string(),
        previous_hash: end.hash.clone(),
    }
}

/// The statements that append records after `end`, and those that move the end.
fn statements(
    context: &Context<'_>,
    end: &ChainEnd,
    records: &[Record],
    now: Timestamp,
) -> (Vec<Statement>, Vec<Statement>) {
    let mut statements = Vec::new();
    let mut last = end.clone();
    for record in records {
        let link = link(context, record, &last, now);
        let hash = link.hash();
        statements.push(store::append(context.tenant, &link, &hash));
        last = ChainEnd { seq: link.seq, hash };
    }
    let moved = store::move_end(context.tenant, end, &last);
    (statements, moved)
}

#[cfg(test)]
mod tests;
