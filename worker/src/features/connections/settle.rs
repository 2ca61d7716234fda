//! What a proof or a sign-in does to a connection, written down.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::connections::ConnectedAs;
use drawbridge_domain::access::{self, ConnectionAction, ConnectionRefusal};
use drawbridge_domain::connection::{Proof, Reason, Status, after_proof};
use drawbridge_domain::id::{ConnectionEventId, Id};
use drawbridge_domain::time::Timestamp;

use super::record::Row;
use super::store;
use crate::http::{Failure, Scope};
use crate::new_id;
use crate::ports::Statement;
use crate::services::Services;

/// Refuses an action that the rules do not allow the caller now.
pub(super) fn allow(scope: &Scope, row: &Row, action: ConnectionAction) -> Result<(), Failure> {
    let (level, status) = (row.summary.level(scope)?, row.summary.status()?);
    access::check(action, level, status).map_err(|refusal| {
        let code = match refusal {
            ConnectionRefusal::NeedsOwner => ProblemCode::NeedsOwner,
            ConnectionRefusal::StillPending => ProblemCode::ConnectionPending,
            ConnectionRefusal::NotPending => ProblemCode::Conflict,
            ConnectionRefusal::Disabled => ProblemCode::ConnectionDisabled,
        };
        Failure::new(code, refusal.words())
    })
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
    let (status, reason) = (row.summary.status()?, row.summary.reason()?);
    let now = services.now();
    let change = after_proof(status, reason, finding.proof);
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
        let me = Some(scope.user().as_str());
        statements.push(store::event_of(scope.tenant(), &row.summary.id, &event, now, to, why, words, me));
    }
    Ok((statements, to))
}
