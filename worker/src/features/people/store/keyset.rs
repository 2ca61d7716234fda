//! Pages by key: what lists that go on after a key, in either direction, have in common.

use crate::ports::Value;

/// A page of a tenant's rows in the order of a key and their ids, from a place on that the statement is given.
macro_rules! keyset {
    (
        select $columns:expr, from $table:literal as $row:literal, where $narrow:expr,
        by $key:literal $direction:literal, after $compare:literal $place:literal, limit $limit:literal
    ) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM ",
            $table,
            " ",
            $row,
            " WHERE ",
            $row,
            ".tenant_id = ?1 AND (",
            $row,
            ".",
            $key,
            ", ",
            $row,
            ".id) ",
            $compare,
            " ",
            $place,
            " AND ",
            $narrow,
            " ORDER BY ",
            $row,
            ".",
            $key,
            " ",
            $direction,
            ", ",
            $row,
            ".id ",
            $direction,
            " LIMIT ",
            $limit
        )
    };
}
pub(crate) use keyset;

/// Where a list begins: before the first, or after the last, of all keys that are texts or numbers.
pub(crate) fn edge(by_text: bool, descending: bool) -> (Value, String) {
    match (by_text, descending) {
        (true, false) => (Value::from(""), String::new()),
        (true, true) => (Value::from("\u{10ffff}"), "~".to_owned()),
        (false, false) => (Value::Integer(-1), String::new()),
        (false, true) => (Value::Integer(1 << 52), "~".to_owned()),
    }
}
