//! What the database has, as this login sees it.

use std::fmt::Write as _;

use drawbridge_contract::link::sql::{SqlColumn, SqlError, SqlList, SqlName};
use tokio_postgres::Row;

use super::super::build::Statement;
use super::super::dialect::{Column, Dialect};
use super::super::value::{Bound, Class};
use super::super::{Out, Refused, checked, json, missing};
use super::connect::Guard;
use super::fault::refused;
use super::{Found, binary};

/// Schemas that are not the database's own.
const OURS: &str = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";

/// A list of relations of some kinds.
pub(super) fn relations(list: &SqlList, kinds: &[&str], most: u32) -> Result<Statement, SqlError> {
    let kinds: Vec<String> = kinds.iter().map(|kind| format!("'{kind}'")).collect();
    let from = "pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace";
    let text = format!(
        "SELECT n.nspname::text AS schema, c.relname::text AS name FROM {from} WHERE c.relkind IN ({}) AND {OURS} \
         AND has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE')",
        kinds.join(", ")
    );
    listed(list, &text, "c.relname", most)
}

/// A list of procedures and functions.
pub(super) fn procedures(list: &SqlList, most: u32) -> Result<Statement, SqlError> {
    let text = format!(
        "SELECT DISTINCT n.nspname::text AS schema, p.proname::text AS name, \
         CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind \
         FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace \
         WHERE p.prokind IN ('p', 'f') AND p.prorettype <> 'trigger'::regtype AND {OURS} \
         AND has_function_privilege(p.oid, 'EXECUTE')"
    );
    listed(list, &text, "p.proname", most)
}

fn listed(list: &SqlList, text: &str, name: &str, most: u32) -> Result<Statement, SqlError> {
    let mut text = text.to_owned();
    let mut values = Vec::new();
    if let Some(schema) = &list.schema {
        checked(&SqlName { schema: None, name: schema.clone() })?;
        values.push(Bound::Text(schema.clone()));
        let _ = write!(text, " AND n.nspname = ${}", values.len());
    }
    if let Some(part) = &list.contains {
        values.push(Bound::Text(format!("%{}%", Dialect::Postgres.pattern(part))));
        let _ = write!(text, " AND {name}::text ILIKE ${} ESCAPE '!'", values.len());
    }
    let _ = write!(text, " ORDER BY 1, 2 LIMIT {most}");
    Ok(Statement { text, values })
}

/// The columns of a relation, for people.
pub(super) fn columns(oid: u32) -> Statement {
    let text = format!(
        "SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable, \
         EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary \
         AND a.attnum = ANY (i.indkey)) AS key, a.attgenerated <> '' OR a.attidentity = 'a' AS generated, \
         a.atthasdef OR a.attidentity <> '' AS preset \
         FROM pg_catalog.pg_attribute a WHERE a.attrelid = {oid}::oid AND a.attnum > 0 AND NOT a.attisdropped \
         ORDER BY a.attnum"
    );
    Statement { text, values: Vec::new() }
}

/// What a type is made of, for [`typed`].
pub(super) const TYPE: &str = "quote_ident(tn.nspname) || '.' || quote_ident(t.typname), \
    CASE WHEN t.typtype = 'd' THEN b.typname ELSE t.typname END::text, \
    CASE WHEN t.typtype = 'd' THEN b.typtype ELSE t.typtype END::text";
/// Where [`TYPE`] comes from, joined to something that has the type as `{}`.
pub(super) const TYPE_FROM: &str = "JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype";

/// A column or parameter with what its type is.
pub(super) fn typed(name: String, kind: String, whole: &str, base: &str, sort: &str) -> Column {
    let element = base.strip_prefix('_').filter(|_| sort == "b");
    let class = match (binary::class(element.unwrap_or(base)), element) {
        (Some(_), Some(_)) => Some(Class::List),
        (None, Some(_)) => None,
        (class, None) => class,
    };
    let as_text = class.is_none() && sort != "e";
    // A text is made into a column's type by the database, which refuses what is too long.
    let cast = if class == Some(Class::Text) { String::new() } else { whole.to_owned() };
    let class = class.unwrap_or(if element.is_some() { Class::List } else { Class::Other });
    Column { name, kind, class, cast, as_text }
}

/// A table or view by its name.
pub(super) async fn table(guard: &Guard, name: &SqlName) -> Result<Found, Refused> {
    let (schema, wanted) = checked(name)?;
    let text = format!(
        "SELECT c.oid, n.nspname::text, c.relname::text FROM pg_catalog.pg_class c \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relname = $2::text AND c.relkind IN ('r', 'p', 'f', 'v', 'm') AND {OURS} \
         AND has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE') \
         AND (n.nspname = $1::text OR $1::text IS NULL AND n.nspname = ANY (current_schemas(false))) \
         ORDER BY array_position(current_schemas(false), n.nspname) LIMIT 1"
    );
    let row = guard.client().query_opt(&text, &[&schema, &wanted]).await.map_err(|fault| refused(&fault))?;
    let row = row.ok_or_else(|| missing("table or view", name))?;
    let (oid, schema, table) = (get::<u32>(&row, 0)?, get::<String>(&row, 1)?, get::<String>(&row, 2)?);
    let text = format!(
        "SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), {TYPE} FROM pg_catalog.pg_attribute a \
         JOIN pg_catalog.pg_type t ON t.oid = a.atttypid {TYPE_FROM} \
         WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
    );
    let rows = guard.client().query(&text, &[&oid]).await.map_err(|fault| refused(&fault))?;
    let columns: Result<Vec<Column>, Refused> = rows.iter().map(|row| column(row, 0)).collect();
    Ok(Found { oid, name: Dialect::Postgres.qualified(&schema, &table), columns: columns? })
}

/// Name, type and [`TYPE`] from a place in a row on.
pub(super) fn column(row: &Row, at: usize) -> Result<Column, Refused> {
    let text = |place: usize| get::<String>(row, at + place);
    Ok(typed(text(0)?, text(1)?, &text(2)?, &text(3)?, &text(4)?))
}

/// A value of a row of the catalogue.
pub(super) fn get<'a, T: tokio_postgres::types::FromSql<'a>>(row: &'a Row, at: usize) -> Result<T, Refused> {
    row.try_get(at).map_err(|fault| refused(&fault))
}

/// The parameters of a procedure, of all that are called so.
pub(super) async fn parameters(guard: &Guard, name: &SqlName, out: &mut Out) -> Result<(), Refused> {
    let found = super::procedure::find(guard, name).await?;
    let column = |name: &str, kind: &str| SqlColumn { name: name.to_owned(), kind: kind.to_owned() };
    out.begin(
        vec![
            column("name", "text"),
            column("type", "text"),
            column("mode", "text"),
            column("optional", "bool"),
        ],
        u32::MAX,
    );
    for parameter in found.iter().flat_map(|one| &one.parameters) {
        let values = vec![
            json::text(&parameter.column.name),
            json::text(&parameter.column.kind),
            json::text(parameter.mode.code()),
            json::truth(parameter.optional),
        ];
        out.row(values).await?;
    }
    out.end(false);
    Ok(())
}
