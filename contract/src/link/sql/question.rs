//! What a database is asked.

use std::collections::BTreeMap;

use drawbridge_domain::closed_list;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A question, as `{"query": {…}}`: the kind is the only field.
///
/// Values are JSON: `null`, booleans, numbers, texts. What they become is the matter of the column or parameter that
/// they are for: a text may stand for a decimal, a 64-bit number, a date (RFC 3339), a UUID or, in base64, for bytes.
/// Objects and lists are for columns that hold JSON or arrays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SqlQuestion {
    /// Whether the database takes the login: one row with `product`, `version`, `database`, `user`.
    Check(SqlNone),
    /// Rows of a table or a view.
    Query(SqlQuery),
    /// Makes a record.
    Create(SqlCreate),
    /// Changes the records that a filter finds.
    Update(SqlUpdate),
    /// Deletes the records that a filter finds.
    Delete(SqlDelete),
    /// Runs a stored procedure, or a function where the database has those.
    Execute(SqlExecute),
    /// The tables: rows of `schema`, `name`.
    Tables(SqlList),
    /// The views: rows of `schema`, `name`.
    Views(SqlList),
    /// The columns of a table or view: rows of `name`, `type`, `nullable`, `key`, `generated`, `preset`.
    Columns(SqlName),
    /// The procedures and functions: rows of `schema`, `name`, `kind`.
    Procedures(SqlList),
    /// The parameters of a procedure: rows of `name`, `type`, `mode` (`in`, `out`, `inout`, `return`), `optional`.
    Parameters(SqlName),
}

impl SqlQuestion {
    /// Whether it may change something, so that it must not be asked twice.
    pub const fn changes(&self) -> bool {
        matches!(self, Self::Create(_) | Self::Update(_) | Self::Delete(_) | Self::Execute(_))
    }
}

/// Nothing more is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SqlNone {}

/// What a table, a view or a procedure is called. Capitals count as the database has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SqlName {
    /// The schema; without it, the one that the login has by itself. `MySQL` has none: the target's database, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The name.
    pub name: String,
}

/// Conditions in groups: a row is found when all conditions of at least one group hold. No groups: every row.
pub type SqlFilter = Vec<Vec<SqlCondition>>;

/// A condition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SqlCondition {
    /// The column.
    pub column: String,
    /// How it is compared.
    pub test: SqlTest,
    /// What with: a list with `in` and `notIn`, nothing with `empty` and `notEmpty`.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub value: Value,
}

closed_list! {
    feature "openapi",
    /// How a column is compared.
    SqlTest {
        /// The same; with `null` as `empty`.
        Equal = "equal", "is";
        /// Another; with `null` as `notEmpty`.
        NotEqual = "notEqual", "is not";
        /// Less or before.
        Less = "less", "is less than";
        /// At most.
        AtMost = "atMost", "is at most";
        /// More or after.
        Greater = "greater", "is greater than";
        /// At least.
        AtLeast = "atLeast", "is at least";
        /// A text that has the value in it.
        Contains = "contains", "contains";
        /// A text that begins with the value.
        Begins = "begins", "begins with";
        /// A text that ends with the value.
        Ends = "ends", "ends with";
        /// One of a list.
        In = "in", "is one of";
        /// None of a list.
        NotIn = "notIn", "is none of";
        /// NULL.
        Empty = "empty", "is empty";
        /// Not NULL.
        NotEmpty = "notEmpty", "is not empty";
    }
}

/// By which column rows are ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SqlOrder {
    /// The column.
    pub column: String,
    /// Largest first.
    #[serde(default)]
    pub descending: bool,
}

/// Rows of a table or a view.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SqlQuery {
    /// The table or view.
    pub from: SqlName,
    /// The columns; none: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Which rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filter: SqlFilter,
    /// In which order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<SqlOrder>,
    /// How many at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top: Option<u32>,
}

/// A new record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SqlCreate {
    /// The table.
    pub table: SqlName,
    /// Values by column.
    pub values: BTreeMap<String, Value>,
    /// Columns of the new record that the answer is to have. `MySQL` itself cannot; `MariaDB` from 10.5 on can.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub returning: Vec<String>,
}

/// A change of records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SqlUpdate {
    /// The table.
    pub table: SqlName,
    /// The new values by column.
    pub values: BTreeMap<String, Value>,
    /// Which records; none is refused unless `all` is set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filter: SqlFilter,
    /// Every record is meant.
    #[serde(default)]
    pub all: bool,
}

/// A deletion of records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SqlDelete {
    /// The table.
    pub table: SqlName,
    /// Which records; none is refused unless `all` is set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filter: SqlFilter,
    /// Every record is meant.
    #[serde(default)]
    pub all: bool,
}

/// A procedure is run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SqlExecute {
    /// The procedure.
    pub procedure: SqlName,
    /// Values by parameter, without `@`. Those that are absent get their presets; those that only come out need none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Value>,
    /// How many rows of each result set at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top: Option<u32>,
}

/// A list of what the database has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SqlList {
    /// Of one schema; without it, of all but the database's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Names that have this in them; capitals make no difference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// How many at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top: Option<u32>,
}
