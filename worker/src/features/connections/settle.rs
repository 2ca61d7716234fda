//! What a proof or a sign-in does to a connection, written down.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::connections::ConnectedAs;
use drawbridge_domain::access::{self, ConnectionAction, ConnectionRefusal};
use drawbridge_domain::connection::{Proof, Reason, Status, after_proof};
use drawbridge_domain::grants::acts_as_administrator;
use drawbridge_domain::id::{ConnectionEventId, Id};
use drawbridge_domain::time::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::record::Row;
use super::store;
use crate::features::audit::Record;
use crate::http::{Failure, Scope};
use crate::new_id;
use crate::ports::Statement;
use crate::services::Services;

/// Refuses an action that the rules do not allow the caller now.
pub(super) fn allow(scope: &Scope, row: &Row, action: ConnectionAction) -> Result<(), Failure> {
    let (level, status) = (row.summary.level(scope)?, row.summary.status()?);
    access::check(action, level, status).map_err(refused)
}

/// A refusal of the rules as an answer.
pub(super) fn refused(refusal: ConnectionRefusal) -> Failure {
    let code = match refusal {
        ConnectionRefusal::NeedsOwner => ProblemCode::NeedsOwner,
        ConnectionRefusal::StillPending => ProblemCode::ConnectionPending,
        ConnectionRefusal::NotPending | ConnectionRefusal::NotDisabled => ProblemCode::Conflict,
        ConnectionRefusal::NotInteractive => ProblemCode::NotInteractive,
        ConnectionRefusal::Disabled => ProblemCode::ConnectionDisabled,
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

/// The statements that write a finding down: the status and, where it changed, an entry of the history.
pub(super) fn statements(
    services: &Services,
    scope: &Scope,
    row: &Row,
    finding: &Finding,
) -> Result<(Vec<Statement>, Status), Failure> {
    let change = after_proof(row.summary.status()?, row.summary.reason()?, finding.proof);
    written(services, scope, row, finding, change)
}

/// The statements that write a finding down with the change of the status that it makes.
pub(super) fn written(
    services: &Services,
    scope: &Scope,
    row: &Row,
    finding: &Finding,
    change: Option<(Status, Reason)>,
) -> Result<(Vec<Statement>, Status), Failure> {
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
    let mut statements = store::settle(scope, &row.summary.id, row.version, &settled);
    if change.is_some() {
        let event = new_id!(services, ConnectionEventId)?;
        let me = scope.person().map(Id::as_str);
        statements.push(store::event_of(scope.tenant(), &row.summary.id, &event, now, to, why, words, me));
    }
    Ok((statements, to))
}
