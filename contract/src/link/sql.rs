//! Calls to databases: what is asked in the body of a call of kind `sql`, and what its answer is made of.
//!
//! A question is no SQL: it names what it is about, and brings values. The agent checks the names against the database's
//! own catalogue, quotes them, and binds the values.

mod answer;
mod question;

pub use answer::{SqlAnswer, SqlColumn, SqlError, SqlFault, SqlResult, SqlSet};
pub use question::{
    SqlCondition, SqlCreate, SqlDelete, SqlExecute, SqlFilter, SqlList, SqlName, SqlNone, SqlOrder, SqlQuery,
    SqlQuestion, SqlTest, SqlUpdate,
};

/// The largest question, in bytes of JSON.
pub const QUESTION_MOST: usize = 1024 * 1024;
/// The largest answer, in bytes of JSON; rows beyond it are left out, and `truncated` says so.
pub const ANSWER_MOST: usize = 16 * 1024 * 1024;
/// How many rows a question gets that does not say how many it wants.
pub const ROWS_PRESET: u32 = 1000;
/// The most rows of an answer; a target's configuration may have a lower limit.
pub const ROWS_MOST: u32 = 10_000;
/// The most columns, conditions, values or parameters of a question.
pub const PARTS_MOST: usize = 1024;
/// The longest name of a table, a column, a procedure or a parameter, in characters.
pub const NAME_MOST: usize = 128;
