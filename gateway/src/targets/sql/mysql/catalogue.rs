//! What the database has, as this login sees it.

use std::fmt::Write as _;

use drawbridge_contract::link::sql::{SqlColumn, SqlError, SqlList, SqlName};
use mysql_async::Params;
use mysql_async::prelude::Queryable as _;

use super::super::build::{Statement, Table};
use super::super::dialect::{Column, Dialect};
use super::super::value::{Bound, Class};
use super::super::{Out, Refused, checked, json, missing};
use super::connect::Guard;
use super::fault::refused;

/// A table that was found.
pub(super) struct Found {
    name: String,
    columns: Vec<Column>,
    facts: Vec<Facts>,
}

/// What else is known of a column.
struct Facts {
    nullable: bool,
    key: bool,
    generated: bool,
    preset: bool,
}

impl Found {
    pub(super) fn table(&self) -> Table<'_> {
        Table { dialect: Dialect::MySql, name: self.name.clone(), columns: &self.columns }
    }
}

/// A list of tables, or of views.
pub(super) fn relations(list: &SqlList, views: bool, most: u32) -> Result<Statement, SqlError> {
    let sign = if views { "=" } else { "<>" };
    let text = format!(
        "SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS `name` FROM information_schema.TABLES \
         WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE {sign} 'VIEW' AND TABLE_TYPE <> 'SEQUENCE'"
    );
    listed(list, &text, "TABLE_SCHEMA", "TABLE_NAME", most)
}

/// A list of procedures and functions.
pub(super) fn procedures(list: &SqlList, most: u32) -> Result<Statement, SqlError> {
    let text = "SELECT ROUTINE_SCHEMA AS `schema`, ROUTINE_NAME AS `name`, LOWER(ROUTINE_TYPE) AS kind \
                FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()";
    listed(list, text, "ROUTINE_SCHEMA", "ROUTINE_NAME", most)
}

fn listed(list: &SqlList, text: &str, schema: &str, name: &str, most: u32) -> Result<Statement, SqlError> {
    let mut text = text.to_owned();
    let mut values = Vec::new();
    if let Some(wanted) = &list.schema {
        checked(&SqlName { schema: None, name: wanted.clone() })?;
        values.push(Bound::Text(wanted.clone()));
        let _ = write!(text, " AND {schema} = ?");
    }
    if let Some(part) = &list.contains {
        values.push(Bound::Text(format!("%{}%", Dialect::MySql.pattern(part))));
        let _ = write!(text, " AND LOWER({name}) LIKE LOWER(?) ESCAPE '!'");
    }
    let _ = write!(text, " ORDER BY {name} LIMIT {most}");
    Ok(Statement { text, values })
}

/// A column or parameter by what the catalogue says of its type.
pub(super) fn typed(name: String, whole: &str, base: &str) -> Column {
    let base = base.to_ascii_lowercase();
    let class = match base.as_str() {
        "tinyint" | "smallint" | "mediumint" | "int" | "integer" | "bigint" | "year" | "bit" => Class::Whole,
        "decimal" | "numeric" => Class::Decimal,
        "float" | "double" => Class::Float,
        "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "enum" | "set" => Class::Text,
        "date" => Class::Day,
        "datetime" => Class::Moment,
        "timestamp" => Class::Instant,
        "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" => Class::Bytes,
        "json" => Class::Json,
        "uuid" => Class::Uuid,
        _ => Class::Other,
    };
    let shape = "geometry point linestring polygon multipoint multilinestring multipolygon geometrycollection geomcollection";
    let as_text = shape.split(' ').any(|shape| shape == base);
    Column { name, kind: whole.to_owned(), class, cast: String::new(), as_text }
}

/// A table or view by its name.
pub(super) async fn table(guard: &mut Guard, name: &SqlName) -> Result<Found, Refused> {
    type Line = (String, String, String, String, String, String, String, String, bool);
    let (schema, wanted) = checked(name)?;
    let text = "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, DATA_TYPE, IS_NULLABLE, COLUMN_KEY, EXTRA, \
                COLUMN_DEFAULT IS NOT NULL FROM information_schema.COLUMNS \
                WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? ORDER BY TABLE_NAME, ORDINAL_POSITION";
    let lines: Vec<Line> = guard
        .client()?
        .exec(text, Params::Positional(vec![wanted.into()]))
        .await
        .map_err(|fault| refused(&fault))?;
    let exact = lines.iter().any(|(_, table, ..)| table == wanted);
    let first = lines.first().map(|(schema, table, ..)| (schema.clone(), table.clone()));
    let Some((own, found)) = first.filter(|(own, _)| schema.is_none_or(|schema| schema == own)) else {
        return Err(missing("table or view", name).into());
    };
    // Where capitals count, others may be called nearly the same.
    let found = if exact { wanted.to_owned() } else { found };
    let (mut columns, mut facts) = (Vec::new(), Vec::new());
    for (_, table, column, whole, base, nullable, key, extra, preset) in lines {
        if table != found {
            continue;
        }
        let extra = extra.to_ascii_lowercase();
        let generated = extra.contains("generated") && !extra.contains("default_generated");
        facts.push(Facts {
            nullable: nullable == "YES",
            key: key == "PRI",
            generated,
            preset: preset || extra.contains("auto_increment") || extra.contains("default_generated"),
        });
        columns.push(typed(column, &whole, &base));
    }
    Ok(Found { name: Dialect::MySql.qualified(&own, &found), columns, facts })
}

/// The columns of a table, for people.
pub(super) async fn shown(guard: &mut Guard, name: &SqlName, out: &mut Out) -> Result<(), Refused> {
    let found = table(guard, name).await?;
    let column = |name: &str, kind: &str| SqlColumn { name: name.to_owned(), kind: kind.to_owned() };
    let mut head = vec![column("name", "varchar"), column("type", "varchar")];
    head.extend(["nullable", "key", "generated", "preset"].map(|name| column(name, "bool")));
    out.begin(head, u32::MAX);
    for (column, facts) in found.columns.iter().zip(&found.facts) {
        let mut values = vec![json::text(&column.name), json::text(&column.kind)];
        values.extend([facts.nullable, facts.key, facts.generated, facts.preset].map(json::truth));
        out.row(values).await?;
    }
    out.end(false);
    Ok(())
}
