//! What a database answers.

use std::collections::BTreeMap;

use drawbridge_domain::closed_list;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The head of an answer. With an error there is no body; otherwise the body is one [`SqlResult`] as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SqlAnswer {
    /// What the database, or the agent for it, has against the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<SqlError>,
}

/// A question that the database did not do. Nothing was changed: what is asked of records is one statement. A procedure
/// sees to that itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SqlError {
    /// What kind of fault it is.
    pub fault: SqlFault,
    /// The database's own code: an SQLSTATE, or a number. Empty where the agent says so by itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// What was said, for people. The database's own words may hold values of the question.
    pub words: String,
}

closed_list! {
    feature "openapi",
    /// Why a question was not done.
    SqlFault {
        /// The question itself is none: names that cannot be, no filter, too much of something.
        Question = "question", "the question cannot be asked like that";
        /// There is no such table, view, column, procedure or parameter, or the login may not see it.
        NotFound = "not_found", "the database has no such table, view, column, procedure or parameter for this login";
        /// The login may not do it.
        NotAllowed = "not_allowed", "the database does not let this login do that";
        /// A value is none for its column or parameter.
        Value = "value", "a value does not fit its column or parameter";
        /// A rule of the database is against it: unique, foreign key, not null, check.
        Constraint = "constraint", "a rule of the database is against it";
        /// Another transaction was in the way; the same question may be asked again.
        Conflict = "conflict", "another transaction was in the way";
        /// The database gave up because of a limit of its own.
        Limit = "limit", "the database gave up because of a limit of its own";
        /// Anything else that the database has against it.
        Refused = "refused", "the database refused it";
    }
}

/// What a question brought. Which fields there are depends on the question; rows are objects by column.
///
/// Values come without loss: numbers that JSON cannot hold (64 bits beyond 2⁵³, decimals, money) as texts, dates as RFC
/// 3339 (`2026-11-22`, `10:15:00.5`, `2026-11-22T10:15:00.5`, with `Z` or an offset where the type has one), bytes in base64,
/// UUIDs as texts in small letters, arrays as lists, JSON as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SqlResult {
    /// The columns of `rows`, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<SqlColumn>,
    /// The rows. Always there for what asks for rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Vec<BTreeMap<String, Value>>>,
    /// There were more rows than were let through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub truncated: Option<bool>,
    /// How many records were made, changed or deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affected: Option<u64>,
    /// The number that the database gave to a new record, where it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Value>,
    /// What a procedure put into its parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<BTreeMap<String, Value>>,
    /// What a procedure returned, where it returns something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Value>,
    /// The result sets of a procedure, in order. Always there for a procedure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_sets: Option<Vec<SqlSet>>,
}

/// A result set of a procedure.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SqlSet {
    /// Its columns, in order.
    pub columns: Vec<SqlColumn>,
    /// Its rows.
    pub rows: Vec<BTreeMap<String, Value>>,
    /// There were more rows than were let through.
    pub truncated: bool,
}

/// A column of a result. Of two with the same name the second is called `name_2`; one without a name is `column_3`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SqlColumn {
    /// What it is called in the rows.
    pub name: String,
    /// The database's word for its type.
    #[serde(rename = "type")]
    pub kind: String,
}
