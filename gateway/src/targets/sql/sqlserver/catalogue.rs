//! What the database has, as this login sees it.

use std::fmt::Write as _;

use drawbridge_contract::link::sql::{SqlColumn, SqlError, SqlList, SqlName};
use tiberius::Row;

use super::super::build::{Statement, Table};
use super::super::dialect::{Column, Dialect};
use super::super::value::{Bound, Class};
use super::super::{Out, Refused, checked, json, missing};
use super::all;
use super::connect::Guard;

/// The columns of a table or view: `@P1` is its name, `@P2` its schema.
pub(in super::super) const COLUMNS: &str = "SELECT s.name, o.name, c.name, \
    CASE WHEN t.is_assembly_type = 1 THEN t.name ELSE TYPE_NAME(c.system_type_id) END, \
    c.max_length, c.precision, c.scale, c.is_nullable, c.is_identity, c.is_computed, \
    CAST(CASE WHEN c.default_object_id <> 0 THEN 1 ELSE 0 END AS bit), \
    CAST(CASE WHEN EXISTS (SELECT * FROM sys.index_columns AS k JOIN sys.indexes AS i \
    ON i.object_id = k.object_id AND i.index_id = k.index_id WHERE i.is_primary_key = 1 \
    AND k.object_id = c.object_id AND k.column_id = c.column_id) THEN 1 ELSE 0 END AS bit) \
    FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id \
    JOIN sys.columns AS c ON c.object_id = o.object_id JOIN sys.types AS t ON t.user_type_id = c.user_type_id \
    WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0 AND o.name = @P1 \
    AND (s.name = @P2 OR (@P2 IS NULL AND s.name IN (SCHEMA_NAME(), N'dbo'))) \
    ORDER BY CASE WHEN s.name = SCHEMA_NAME() THEN 0 ELSE 1 END, s.name, c.column_id";
/// The parameters of a procedure or function, its return as number 0: `@P1` is its name, `@P2` its schema.
pub(in super::super) const PARAMETERS: &str = "SELECT s.name, o.name, RTRIM(o.type), p.name, \
    CASE WHEN t.is_assembly_type = 1 OR t.is_table_type = 1 THEN t.name ELSE TYPE_NAME(p.system_type_id) END, \
    p.max_length, p.precision, p.scale, p.parameter_id, p.is_output, p.has_default_value, t.is_table_type \
    FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id \
    LEFT JOIN sys.parameters AS p ON p.object_id = o.object_id LEFT JOIN sys.types AS t ON t.user_type_id = p.user_type_id \
    WHERE o.type IN ('P', 'PC', 'FN', 'FS', 'IF', 'TF', 'FT') AND o.is_ms_shipped = 0 AND o.name = @P1 \
    AND (s.name = @P2 OR (@P2 IS NULL AND s.name IN (SCHEMA_NAME(), N'dbo'))) \
    ORDER BY CASE WHEN s.name = SCHEMA_NAME() THEN 0 ELSE 1 END, s.name, p.parameter_id";

/// A list of tables (`U`) or views (`V`).
pub(in super::super) fn relations(list: &SqlList, kind: char, most: u32) -> Result<Statement, SqlError> {
    let text = format!(
        "SELECT TOP ({most}) s.name AS [schema], o.name AS [name] FROM sys.objects AS o \
         JOIN sys.schemas AS s ON s.schema_id = o.schema_id WHERE o.type = '{kind}' AND o.is_ms_shipped = 0"
    );
    listed(list, text)
}

/// A list of procedures and functions.
pub(in super::super) fn procedures(list: &SqlList, most: u32) -> Result<Statement, SqlError> {
    let text = format!(
        "SELECT TOP ({most}) s.name AS [schema], o.name AS [name], \
         CASE WHEN o.type IN ('P', 'PC') THEN N'procedure' ELSE N'function' END AS [kind] FROM sys.objects AS o \
         JOIN sys.schemas AS s ON s.schema_id = o.schema_id \
         WHERE o.type IN ('P', 'PC', 'FN', 'FS', 'IF', 'TF', 'FT') AND o.is_ms_shipped = 0"
    );
    listed(list, text)
}

fn listed(list: &SqlList, mut text: String) -> Result<Statement, SqlError> {
    let mut values = Vec::new();
    if let Some(schema) = &list.schema {
        checked(&SqlName { schema: None, name: schema.clone() })?;
        values.push(Bound::Text(schema.clone()));
        let _ = write!(text, " AND s.name = @P{}", values.len());
    }
    if let Some(part) = &list.contains {
        values.push(Bound::Text(format!("%{}%", Dialect::SqlServer.pattern(part))));
        let _ = write!(text, " AND LOWER(o.name) LIKE LOWER(@P{}) ESCAPE '!'", values.len());
    }
    text.push_str(" ORDER BY s.name, o.name");
    Ok(Statement { text, values })
}

/// A column or parameter by what the catalogue says of its type.
pub(in super::super) fn typed(name: String, base: &str, length: i16, precision: u8, scale: u8) -> Column {
    let sized = |letters: i16| match length {
        -1 => format!("{base}(max)"),
        length => format!("{base}({})", length / letters),
    };
    // The name of a type that somebody made may be anything, and stands in statements.
    let plain = base.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let quoted = if plain { String::new() } else { Dialect::SqlServer.quote(base) };
    let base = if plain { base } else { &quoted };
    let kind = match base {
        "char" | "varchar" | "binary" | "varbinary" => sized(1),
        "nchar" | "nvarchar" => sized(2),
        "decimal" | "numeric" => format!("{base}({precision},{scale})"),
        "time" | "datetime2" | "datetimeoffset" => format!("{base}({scale})"),
        other => other.to_owned(),
    };
    let (class, cast) = match base {
        "bit" => (Class::Truth, "bit"),
        "tinyint" | "smallint" | "int" | "bigint" => (Class::Whole, "bigint"),
        "decimal" | "numeric" | "money" | "smallmoney" => (Class::Decimal, "decimal(38,4)"),
        "float" | "real" => (Class::Float, "float"),
        "char" | "varchar" | "text" => (Class::Text, "varchar(max)"),
        "nchar" | "nvarchar" | "ntext" | "sysname" => (Class::Text, ""),
        "date" => (Class::Day, "date"),
        "time" => (Class::Clock, "time(7)"),
        "datetime" | "datetime2" | "smalldatetime" => (Class::Moment, "datetime2(7)"),
        "datetimeoffset" => (Class::Instant, "datetimeoffset(7)"),
        "binary" | "varbinary" | "image" | "timestamp" | "rowversion" => (Class::Bytes, ""),
        "uniqueidentifier" => (Class::Uuid, "uniqueidentifier"),
        "json" => (Class::Json, "json"),
        "sql_variant" => (Class::Other, ""),
        other => (Class::Other, other),
    };
    let read = [
        "bit",
        "tinyint",
        "smallint",
        "int",
        "bigint",
        "decimal",
        "numeric",
        "float",
        "real",
        "char",
        "varchar",
        "text",
        "nchar",
        "nvarchar",
        "ntext",
        "sysname",
        "date",
        "time",
        "datetime",
        "datetime2",
        "smalldatetime",
        "datetimeoffset",
        "binary",
        "varbinary",
        "image",
        "timestamp",
        "rowversion",
        "uniqueidentifier",
        "xml",
    ];
    Column { name, kind, class, cast: cast.to_owned(), as_text: !read.contains(&base) }
}

/// A table that was found.
pub(super) struct Found {
    name: String,
    columns: Vec<Column>,
    facts: Vec<[bool; 4]>,
}

impl Found {
    pub(super) fn table(&self) -> Table<'_> {
        Table { dialect: Dialect::SqlServer, name: self.name.clone(), columns: &self.columns }
    }
}

/// What is looked for, as [`COLUMNS`] and [`PARAMETERS`] take it.
pub(super) fn wanted(text: &str, name: &SqlName) -> Result<Statement, SqlError> {
    let (schema, wanted) = checked(name)?;
    let schema = schema.map_or(Bound::Null, |schema| Bound::Text(schema.to_owned()));
    Ok(Statement { text: text.to_owned(), values: vec![Bound::Text(wanted.to_owned()), schema] })
}

/// A text of the catalogue.
pub(super) fn text(row: &Row, at: usize) -> String {
    row.try_get::<&str, _>(at).ok().flatten().unwrap_or_default().to_owned()
}

/// A truth of the catalogue.
pub(super) fn truth(row: &Row, at: usize) -> bool {
    row.try_get::<bool, _>(at).ok().flatten().unwrap_or_default()
}

/// Name and type from a place in a row on.
pub(super) fn column(row: &Row, at: usize) -> Column {
    let small = |at| row.try_get::<u8, _>(at).ok().flatten().unwrap_or_default();
    let length = row.try_get::<i16, _>(at + 2).ok().flatten().unwrap_or_default();
    typed(text(row, at), &text(row, at + 1), length, small(at + 3), small(at + 4))
}

/// A table or view by its name.
pub(super) async fn table(guard: &mut Guard, name: &SqlName) -> Result<Found, Refused> {
    let rows = all(guard, &wanted(COLUMNS, name)?).await?;
    let Some(first) = rows.first() else { return Err(missing("table or view", name).into()) };
    let (schema, table) = (text(first, 0), text(first, 1));
    let mut found =
        Found { name: Dialect::SqlServer.qualified(&schema, &table), columns: Vec::new(), facts: Vec::new() };
    for row in rows.iter().filter(|row| text(row, 0) == schema) {
        let column = column(row, 2);
        let version = matches!(column.kind.as_str(), "timestamp" | "rowversion");
        found.facts.push([
            truth(row, 7),
            truth(row, 11),
            truth(row, 8) || truth(row, 9) || version,
            truth(row, 10) || truth(row, 8),
        ]);
        found.columns.push(column);
    }
    Ok(found)
}

/// The columns of a table, for people.
pub(super) async fn shown(guard: &mut Guard, name: &SqlName, out: &mut Out) -> Result<(), Refused> {
    let found = table(guard, name).await?;
    let column = |name: &str, kind: &str| SqlColumn { name: name.to_owned(), kind: kind.to_owned() };
    let mut head = vec![column("name", "nvarchar"), column("type", "nvarchar")];
    head.extend(["nullable", "key", "generated", "preset"].map(|name| column(name, "bit")));
    out.begin(head, u32::MAX);
    for (column, facts) in found.columns.iter().zip(&found.facts) {
        let mut values = vec![json::text(&column.name), json::text(&column.kind)];
        values.extend(facts.map(json::truth));
        out.row(values).await?;
    }
    out.end(false);
    Ok(())
}
