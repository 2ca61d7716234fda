//! The audit log's chain, recomputed from its rows alone: written anew here, so that the format is held by two.

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};

use super::Sqlite;

/// The fields that the hash covers, in their order.
const FIELDS: [&str; 17] = [
    "tenant_id",
    "seq",
    "at",
    "actor_type",
    "actor_id",
    "actor_name",
    "action",
    "object_type",
    "object_id",
    "object_name",
    "outcome",
    "address",
    "country",
    "user_agent",
    "request_id",
    "changes",
    "previous_hash",
];

/// Walks every tenant's chain; the number of records, or the first that does not fit.
pub(crate) fn verify(db: &Sqlite) -> Result<usize, String> {
    let mut count = 0;
    for tenant in db.query("SELECT id, audit_seq, audit_hash FROM tenants") {
        let id = tenant["id"].as_str().unwrap();
        let (mut seq, mut hash) = (0_i64, String::new());
        for row in db.query(&format!("SELECT * FROM audit WHERE tenant_id = '{id}' ORDER BY seq")) {
            seq += 1;
            if row["seq"] != seq || row["previous_hash"] != hash.as_str() {
                return Err(format!("{id} {seq}: not after the one before it"));
            }
            let parts = FIELDS.map(|field| {
                let name = if field == "tenant_id" { "tenant" } else { field };
                format!("\"{name}\":{}", row[field])
            });
            let text = format!("{{{}}}", parts.join(","));
            hash = Base64UrlUnpadded::encode_string(&Sha256::digest(text.as_bytes()));
            if row["hash"] != hash.as_str() {
                return Err(format!("{id} {seq}: altered"));
            }
            count += 1;
        }
        if tenant["audit_seq"] != seq || tenant["audit_hash"] != hash.as_str() {
            return Err(format!("{id}: the end is elsewhere"));
        }
    }
    Ok(count)
}
