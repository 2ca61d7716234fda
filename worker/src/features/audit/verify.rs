//! Whether the log is whole: a walk along the chain of hashes, some thousand records a call.

use drawbridge_contract::endpoints::VerifyAudit;
use drawbridge_contract::types::audit::{AuditBreak, AuditVerification};
use drawbridge_domain::audit::{Break, Chain};

use super::store;
use crate::http::{Call, Failure, Reply, Scope};

/// Records in one read; some hundred kilobytes.
const SLICE: u32 = 500;
/// Reads in one call.
const SLICES: u32 = 10;

/// Walks on from the cursor: the number of the last record that was verified.
pub(super) async fn handle(call: Call<VerifyAudit, Scope>) -> Result<Reply<AuditVerification>, Failure> {
    let done = match call.query.cursor.as_deref().map(str::parse::<i64>) {
        None => 0,
        Some(Ok(seq)) if seq > 0 => seq,
        Some(_) => {
            let words = "Send a nextCursor as this address answered it, or none.";
            return Err(Failure::field("cursor", "bad_cursor", words));
        }
    };
    let mut chain = Chain::after(done, String::new());
    let mut records = 0;
    for _ in 0..SLICES {
        // The record before is read again, for its hash. The end is of the same moment as the records: those that are
        // written or sealed meanwhile are no break, and none may stand behind it.
        let (rows, end) = store::slice(&call.services, &call.scope, chain.next - 1, SLICE).await?;
        records = end.seq;
        // Those that had no hash a moment ago have one now: they are looked at again.
        if chain.unsealed > 0 && rows.first().is_some_and(|row| !row.hash.is_empty()) {
            chain = Chain::after(chain.verified(), chain.hash);
            continue;
        }
        let last_slice = rows.len() < SLICE as usize;
        match walk(&mut chain, rows, end.seq) {
            Err(broken) => return Ok(reply(&chain, records, Some(broken))),
            Ok(()) if last_slice => {
                return Ok(reply(&chain, records, chain.ends(end.seq, &end.hash).err()));
            }
            Ok(()) => {}
        }
    }
    Ok(reply(&chain, records, None))
}

fn walk(chain: &mut Chain, rows: Vec<store::Row>, end: i64) -> Result<(), Break> {
    for row in rows {
        if row.link.seq > end {
            return Err(Break::CutOff);
        }
        if row.link.seq < chain.next {
            chain.hash = row.hash;
        } else {
            chain.follow(&row.link, &row.hash)?;
        }
    }
    Ok(())
}

fn reply(chain: &Chain, records: i64, broken: Option<Break>) -> Reply<AuditVerification> {
    let verified = chain.verified();
    let goes_on = broken.is_none() && chain.next <= records;
    Reply::new(AuditVerification {
        verified,
        records,
        unsealed: chain.unsealed,
        broken: broken.map(|kind| AuditBreak { seq: chain.next, kind }),
        next_cursor: goes_on.then(|| verified.to_string()),
    })
}
