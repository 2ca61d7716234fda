//! Values as they come over the wire, as JSON.

use drawbridge_contract::link::sql::SqlColumn;
use tiberius::{Column as Kind, ColumnData, ColumnType, Row};

use super::super::{json, time};

/// From the year 1 to 1970, and from 1900 to 1970, in days.
const FROM_1: i64 = time::days(1, 1, 1);
const FROM_1900: i64 = time::days(1900, 1, 1);

/// Columns as the answer names them.
pub(super) fn columns(kinds: &[Kind]) -> Vec<SqlColumn> {
    let one =
        |kind: &Kind| SqlColumn { name: kind.name().to_owned(), kind: word(kind.column_type()).to_owned() };
    kinds.iter().map(one).collect()
}

const fn word(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Bit | ColumnType::Bitn => "bit",
        ColumnType::Int1 => "tinyint",
        ColumnType::Int2 => "smallint",
        ColumnType::Int4 | ColumnType::Intn => "int",
        ColumnType::Int8 => "bigint",
        ColumnType::Float4 => "real",
        ColumnType::Float8 | ColumnType::Floatn => "float",
        ColumnType::Money | ColumnType::Money4 => "money",
        ColumnType::Datetime | ColumnType::Datetimen => "datetime",
        ColumnType::Datetime4 => "smalldatetime",
        ColumnType::Decimaln | ColumnType::Numericn => "decimal",
        ColumnType::Guid => "uniqueidentifier",
        ColumnType::Daten => "date",
        ColumnType::Timen => "time",
        ColumnType::Datetime2 => "datetime2",
        ColumnType::DatetimeOffsetn => "datetimeoffset",
        ColumnType::BigVarBin | ColumnType::BigBinary | ColumnType::Image => "varbinary",
        ColumnType::BigVarChar | ColumnType::BigChar | ColumnType::Text => "varchar",
        ColumnType::NVarchar | ColumnType::NChar | ColumnType::NText => "nvarchar",
        ColumnType::Xml => "xml",
        ColumnType::Udt => "udt",
        ColumnType::SSVariant => "sql_variant",
        ColumnType::Null => "null",
    }
}

/// The values of a row.
pub(super) fn row(row: &Row) -> Vec<String> {
    row.cells().map(|(kind, value)| value_of(kind.column_type(), value)).collect()
}

fn value_of(kind: ColumnType, value: &ColumnData<'_>) -> String {
    let found = match value {
        ColumnData::U8(value) => value.map(|value| json::unsigned(value.into())),
        ColumnData::I16(value) => value.map(|value| json::whole(value.into())),
        ColumnData::I32(value) => value.map(|value| json::whole(value.into())),
        ColumnData::I64(value) => value.map(json::whole),
        ColumnData::F32(value) => value.map(json::single),
        // The driver has money as a floating number: four digits, exact up to 2⁵³ of them.
        ColumnData::F64(value) if matches!(kind, ColumnType::Money | ColumnType::Money4) => {
            value.map(|value| json::text(&format!("{value:.4}")))
        }
        ColumnData::F64(value) => value.map(json::double),
        ColumnData::Bit(value) => value.map(json::truth),
        ColumnData::String(value) => value.as_ref().map(|value| json::text(value)),
        ColumnData::Guid(value) => value.map(|value| json::text(&value.hyphenated().to_string())),
        ColumnData::Binary(value) => value.as_ref().map(|value| json::bytes(value)),
        ColumnData::Numeric(value) => value.map(|value| json::text(&decimal(value.value(), value.scale()))),
        ColumnData::Xml(value) => {
            value.as_ref().map(|value| json::text(&value.clone().into_owned().into_string()))
        }
        ColumnData::DateTime(value) => value.map(|value| {
            // Three-hundredths of a second, shown in thousandths as the server does.
            let thousandths = (u64::from(value.seconds_fragments()) * 10 + 1) / 3;
            json::text(&time::moment(FROM_1900 + i64::from(value.days()), thousandths * 1_000_000))
        }),
        ColumnData::SmallDateTime(value) => value.map(|value| {
            let nanoseconds = u64::from(value.seconds_fragments()) * 60_000_000_000;
            json::text(&time::moment(FROM_1900 + i64::from(value.days()), nanoseconds))
        }),
        ColumnData::Time(value) => value.map(|value| json::text(&time::clock(nanoseconds(value)))),
        ColumnData::Date(value) => {
            value.map(|value| json::text(&time::day(FROM_1 + i64::from(value.days()))))
        }
        ColumnData::DateTime2(value) => value.map(|value| {
            json::text(&time::moment(FROM_1 + i64::from(value.date().days()), nanoseconds(value.time())))
        }),
        ColumnData::DateTimeOffset(value) => value.map(|value| {
            let (utc, offset) = (value.datetime2(), value.offset());
            let day = FROM_1 + i64::from(utc.date().days());
            json::text(&local(day, nanoseconds(utc.time()), offset))
        }),
    };
    found.unwrap_or_else(json::null)
}

fn nanoseconds(time: tiberius::time::Time) -> u64 {
    time.increments() * 10_u64.pow(9_u32.saturating_sub(time.scale().into()))
}

/// A moment, told in UTC, as the clock with that offset shows it.
fn local(days: i64, nanoseconds: u64, offset: i16) -> String {
    const DAY: i128 = 86_400_000_000_000;
    let whole = i128::from(days) * DAY + i128::from(nanoseconds) + i128::from(offset) * 60_000_000_000;
    let days = i64::try_from(whole.div_euclid(DAY)).unwrap_or_default();
    let rest = u64::try_from(whole.rem_euclid(DAY)).unwrap_or_default();
    format!("{}{}", time::moment(days, rest), time::offset(offset.into()))
}

/// A decimal with its point.
fn decimal(value: i128, scale: u8) -> String {
    let scale = usize::from(scale);
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (before, after) = digits.split_at_checked(digits.len() - scale).unwrap_or((&digits, ""));
    let sign = if value < 0 { "-" } else { "" };
    if after.is_empty() { format!("{sign}{before}") } else { format!("{sign}{before}.{after}") }
}

#[cfg(test)]
mod tests {
    use tiberius::time::{Date, DateTime, DateTime2, DateTimeOffset, SmallDateTime, Time};

    use super::*;

    fn told(value: ColumnData<'_>) -> String {
        value_of(ColumnType::Null, &value)
    }

    #[test]
    fn moments_are_told_without_loss() {
        assert_eq!(told(ColumnData::Date(Some(Date::new(0)))), "\"0001-01-01\"");
        assert_eq!(told(ColumnData::DateTime(Some(DateTime::new(-53_690, 0)))), "\"1753-01-01T00:00:00\"");
        assert_eq!(told(ColumnData::DateTime(Some(DateTime::new(0, 299)))), "\"1900-01-01T00:00:00.997\"");
        assert_eq!(
            told(ColumnData::SmallDateTime(Some(SmallDateTime::new(1, 61)))),
            "\"1900-01-02T01:01:00\""
        );
        let last = Time::new(863_999_999_999, 7);
        assert_eq!(told(ColumnData::Time(Some(last))), "\"23:59:59.9999999\"");
        let end = DateTime2::new(Date::new(3_652_058), last);
        assert_eq!(told(ColumnData::DateTime2(Some(end))), "\"9999-12-31T23:59:59.9999999\"");
        let far = DateTimeOffset::new(DateTime2::new(Date::new(0), Time::new(0, 0)), 90);
        assert_eq!(told(ColumnData::DateTimeOffset(Some(far))), "\"0001-01-01T01:30:00+01:30\"");
    }

    #[test]
    fn decimals_keep_every_digit() {
        assert_eq!(decimal(-5, 1), "-0.5");
        assert_eq!(decimal(12_345, 0), "12345");
        assert_eq!(decimal(0, 4), "0.0000");
        assert_eq!(
            decimal(99_999_999_999_999_999_999_999_999_999_999_999_999, 38),
            format!("0.{}", "9".repeat(38))
        );
        assert_eq!(value_of(ColumnType::Money, &ColumnData::F64(Some(-1.5))), "\"-1.5000\"");
    }
}
