//! The audit log's hash chain: what a record's hash covers, and how a chain is found whole or broken.
//!
//! The same function makes the hashes when records are written, checks them in the API, and checks an export on
//! somebody's desk: what it covers is described in `docs/STORAGE.md`.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// All that a record's hash covers. The order of the fields is part of the format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The tenant's id.
    pub tenant: String,
    /// The record's number in the tenant, from 1.
    pub seq: i64,
    /// When, in UTC milliseconds.
    pub at: i64,
    /// `user`, `app`, `token` or `system`.
    pub actor_type: String,
    /// The actor's id; empty for the system.
    pub actor_id: String,
    /// The actor's name as it was.
    pub actor_name: String,
    /// What was done, such as `connection.created`.
    pub action: String,
    /// The kind of the object.
    pub object_type: String,
    /// The object's id.
    pub object_id: String,
    /// The object's name as it was.
    pub object_name: String,
    /// `done` or `refused`.
    pub outcome: String,
    /// From which address; empty for the system.
    pub address: String,
    /// From which country, as far as that is known.
    pub country: String,
    /// By which program.
    pub user_agent: String,
    /// The request's id.
    pub request_id: String,
    /// Changed fields as JSON text, to the letter as it was stored.
    pub changes: String,
    /// The hash of the record before this one; empty for the first.
    pub previous_hash: String,
}

impl Link {
    /// Base64url of the SHA-256 of the record as JSON.
    pub fn hash(&self) -> String {
        // Texts and numbers are always JSON.
        let text = serde_json::to_vec(self).unwrap_or_default();
        Base64UrlUnpadded::encode_string(&Sha256::digest(text))
    }
}

/// A record with its hash: a row of the log, and a line of its export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// What the hash covers.
    #[serde(flatten)]
    pub link: Link,
    /// The hash.
    pub hash: String,
}

/// How a chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Break {
    /// The record that should be here is not.
    Missing,
    /// The record is not as it was written.
    Altered,
    /// The record follows another record than the one that stands before it.
    Unlinked,
    /// The chain ends elsewhere than the tenant's end of it says.
    CutOff,
}

impl Break {
    /// What happened, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Missing => "A record is missing here.",
            Self::Altered => "This record is not as it was written.",
            Self::Unlinked => {
                "This record was written after another record than the one that stands before it."
            }
            Self::CutOff => {
                "The log does not end where its end is noted: records are missing there, or stand behind it."
            }
        }
    }
}

/// A chain on the way along it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The number that the next record must have.
    pub next: i64,
    /// The hash of the last record that has one.
    pub hash: String,
    /// How many records after that one are not sealed yet: they were written at the same moment as others, and get
    /// their hashes in a moment.
    pub unsealed: i64,
}

impl Chain {
    /// Before the first record.
    pub fn start() -> Self {
        Self::after(0, String::new())
    }

    /// After the record of that number and hash.
    pub fn after(seq: i64, hash: String) -> Self {
        Self { next: seq + 1, hash, unsealed: 0 }
    }

    /// The number of the last record that holds.
    pub fn verified(&self) -> i64 {
        self.next - 1 - self.unsealed
    }

    /// Takes the next record with the hash that stands beside it.
    pub fn follow(&mut self, link: &Link, hash: &str) -> Result<(), Break> {
        if link.seq != self.next {
            return Err(Break::Missing);
        }
        if hash.is_empty() && link.previous_hash.is_empty() {
            self.next += 1;
            self.unsealed += 1;
            return Ok(());
        }
        if link.hash() != hash {
            return Err(Break::Altered);
        }
        // Records are sealed in their order: after one without a hash there is none with one.
        if link.previous_hash != self.hash || self.unsealed > 0 {
            return Err(Break::Unlinked);
        }
        self.next += 1;
        hash.clone_into(&mut self.hash);
        Ok(())
    }

    /// Whether the chain ends here, by the number and the hash of the last record.
    pub fn ends(&self, seq: i64, hash: &str) -> Result<(), Break> {
        let last = if self.unsealed > 0 { "" } else { &self.hash };
        if self.next == seq + 1 && last == hash { Ok(()) } else { Err(Break::CutOff) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Records = Vec<(Link, String)>;

    fn link(seq: i64, previous_hash: &str) -> Link {
        let text = |text: &str| text.to_owned();
        Link {
            tenant: text("ten_1"),
            seq,
            at: 1_795_283_696_123 + seq,
            actor_type: text("user"),
            actor_id: text("usr_1"),
            actor_name: text("Ünï \"q\" \\ 🚀"),
            action: text("connection.created"),
            object_type: text("connection"),
            object_id: text("con_1"),
            object_name: text("Salesforce EU"),
            outcome: text("done"),
            address: text("203.0.113.7"),
            country: text("CH"),
            user_agent: text("curl/8"),
            request_id: text("req_1"),
            changes: text("{\"name\":{\"after\":\"b\",\"before\":\"a\"}}"),
            previous_hash: previous_hash.to_owned(),
        }
    }

    fn chain(length: i64) -> Records {
        let mut records: Records = Vec::new();
        for seq in 1..=length {
            let link = link(seq, records.last().map_or("", |(_, hash)| hash));
            let hash = link.hash();
            records.push((link, hash));
        }
        records
    }

    fn walk(records: &[(Link, String)]) -> Result<Chain, (i64, Break)> {
        let mut chain = Chain::start();
        for (link, hash) in records {
            chain.follow(link, hash).map_err(|found| (chain.next, found))?;
        }
        Ok(chain)
    }

    #[test]
    fn the_format_is_this_one() {
        // Computed by another program: printf '{"tenant":…}' | openssl dgst -sha256 -binary | base64url.
        let text = concat!(
            r#"{"tenant":"ten_1","seq":1,"at":1795283696124,"actor_type":"user","actor_id":"usr_1","#,
            r#""actor_name":"Ünï \"q\" \\ 🚀","action":"connection.created","object_type":"connection","#,
            r#""object_id":"con_1","object_name":"Salesforce EU","outcome":"done","address":"203.0.113.7","#,
            r#""country":"CH","user_agent":"curl/8","request_id":"req_1","#,
            r#""changes":"{\"name\":{\"after\":\"b\",\"before\":\"a\"}}","previous_hash":""}"#
        );
        assert_eq!(serde_json::to_string(&link(1, "")).unwrap(), text);
        assert_eq!(link(1, "").hash(), "euUeM3maahygGCYEi4p6xsdakKK6htUvkala73cKU-s");
    }

    #[test]
    fn a_whole_chain_holds_and_says_where_it_ends() {
        let records = chain(5);
        let end = walk(&records).unwrap();
        assert_eq!(end.ends(5, &records[4].1), Ok(()));
        assert_eq!(end.ends(6, &records[4].1), Err(Break::CutOff));
        assert_eq!(end.ends(5, &records[3].1), Err(Break::CutOff));
        assert_eq!(Chain::start().ends(0, ""), Ok(()));
    }

    #[test]
    fn every_tampering_is_found_where_it_is() {
        let records = chain(5);
        let changed = |change: &dyn Fn(&mut Records)| {
            let mut records = records.clone();
            change(&mut records);
            walk(&records).unwrap_err()
        };
        assert_eq!(changed(&|records| drop(records.remove(2))), (3, Break::Missing));
        assert_eq!(changed(&|records| records[1].0.outcome = "refused".to_owned()), (2, Break::Altered));
        assert_eq!(changed(&|records| records[1].0.at += 1), (2, Break::Altered));
        assert_eq!(changed(&|records| records[3].1 = "other".to_owned()), (4, Break::Altered));
        // Altered and its own hash made to fit: the next one tells.
        let forged = |records: &mut Records| {
            records[1].0.actor_name = "Nobody".to_owned();
            records[1].1 = records[1].0.hash();
        };
        assert_eq!(changed(&forged), (3, Break::Unlinked));
        assert_eq!(changed(&|records| records.swap(0, 1)), (1, Break::Missing));
        // Made to look as if it were not sealed yet.
        let opened = |records: &mut Records| {
            records[2].0.previous_hash = String::new();
            records[2].1 = String::new();
        };
        assert_eq!(changed(&opened), (4, Break::Unlinked));
    }

    #[test]
    fn records_that_are_not_sealed_yet_stand_at_the_end_and_are_counted() {
        let mut records = chain(3);
        records.push((link(4, ""), String::new()));
        records.push((link(5, ""), String::new()));
        let end = walk(&records).unwrap();
        assert_eq!((end.verified(), end.unsealed), (3, 2));
        assert_eq!(end.ends(5, ""), Ok(()));
        assert_eq!(end.ends(5, &records[2].1), Err(Break::CutOff));
        assert_eq!(end.ends(3, &records[2].1), Err(Break::CutOff), "the others are gone");
        assert_eq!(walk(&records[..4]).unwrap().ends(5, ""), Err(Break::CutOff));
        records.swap(3, 4);
        assert_eq!(walk(&records), Err((4, Break::Missing)));
    }
}
