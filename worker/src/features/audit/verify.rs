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
    // What is written meanwhile is looked at the next time.
    let mut end = None;
    for _ in 0..SLICES {
        // The record before is read again, for its hash.
        let (rows, now) = store::slice(&call.services, &call.scope, chain.next - 1, SLICE).await?;
        let end = end.get_or_insert(now);
        let last_slice = rows.len() < SLICE as usize;
        let rows = rows.into_iter().filter(|row| row.link.seq <= end.seq);
        match walk(&mut chain, rows) {
            Err(broken) => return Ok(reply(&chain, end.seq, Some(broken))),
            Ok(()) if chain.next > end.seq => {
                return Ok(reply(&chain, end.seq, chain.ends(end.seq, &end.hash).err()));
            }
            Ok(()) if last_slice => return Ok(reply(&chain, end.seq, Some(Break::CutOff))),
            Ok(()) => {}
        }
    }
    Ok(reply(&chain, end.unwrap_or_default().seq, None))
}

fn walk(chain: &mut Chain, rows: impl Iterator<Item = store::Row>) -> Result<(), Break> {
    for row in rows {
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
