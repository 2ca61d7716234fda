//! Values of questions as a database is given them: checked for what they are for, and bound.

use base64ct::{Base64, Encoding as _};
use drawbridge_contract::link::sql::{SqlError, SqlFault};
use serde_json::Value;

use super::time;

/// What a column or parameter holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Truth.
    Truth,
    /// Whole numbers.
    Whole,
    /// Decimal numbers.
    Decimal,
    /// Floating numbers.
    Float,
    /// Text.
    Text,
    /// Days.
    Day,
    /// Times of day.
    Clock,
    /// Day and time, without an offset.
    Moment,
    /// Day and time with an offset.
    Instant,
    /// Bytes.
    Bytes,
    /// UUIDs.
    Uuid,
    /// JSON.
    Json,
    /// Lists of values.
    List,
    /// Anything else: as text, in the database's own words.
    Other,
}

/// A value that is bound.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Bound {
    /// NULL.
    Null,
    /// Truth.
    Truth(bool),
    /// A whole number.
    Whole(i64),
    /// A whole number beyond those.
    Unsigned(u64),
    /// A floating number.
    Float(f64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// A fault of a question, in words.
pub(super) fn error(fault: SqlFault, words: impl Into<String>) -> SqlError {
    SqlError { fault, code: String::new(), words: words.into() }
}

/// What is bound for a value. `name` is what it is for, for people.
pub(super) fn bind(class: Class, name: &str, value: &Value) -> Result<Bound, SqlError> {
    let wanted = |what: &str| error(SqlFault::Value, format!("{name} takes {what}"));
    if value.is_null() {
        return Ok(Bound::Null);
    }
    Ok(match (class, value) {
        (Class::Truth, Value::Bool(yes)) => Bound::Truth(*yes),
        (Class::Truth, Value::Number(number)) if number.as_u64().is_some_and(|number| number < 2) => {
            Bound::Truth(number.as_u64() == Some(1))
        }
        (Class::Truth, _) => return Err(wanted("true or false")),
        (Class::Whole, _) => whole(value).ok_or_else(|| wanted("a whole number"))?,
        (Class::Decimal, _) => decimal(value).ok_or_else(|| wanted("a decimal number, such as \"12.50\""))?,
        (Class::Float, Value::Number(number)) => {
            Bound::Float(number.as_f64().ok_or_else(|| wanted("a number"))?)
        }
        (Class::Float, Value::String(text)) => Bound::Float(text.parse().map_err(|_| wanted("a number"))?),
        (Class::Float, _) => return Err(wanted("a number")),
        (Class::Day, Value::String(text)) if time::read_day(text).is_some() => Bound::Text(text.clone()),
        (Class::Day, _) => return Err(wanted("a day, such as \"2026-11-22\"")),
        (Class::Clock, Value::String(text))
            if time::read_clock(text).is_some_and(|(.., offset)| offset.is_none()) =>
        {
            Bound::Text(text.clone())
        }
        (Class::Clock, _) => return Err(wanted("a time of day, such as \"10:15:00\"")),
        (Class::Moment, Value::String(text))
            if time::read(text).is_some_and(|read| read.offset.is_none()) =>
        {
            Bound::Text(text.clone())
        }
        (Class::Moment, _) => {
            return Err(wanted("a day and time without an offset, such as \"2026-11-22T10:15:00\""));
        }
        (Class::Instant, Value::String(text))
            if time::read(text).is_some_and(|read| read.offset.is_some()) =>
        {
            Bound::Text(text.clone())
        }
        (Class::Instant, _) => {
            return Err(wanted("a day and time with Z or an offset, such as \"2026-11-22T10:15:00Z\""));
        }
        (Class::Bytes, Value::String(text)) => {
            Bound::Bytes(Base64::decode_vec(text).map_err(|_| wanted("bytes in base64"))?)
        }
        (Class::Bytes, _) => return Err(wanted("bytes in base64")),
        (Class::Uuid, Value::String(text)) if is_uuid(text) => Bound::Text(text.to_ascii_lowercase()),
        (Class::Uuid, _) => return Err(wanted("a UUID")),
        // MariaDB keeps JSON in texts.
        (Class::Json, _) | (Class::Text | Class::Other, Value::Array(_) | Value::Object(_)) => {
            Bound::Text(value.to_string())
        }
        (Class::List, Value::Array(values)) => {
            Bound::Text(array(values).ok_or_else(|| wanted("a list of values"))?)
        }
        (Class::List, _) => return Err(wanted("a list")),
        (Class::Text | Class::Other, Value::String(text)) => Bound::Text(text.clone()),
        (Class::Text | Class::Other, Value::Number(number)) => Bound::Text(number.to_string()),
        (Class::Text | Class::Other, Value::Bool(yes)) => Bound::Text(yes.to_string()),
        (Class::Text | Class::Other, Value::Null) => Bound::Null,
    })
}

fn whole(value: &Value) -> Option<Bound> {
    let small = |number: i64| Bound::Whole(number);
    match value {
        Value::Number(number) => number.as_i64().map(small).or_else(|| number.as_u64().map(Bound::Unsigned)),
        Value::String(text) => {
            text.parse().map(small).ok().or_else(|| text.parse().map(Bound::Unsigned).ok())
        }
        Value::Bool(yes) => Some(small((*yes).into())),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A decimal as text: a sign, digits, a point, digits.
fn decimal(value: &Value) -> Option<Bound> {
    let text = match value {
        // Without an exponent, unlike what JSON may have.
        Value::Number(number) if number.is_f64() => number.as_f64()?.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    let digits = text.strip_prefix(['-', '+']).unwrap_or(&text);
    let (before, after) = digits.split_once('.').unwrap_or((digits, ""));
    let all = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    (all(before) && all(after) && !(before.is_empty() && after.is_empty()) && text.len() <= 200)
        .then_some(Bound::Text(text))
}

/// A list as `PostgreSQL` writes arrays.
fn array(values: &[Value]) -> Option<String> {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let one = |value: &Value| match value {
        Value::Null => Some("NULL".to_owned()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(quoted(text)),
        Value::Array(values) => array(values),
        Value::Object(_) => Some(quoted(&value.to_string())),
    };
    let all: Option<Vec<String>> = values.iter().map(one).collect();
    Some(format!("{{{}}}", all?.join(",")))
}

/// How many digits a decimal has after its point.
pub(super) fn scale(text: &str) -> usize {
    text.split_once('.').map_or(0, |(_, after)| after.len())
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_what_their_column_takes() {
        let good =
            |class, value: Value, bound: Bound| assert_eq!(bind(class, "c", &value), Ok(bound), "{value}");
        let text = |text: &str| Bound::Text(text.to_owned());
        good(Class::Whole, Value::Null, Bound::Null);
        good(Class::Whole, json!("-9223372036854775808"), Bound::Whole(i64::MIN));
        good(Class::Whole, json!(u64::MAX), Bound::Unsigned(u64::MAX));
        good(Class::Decimal, json!("-0012.50"), text("-0012.50"));
        good(Class::Decimal, json!(1e-7), text("0.0000001"));
        good(Class::Decimal, json!(5), text("5"));
        good(Class::Float, json!("-Infinity"), Bound::Float(f64::NEG_INFINITY));
        good(Class::Truth, json!(1), Bound::Truth(true));
        good(Class::Day, json!("0999-12-31"), text("0999-12-31"));
        good(Class::Moment, json!("1899-12-31T23:59:59.999"), text("1899-12-31T23:59:59.999"));
        good(Class::Instant, json!("2026-11-22T10:15:00+02:00"), text("2026-11-22T10:15:00+02:00"));
        good(Class::Bytes, json!("AP8="), Bound::Bytes(vec![0, 255]));
        good(Class::Json, json!({"a": [1]}), text("{\"a\":[1]}"));
        good(Class::Text, json!("🚂"), text("🚂"));
        good(
            Class::Uuid,
            json!("6F9619FF-8B86-D011-B42D-00C04FC964FF"),
            text("6f9619ff-8b86-d011-b42d-00c04fc964ff"),
        );
    }

    #[test]
    fn others_are_refused() {
        for (class, value) in [
            (Class::Whole, json!(1.5)),
            (Class::Whole, json!("1 OR 1=1")),
            (Class::Whole, json!("18446744073709551616")),
            (Class::Decimal, json!("1e5")),
            (Class::Decimal, json!(".")),
            (Class::Decimal, json!("1); DROP TABLE t--")),
            (Class::Truth, json!("yes")),
            (Class::Day, json!("2026-02-30")),
            (Class::Clock, json!("10:15Z")),
            (Class::Moment, json!("2026-11-22T10:15:00Z")),
            (Class::Instant, json!("2026-11-22T10:15:00")),
            (Class::Bytes, json!("%%%")),
            (Class::Uuid, json!("6f9619ff8b86d011b42d00c04fc964ff")),
            (Class::List, json!("{1,2}")),
            (Class::Float, json!(true)),
        ] {
            assert_eq!(bind(class, "c", &value).unwrap_err().fault, SqlFault::Value, "{class:?} {value}");
        }
    }
}
