//! The audit log.

use drawbridge_domain::audit::Break;
use drawbridge_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::query::paged;

/// A record of the audit log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AuditRecord {
    /// Its number in the tenant, from 1, without gaps.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: AuditActor,
    /// What was done, such as `connection.created`.
    pub action: String,
    /// To what.
    pub object: AuditObject,
    /// `done` or `refused`.
    pub outcome: AuditOutcome,
    /// From which address; empty for the system's own work.
    pub address: String,
    /// From which country (ISO 3166-1 alpha-2), where that is known.
    pub country: String,
    /// By which program, as it named itself.
    pub user_agent: String,
    /// The request's id.
    pub request_id: String,
    /// The changed fields, each with `before` and `after`; never a secret.
    pub changes: serde_json::Value,
    /// The hash of the record before this one.
    pub previous_hash: String,
    /// This record's hash, which covers all of the above.
    pub hash: String,
}

/// Who did it, with the name as it was then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AuditActor {
    /// `user`, `app`, or `system` for the system's own work.
    #[serde(rename = "type")]
    pub kind: String,
    /// The user's or the app's id; empty for the system.
    pub id: String,
    /// The name.
    pub name: String,
}

/// What it was done to, with the name as it was then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AuditObject {
    /// The kind, such as `connection`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
}

/// Whether what was tried was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum AuditOutcome {
    /// It was done.
    Done,
    /// It was refused or failed.
    Refused,
}

impl AuditOutcome {
    /// The word that stands for the outcome in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

/// Declares a query with the filters of the audit log.
macro_rules! filtered {
    ($declare:ident! $(#[$doc:meta])* $name:ident) => {
        $declare! {
            $(#[$doc])*
            $name {
                /// Only what this user did, by id; `system` for the system's own work.
                actor: String,
                /// Only this action, such as `connection.created`.
                action: String,
                /// Only what was done to this object, by its id.
                object: String,
                /// Only with this outcome.
                outcome: AuditOutcome,
                /// Only from this moment on.
                from: Timestamp,
                /// Only before this moment.
                until: Timestamp,
            }
        }
    };
}

filtered! {
    paged!
    /// Which records to list, newest first.
    ListAuditQuery
}

/// The form of an export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum AuditFormat {
    /// A line of JSON for each record: what its hash covers, and the hash. It can be verified.
    #[default]
    Ndjson,
    /// A table for spreadsheets (RFC 4180).
    Csv,
}

/// Declares the query of an export.
macro_rules! exported {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
        pub struct $name {
            /// The form; NDJSON when absent.
            #[serde(default)]
            pub format: AuditFormat,
            $(
                $(#[$about])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )*
        }
    };
}

filtered! {
    exported!
    /// Which records to export, oldest first, and in which form.
    ExportAuditQuery
}

impl ExportAuditQuery {
    /// The filters as the list takes them.
    pub fn filters(self) -> ListAuditQuery {
        let Self { format: _, actor, action, object, outcome, from, until } = self;
        ListAuditQuery { actor, action, object, outcome, from, until, cursor: None, page_size: None }
    }
}

/// From where to verify.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct VerifyAuditQuery {
    /// The `nextCursor` of the answer before; absent: from the first record on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// What a walk along the chain of hashes found. A long log takes several calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AuditVerification {
    /// How many records hold, from the first one on.
    pub verified: i64,
    /// How many records the log has.
    pub records: i64,
    /// How many of them, at the end, get their hashes in a moment: they were written at the same time as others.
    #[serde(default)]
    pub unsealed: i64,
    /// The first place where the chain is broken; absent while it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<AuditBreak>,
    /// Where to go on; absent when the walk is at its end or the chain is broken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// A place where the chain is broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AuditBreak {
    /// The number of the record that is missing or does not hold.
    pub seq: i64,
    /// How.
    pub kind: Break,
}
