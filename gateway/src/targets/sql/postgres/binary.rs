//! Values as they come over the wire, as JSON.

use std::fmt::Write as _;

use drawbridge_contract::link::sql::SqlFault;
use fallible_iterator::FallibleIterator as _;
use postgres_protocol::types as wire;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Kind, Type};

use super::super::value::{Class, error};
use super::super::{Refused, json, time};
use super::fault::refused;

/// From 1970 to 2000.
const TO_2000: i64 = 10_957;
const DAY: i64 = 86_400_000_000;

type Odd = Box<dyn std::error::Error + Sync + Send>;

/// What a type of the database's own holds, by its name; `None`: it comes as the database writes it.
pub(super) fn class(name: &str) -> Option<Class> {
    Some(match name {
        "bool" => Class::Truth,
        "int2" | "int4" | "int8" | "oid" => Class::Whole,
        "numeric" => Class::Decimal,
        "float4" | "float8" => Class::Float,
        "text" | "varchar" | "bpchar" | "name" => Class::Text,
        "date" => Class::Day,
        "time" => Class::Clock,
        "timestamp" => Class::Moment,
        "timestamptz" => Class::Instant,
        "bytea" => Class::Bytes,
        "uuid" => Class::Uuid,
        "json" | "jsonb" => Class::Json,
        _ => return None,
    })
}

/// Whether values of a type are read here.
pub(super) fn reads(kind: &Type) -> bool {
    match kind.kind() {
        Kind::Enum(_) => true,
        Kind::Array(element) => reads(element),
        Kind::Domain(base) => reads(base),
        _ => class(kind.name()).is_some() || matches!(*kind, Type::VOID | Type::UNKNOWN | Type::CHAR),
    }
}

/// A value as it came.
struct Raw(String);

impl<'a> FromSql<'a> for Raw {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Odd> {
        value(kind, raw).map(Self)
    }

    fn from_sql_null(_: &Type) -> Result<Self, Odd> {
        Ok(Self(json::null()))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// The values of a row.
pub(super) fn row(row: &Row) -> Result<Vec<String>, Refused> {
    let one = |at: usize| {
        let kind = row.columns().get(at).map(tokio_postgres::Column::type_);
        if let Some(kind) = kind.filter(|kind| !reads(kind)) {
            let words =
                format!("values of the type {} cannot be read: have them made into text", kind.name());
            return Err(error(SqlFault::Refused, words).into());
        }
        row.try_get::<_, Raw>(at).map(|raw| raw.0).map_err(|fault| refused(&fault))
    };
    (0..row.len()).map(one).collect()
}

fn value(kind: &Type, raw: &[u8]) -> Result<String, Odd> {
    match kind.kind() {
        Kind::Array(element) => return list(element, raw),
        Kind::Domain(base) => return value(base, raw),
        Kind::Enum(_) => return Ok(json::text(wire::text_from_sql(raw)?)),
        _ => {}
    }
    Ok(match *kind {
        Type::VOID => json::null(),
        Type::BOOL => json::truth(wire::bool_from_sql(raw)?),
        Type::INT2 => json::whole(wire::int2_from_sql(raw)?.into()),
        Type::INT4 => json::whole(wire::int4_from_sql(raw)?.into()),
        Type::INT8 => json::whole(wire::int8_from_sql(raw)?),
        Type::OID => json::unsigned(wire::oid_from_sql(raw)?.into()),
        Type::FLOAT4 => json::single(wire::float4_from_sql(raw)?),
        Type::FLOAT8 => json::double(wire::float8_from_sql(raw)?),
        Type::NUMERIC => json::text(&numeric(raw).ok_or("this is no decimal")?),
        Type::DATE => json::text(&day(wire::date_from_sql(raw)?)),
        Type::TIME => json::text(&time::clock(micros(wire::time_from_sql(raw)?))),
        Type::TIMESTAMP => json::text(&moment(wire::timestamp_from_sql(raw)?, "")),
        Type::TIMESTAMPTZ => json::text(&moment(wire::timestamp_from_sql(raw)?, "Z")),
        Type::BYTEA => json::bytes(raw),
        Type::UUID => json::text(&uuid(wire::uuid_from_sql(raw)?)),
        Type::JSON => str::from_utf8(raw)?.to_owned(),
        Type::JSONB => str::from_utf8(raw.strip_prefix(&[1]).ok_or("this is no jsonb")?)?.to_owned(),
        _ => json::text(wire::text_from_sql(raw)?),
    })
}

fn list(element: &Type, raw: &[u8]) -> Result<String, Odd> {
    let array = wire::array_from_sql(raw)?;
    let sizes: Vec<usize> = array
        .dimensions()
        .map(|dimension| Ok(usize::try_from(dimension.len).unwrap_or_default()))
        .collect()?;
    let values: Vec<String> = array
        .values()
        .map(|raw| raw.map_or_else(|| Ok(json::null()), |raw| value(element, raw)))
        .collect()?;
    Ok(nested(&sizes, &values))
}

fn nested(sizes: &[usize], values: &[String]) -> String {
    let Some((_, inner)) = sizes.split_first() else { return "[]".to_owned() };
    if inner.is_empty() {
        return format!("[{}]", values.join(","));
    }
    let each = inner.iter().product::<usize>().max(1);
    let parts: Vec<String> = values.chunks(each).map(|part| nested(inner, part)).collect();
    format!("[{}]", parts.join(","))
}

fn micros(count: i64) -> u64 {
    count.unsigned_abs() * 1000
}

fn day(days: i32) -> String {
    match days {
        i32::MAX => "infinity".to_owned(),
        i32::MIN => "-infinity".to_owned(),
        days => time::day(i64::from(days) + TO_2000),
    }
}

fn moment(count: i64, offset: &str) -> String {
    match count {
        i64::MAX => "infinity".to_owned(),
        i64::MIN => "-infinity".to_owned(),
        count => {
            let (days, rest) = (count.div_euclid(DAY) + TO_2000, count.rem_euclid(DAY));
            format!("{}{offset}", time::moment(days, micros(rest)))
        }
    }
}

fn uuid(bytes: [u8; 16]) -> String {
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A decimal: groups of four digits, and where its point is.
fn numeric(raw: &[u8]) -> Option<String> {
    let mut words = raw.chunks_exact(2).map(|pair| match pair {
        [high, low] => u16::from_be_bytes([*high, *low]),
        _ => 0,
    });
    let (count, weight, sign, scale) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let weight = i16::from_be_bytes(weight.to_be_bytes());
    match sign {
        0xc000 => return Some("NaN".to_owned()),
        0xd000 => return Some("Infinity".to_owned()),
        0xf000 => return Some("-Infinity".to_owned()),
        _ => {}
    }
    let groups: Vec<u16> = words.take(usize::from(count)).collect();
    let group = |at: i16| usize::try_from(at).ok().and_then(|at| groups.get(at)).copied().unwrap_or_default();
    let digits = |places: std::ops::RangeInclusive<i16>| {
        places.fold(String::new(), |mut text, at| {
            let _ = write!(text, "{:04}", group(at));
            text
        })
    };
    let mut text = if sign == 0x4000 { "-".to_owned() } else { String::new() };
    if weight < 0 {
        text.push('0');
    } else {
        let mut before = digits(0..=weight);
        let zeros = before.len() - before.trim_start_matches('0').len();
        before.drain(..zeros.min(before.len() - 1));
        text.push_str(&before);
    }
    if scale > 0 {
        let places = i16::try_from(scale.div_ceil(4)).ok()?;
        let first = weight.checked_add(1)?;
        let after = digits(first..=first.checked_add(places)?.checked_sub(1)?);
        text.push('.');
        text.push_str(after.get(..usize::from(scale))?);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(words: &[u16]) -> String {
        let raw: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        numeric(&raw).unwrap()
    }

    #[test]
    fn decimals_keep_every_digit() {
        assert_eq!(decimal(&[0, 0, 0, 0]), "0");
        assert_eq!(decimal(&[0, 0, 0, 2]), "0.00");
        assert_eq!(decimal(&[2, 0, 0, 2, 12, 5000]), "12.50");
        assert_eq!(decimal(&[1, 0xffff, 0x4000, 4, 1]), "-0.0001");
        assert_eq!(decimal(&[1, 0xfffe, 0, 6, 100]), "0.000001");
        assert_eq!(decimal(&[1, 1, 0, 0, 1]), "10000");
        assert_eq!(decimal(&[3, 1, 0, 1, 9007, 1992, 5000]), "90071992.5");
        assert_eq!(decimal(&[0, 0, 0xc000, 0]), "NaN");
        assert_eq!(numeric(&[0, 1]), None);
    }

    #[test]
    fn lists_have_their_dimensions() {
        let values: Vec<String> = (1..=6).map(|value| value.to_string()).collect();
        assert_eq!(nested(&[2, 3], &values), "[[1,2,3],[4,5,6]]");
        assert_eq!(nested(&[6], &values), "[1,2,3,4,5,6]");
        assert_eq!(nested(&[], &[]), "[]");
    }

    #[test]
    fn moments_go_back_before_2000_and_1900() {
        assert_eq!(moment(-1, "Z"), "1999-12-31T23:59:59.999999Z");
        assert_eq!(moment(-3_155_673_600_000_000, ""), "1900-01-01T00:00:00");
        assert_eq!(moment(i64::MAX, "Z"), "infinity");
        assert_eq!(day(-730_119), "0001-01-01");
    }
}
