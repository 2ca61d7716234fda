//! Values as they come over the wire, as JSON.

use drawbridge_contract::link::sql::SqlColumn;
use mysql_async::consts::{ColumnFlags, ColumnType};
use mysql_async::{Column as Kind, Row, Value};

use super::super::dialect::Column;
use super::super::value::Class;
use super::super::{json, time};

/// The character set that says: bytes.
const BINARY: u16 = 63;

/// Columns as the answer names them.
pub(super) fn columns(kinds: &[Kind]) -> Vec<SqlColumn> {
    kinds
        .iter()
        .map(|kind| SqlColumn { name: kind.name_str().into_owned(), kind: word(kind).to_owned() })
        .collect()
}

fn word(kind: &Kind) -> &'static str {
    let bytes = kind.character_set() == BINARY;
    match kind.column_type() {
        ColumnType::MYSQL_TYPE_DECIMAL | ColumnType::MYSQL_TYPE_NEWDECIMAL => "decimal",
        ColumnType::MYSQL_TYPE_TINY => "tinyint",
        ColumnType::MYSQL_TYPE_SHORT => "smallint",
        ColumnType::MYSQL_TYPE_INT24 => "mediumint",
        ColumnType::MYSQL_TYPE_LONG => "int",
        ColumnType::MYSQL_TYPE_LONGLONG => "bigint",
        ColumnType::MYSQL_TYPE_FLOAT => "float",
        ColumnType::MYSQL_TYPE_DOUBLE => "double",
        ColumnType::MYSQL_TYPE_DATE | ColumnType::MYSQL_TYPE_NEWDATE => "date",
        ColumnType::MYSQL_TYPE_TIME | ColumnType::MYSQL_TYPE_TIME2 => "time",
        ColumnType::MYSQL_TYPE_DATETIME | ColumnType::MYSQL_TYPE_DATETIME2 => "datetime",
        ColumnType::MYSQL_TYPE_TIMESTAMP | ColumnType::MYSQL_TYPE_TIMESTAMP2 => "timestamp",
        ColumnType::MYSQL_TYPE_YEAR => "year",
        ColumnType::MYSQL_TYPE_BIT => "bit",
        ColumnType::MYSQL_TYPE_JSON => "json",
        ColumnType::MYSQL_TYPE_GEOMETRY => "geometry",
        _ if bytes => "varbinary",
        _ => "varchar",
    }
}

/// The values of a row. What the catalogue says of a column counts more than what the wire does.
pub(super) fn row(row: Row, columns: Option<&[&Column]>) -> Vec<String> {
    let kinds = row.columns();
    let values = row.unwrap();
    let one = |(at, (value, kind)): (usize, (Value, &Kind))| {
        let class = columns.and_then(|columns| columns.get(at)).map(|column| column.class);
        json_of(&value, kind, class)
    };
    values.into_iter().zip(kinds.iter()).enumerate().map(one).collect()
}

fn json_of(value: &Value, kind: &Kind, class: Option<Class>) -> String {
    match value {
        Value::NULL => json::null(),
        Value::Int(number) => json::whole(*number),
        Value::UInt(number) => json::unsigned(*number),
        Value::Float(number) => json::single(*number),
        Value::Double(number) => json::double(*number),
        Value::Date(..) | Value::Time(..) => json::text(&moment(value, kind)),
        Value::Bytes(bytes) => of_bytes(bytes, kind, class),
    }
}

fn of_bytes(bytes: &[u8], kind: &Kind, class: Option<Class>) -> String {
    let text = str::from_utf8(bytes).ok();
    match kind.column_type() {
        ColumnType::MYSQL_TYPE_BIT => bits(bytes),
        ColumnType::MYSQL_TYPE_DECIMAL | ColumnType::MYSQL_TYPE_NEWDECIMAL => {
            json::text(text.unwrap_or_default())
        }
        ColumnType::MYSQL_TYPE_JSON => text.unwrap_or("null").to_owned(),
        _ if class == Some(Class::Bytes) => json::bytes(bytes),
        _ if kind.character_set() == BINARY
            && class.is_none()
            && !kind.flags().contains(ColumnFlags::ENUM_FLAG) =>
        {
            json::bytes(bytes)
        }
        _ => text.map_or_else(|| json::bytes(bytes), json::text),
    }
}

/// Up to 64 bits as a number.
fn bits(bytes: &[u8]) -> String {
    json::unsigned(bytes.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte)))
}

fn moment(value: &Value, kind: &Kind) -> String {
    let fraction = |micros: &u32| {
        if *micros == 0 {
            String::new()
        } else {
            format!(".{}", format!("{micros:06}").trim_end_matches('0'))
        }
    };
    match value {
        // Zeros stand where a part is not known; they are told as they are.
        Value::Date(year, month, day, hour, minute, second, micros) => {
            let date = format!("{year:04}-{month:02}-{day:02}");
            let clock = format!("{hour:02}:{minute:02}:{second:02}{}", fraction(micros));
            match kind.column_type() {
                ColumnType::MYSQL_TYPE_DATE | ColumnType::MYSQL_TYPE_NEWDATE => date,
                ColumnType::MYSQL_TYPE_TIMESTAMP | ColumnType::MYSQL_TYPE_TIMESTAMP2 => {
                    format!("{date}T{clock}Z")
                }
                _ => format!("{date}T{clock}"),
            }
        }
        Value::Time(negative, days, hours, minutes, seconds, micros) => {
            let sign = if *negative { "-" } else { "" };
            let hours = u64::from(*days) * 24 + u64::from(*hours);
            format!("{sign}{hours:02}:{minutes:02}:{seconds:02}{}", fraction(micros))
        }
        _ => String::new(),
    }
}

/// A moment with an offset as `MySQL` takes it when its own clock is UTC.
pub(in super::super) fn utc(text: &str) -> Option<String> {
    let read = time::read(text)?;
    let (year, month, day) = read.date;
    let (hour, minute, second) = read.time;
    let minutes = time::days(year, month, day) * 1440 + i64::from(hour) * 60 + i64::from(minute)
        - i64::from(read.offset.unwrap_or_default());
    let (days, rest) = (minutes.div_euclid(1440), minutes.rem_euclid(1440));
    let fraction = if read.fraction.is_empty() { String::new() } else { format!(".{}", read.fraction) };
    Some(format!("{} {:02}:{:02}:{second:02}{fraction}", time::day(days), rest / 60, rest % 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(kind: ColumnType) -> Kind {
        Kind::new(kind)
    }

    #[test]
    fn moments_are_told_as_they_are() {
        let date = kind(ColumnType::MYSQL_TYPE_DATE);
        assert_eq!(moment(&Value::Date(0, 0, 0, 0, 0, 0, 0), &date), "0000-00-00");
        let stamp = kind(ColumnType::MYSQL_TYPE_TIMESTAMP);
        assert_eq!(moment(&Value::Date(2026, 11, 22, 1, 2, 3, 40_000), &stamp), "2026-11-22T01:02:03.04Z");
        let clock = kind(ColumnType::MYSQL_TYPE_TIME);
        assert_eq!(moment(&Value::Time(true, 34, 22, 59, 59, 0), &clock), "-838:59:59");
        assert_eq!(bits(&[1, 0]), "256");
    }

    #[test]
    fn offsets_are_taken_away() {
        assert_eq!(utc("2026-01-01T00:30:00.5+01:00").as_deref(), Some("2025-12-31 23:30:00.5"));
        assert_eq!(utc("2026-01-01T00:30:00Z").as_deref(), Some("2026-01-01 00:30:00"));
    }
}
