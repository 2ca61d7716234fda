//! What a proof or a sign-in does to a connection, written down.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::connections::ConnectedAs;
use drawbridge_domain::access::{self, ConnectionAction, ConnectionRefusal};
use drawbridge_domain::connection::{Proof, Reason, Status, after_proof};
use drawbridge_domain::grants::acts_as_administrator;
use drawbridge_domain::id::{ConnectionEventId, ConnectionId, Id, TenantId};
use drawbridge_domain::time::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::prove::Proved;
use super::record::Row;
use super::store;
use crate::features::audit::{self, Actor, ChainEnd, Record};
use crate::http::{Failure, Scope};
use crate::new_id;
use crate::ports::{DbError, Statement};
use crate::services::Services;

/// Refuses an action that the rules do not allow the caller now.
pub(super) fn allow(scope: &Scope, row: &Row, action: ConnectionAction) -> Result<(), Failure> {
    let (level, status) = (row.summary.level(scope)?, row.summary.status()?);
    let reason = row.summary.reason()?;
    access::check(action, level, status).map_err(|refusal| match refusal {
        // The provider has nothing to do with it.
        ConnectionRefusal::Invalid if reason.is_of_gateway() => {
            let detail = format!("This connection does not work. {} {}", reason.words(), reason.remedy());
            Failure::new(ProblemCode::ConnectionInvalid, detail)
        }
        refusal => refused(refusal),
    })
}

/// A refusal of the rules as an answer.
pub(super) fn refused(refusal: ConnectionRefusal) -> Failure {
    let code = match refusal {
        ConnectionRefusal::NeedsOwner => ProblemCode::NeedsOwner,
        ConnectionRefusal::StillPending => ProblemCode::ConnectionPending,
        ConnectionRefusal::NotPending | ConnectionRefusal::NotDisabled => ProblemCode::Conflict,
        ConnectionRefusal::NotInteractive => ProblemCode::NotInteractive,
        ConnectionRefusal::Disabled => ProblemCode::ConnectionDisabled,
        ConnectionRefusal::Invalid => ProblemCode::ConnectionInvalid,
    };
    Failure::new(code, refusal.words())
}

/// The record of an act on a connection. What an administrator does only because of the role is marked.
pub(super) fn record(
    scope: &Scope,
    row: &Row,
    action: &'static str,
    mut changes: Map<String, Json>,
) -> Record {
    if scope.person().is_some() && acts_as_administrator(scope.role(), row.summary.granted()) {
        changes.insert("actingAs".to_owned(), json!({ "after": "administrator" }));
    }
    Record::done(action, "connection", row.summary.id.as_str(), &row.summary.name)
        .with_changes(changes.into())
}

/// The change of a status, for the record.
pub(super) fn status_change(before: Status, after: Status) -> Map<String, Json> {
    let mut changes = Map::new();
    if before != after {
        changes.insert("status".to_owned(), json!({ "before": before.code(), "after": after.code() }));
    }
    changes
}

/// What was found out about a connection.
pub(super) struct Finding {
    pub(super) proof: Proof,
    pub(super) words: Option<String>,
    pub(super) identity: Option<ConnectedAs>,
    pub(super) by: Option<String>,
}

impl Finding {
    /// What a proof found.
    pub(super) fn of(found: Proved) -> Self {
        Self { proof: found.proof, words: found.words, identity: found.identity, by: Some(found.by) }
    }

    /// What tokens that were not to be had say about the connection.
    pub(super) fn without_tokens(reason: Reason, words: Option<String>) -> Self {
        let proof = if reason.disproves() { Proof::Disproved(reason) } else { Proof::Unknown(reason) };
        Self { proof, words, identity: None, by: None }
    }
}

/// Whose finding it is: somebody's, or the system's own.
pub(super) struct By<'a> {
    tenant: &'a TenantId,
    user: Option<&'a str>,
}

impl<'a> From<&'a Scope> for By<'a> {
    fn from(scope: &'a Scope) -> Self {
        Self { tenant: scope.tenant(), user: scope.person().map(Id::as_str) }
    }
}

/// The statements that write a finding down: the status and, where it changed, an entry of the history.
pub(super) fn statements<'a>(
    services: &Services,
    by: impl Into<By<'a>>,
    row: &Row,
    finding: &Finding,
) -> Result<(Vec<Statement>, Status), Failure> {
    let change = after_proof(row.summary.status()?, row.summary.reason()?, finding.proof);
    written(services, by, row, finding, change)
}

/// The statements that write a finding down with the change of the status that it makes.
pub(super) fn written<'a>(
    services: &Services,
    by: impl Into<By<'a>>,
    row: &Row,
    finding: &Finding,
    change: Option<(Status, Reason)>,
) -> Result<(Vec<Statement>, Status), Failure> {
    let by = by.into();
    let (status, reason) = (row.summary.status()?, row.summary.reason()?);
    let now = services.now();
    let (to, why) = change.unwrap_or((status, reason));
    let proved = finding.proof == Proof::Proved;
    let since = if to == status { Timestamp::from_millis(row.summary.status_since) } else { now };
    let kept = row.summary.provider_words.as_deref().filter(|_| change.is_none() && why != Reason::Proved);
    let words = if proved { None } else { finding.words.as_deref().or(kept) };
    let settled = store::Settled {
        status: to,
        reason: why,
        words,
        since,
        connected_as: finding.identity.as_ref().map(serde_json::to_string).transpose()?,
        verified_at: if proved { now.millis() } else { 0 },
        verified_by: finding.by.as_deref().filter(|_| proved),
        pending_until: row.pending_until.filter(|_| to == Status::Pending),
    };
    let mut statements = store::settle(by.tenant, &row.summary.id, row.version, &settled);
    if change.is_some() {
        let id = new_id!(services, ConnectionEventId)?;
        let event = store::event_of(by.tenant, &row.summary.id, &id, now, to, why, words, by.user);
        statements.push(event);
    }
    Ok((statements, to))
}

/// How often the system writes a finding again when somebody else changed the connection meanwhile.
const TRIES: u32 = 24;

/// Writes down what the system found out by itself, where it changes anything; the audit log has it as the
/// system's act.
pub(super) async fn by_system(
    services: &Services,
    tenant: &TenantId,
    id: &ConnectionId,
    finding: &Finding,
) -> Result<(), Failure> {
    for _ in 0..TRIES {
        let Some(row) = store::find_as(services, tenant, "", id, false).await? else { return Ok(()) };
        let (before, reason) = (row.summary.status()?, row.summary.reason()?);
        let Some((after, why)) = after_proof(before, reason, finding.proof) else { return Ok(()) };
        let (statements, _) = statements(services, By { tenant, user: None }, &row, finding)?;
        let record = Record::done(STATUS_CHANGED, "connection", id.as_str(), &row.summary.name);
        let record = record.with_changes(json!({
            "status": { "before": before.code(), "after": after.code() }, "reason": { "after": why.code() },
        }));
        let context =
            audit::Context { tenant, actor: Actor::system(), facts: None, end: ChainEnd::default() };
        match audit::commit(services, context, statements, &[record]).await {
            Err(DbError::Guard) => {}
            result => {
                result?;
                return Ok(());
            }
        }
    }
    Err(DbError::Guard.into())
}

/// The audit log's word for a status that the system found out.
const STATUS_CHANGED: &str = "connection.status_changed";
