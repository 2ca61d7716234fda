//! The audit log's chain, computed anew from what the database holds, by the description of the format and without
//! the code that writes it.

use std::fmt::Write as _;

use base64ct::{Base64UrlUnpadded, Encoding};
use rusqlite::types::Value;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::database::Database;

/// What the hash of a record covers, in this order, the hash of the record before it at the end.
const COVERED: [&str; 16] = [
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

/// Verifies the chains of all tenants; answers how many records there are. At the end of a chain there may be records
/// that are not sealed yet.
pub fn verify(database: &Database) -> usize {
    let mut records = 0;
    for tenant in database.rows("SELECT id, audit_seq, audit_hash FROM tenants", []) {
        let id = text(&tenant["id"]);
        let (mut seq, mut hash, mut unsealed) = (0, String::new(), false);
        for row in database.rows("SELECT * FROM audit WHERE tenant_id = ?1 ORDER BY seq", [&id]) {
            seq += 1;
            assert_eq!(row["seq"], Value::Integer(seq), "a record is missing in {id}");
            records += 1;
            if text(&row["hash"]).is_empty() && text(&row["previous_hash"]).is_empty() {
                unsealed = true;
                continue;
            }
            assert!(!unsealed, "record {seq} of {id} is sealed and the one before it is not");
            assert_eq!(
                text(&row["previous_hash"]),
                hash,
                "record {seq} of {id} does not follow the one before it"
            );
            let mut covered = format!("{{\"tenant\":{}", json!(id));
            for name in COVERED {
                let value = match &row[name] {
                    Value::Integer(number) => json!(number),
                    other => json!(text(other)),
                };
                write!(covered, ",\"{name}\":{value}").expect("a text takes all");
            }
            covered.push('}');
            hash = Base64UrlUnpadded::encode_string(&Sha256::digest(covered.as_bytes()));
            assert_eq!(text(&row["hash"]), hash, "record {seq} of {id} was altered");
        }
        assert_eq!(tenant["audit_seq"], Value::Integer(seq), "the end of {id}'s chain");
        let end = if unsealed { String::new() } else { hash };
        assert_eq!(text(&tenant["audit_hash"]), end, "the end of {id}'s chain");
    }
    records
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        other => panic!("{other:?} is no text"),
    }
}
