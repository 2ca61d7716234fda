//! The audit log, newest first.

use drawbridge_contract::endpoints::ListAudit;
use drawbridge_contract::types::List;
use drawbridge_contract::types::audit::{AuditActor, AuditObject, AuditOutcome, AuditRecord, ListAuditQuery};
use drawbridge_domain::limits::PAGE_SIZE;
use drawbridge_domain::time::Timestamp;

use super::store::{self, Filter, Row};
use crate::http::{Call, Failure, Reply, Scope};
use crate::json;

/// The longest text to filter by that is looked for; nothing in the log is longer.
const MAX_FILTER: usize = 200;

/// Lists a page.
pub(super) async fn handle(call: Call<ListAudit, Scope>) -> Result<Reply<List<AuditRecord>>, Failure> {
    let query = &call.query;
    let before = match query.cursor.as_deref().map(str::parse::<i64>) {
        None => i64::MAX >> 11,
        Some(Ok(seq)) if seq > 0 => seq,
        Some(_) => {
            return Err(Failure::field(
                "cursor",
                "bad_cursor",
                "Send a nextCursor as a list answered it, or none.",
            ));
        }
    };
    check(query)?;
    let size = query.page_size.unwrap_or(PAGE_SIZE);
    let filter = Filter::of(query);
    // One more than the page tells whether there is another page.
    let mut rows = store::page(&call.services, &call.scope, &filter, before, true, size + 1).await?;
    let more = rows.len() > size as usize;
    rows.truncate(size as usize);
    let next_cursor = rows.last().filter(|_| more).map(|last| last.link.seq.to_string());
    let items = rows.into_iter().map(record).collect();
    Ok(Reply::new(List { items, next_cursor }))
}

/// Refuses filters that nothing can fit.
pub(super) fn check(query: &ListAuditQuery) -> Result<(), Failure> {
    for (name, text) in [("actor", &query.actor), ("action", &query.action), ("object", &query.object)] {
        if text.as_ref().is_some_and(|text| text.len() > MAX_FILTER) {
            return Err(Failure::field(name, "too_long", format!("Use at most {MAX_FILTER} bytes.")));
        }
    }
    Ok(())
}

/// A row as the API tells it.
fn record(row: Row) -> AuditRecord {
    let link = row.link;
    AuditRecord {
        seq: link.seq,
        at: Timestamp::from_millis(link.at),
        actor: AuditActor { kind: link.actor_type, id: link.actor_id, name: link.actor_name },
        action: link.action,
        object: AuditObject { kind: link.object_type, id: link.object_id, name: link.object_name },
        outcome: if link.outcome == AuditOutcome::Done.code() {
            AuditOutcome::Done
        } else {
            AuditOutcome::Refused
        },
        address: link.address,
        country: link.country,
        user_agent: link.user_agent,
        request_id: link.request_id,
        // A row that somebody has altered is shown as it is.
        changes: json::parse(link.changes.as_bytes()).unwrap_or(serde_json::Value::String(link.changes)),
        previous_hash: link.previous_hash,
        hash: row.hash,
    }
}
