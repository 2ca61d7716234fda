//! Procedures and functions.

use drawbridge_contract::link::sql::{SqlColumn, SqlExecute, SqlFault, SqlName};
use futures_util::TryStreamExt as _;

use super::super::build::{Statement, bounded};
use super::super::dialect::{Column, Dialect};
use super::super::value::{bind, error};
use super::super::{Asked, Out, Refused, checked, json, missing};
use super::catalogue::{TYPE, TYPE_FROM, column, get};
use super::connect::Guard;
use super::fault::refused;
use super::{binary, prepare, run as start};

/// Which way a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    In,
    Out,
    InOut,
    /// A column of what comes back.
    Table,
}

impl Mode {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
            Self::InOut => "inout",
            Self::Table => "return",
        }
    }

    const fn goes_in(self) -> bool {
        matches!(self, Self::In | Self::InOut)
    }
}

/// A parameter.
pub(super) struct Parameter {
    pub(super) column: Column,
    pub(super) mode: Mode,
    pub(super) optional: bool,
    named: bool,
}

/// A procedure or function.
pub(super) struct Procedure {
    name: String,
    /// Whether it is called, and not selected from.
    called: bool,
    is_set: bool,
    pub(super) parameters: Vec<Parameter>,
}

/// All that are called so; at least one.
pub(super) async fn find(guard: &Guard, name: &SqlName) -> Result<Vec<Procedure>, Refused> {
    let (schema, wanted) = checked(name)?;
    let text = format!(
        "SELECT p.oid, n.nspname::text, p.proname::text, p.prokind = 'p', p.proretset, p.pronargs::int4, \
         p.pronargdefaults::int4, a.place::int4, COALESCE(p.proargmodes[a.place]::text, 'i'), \
         COALESCE(p.proargnames[a.place], ''), format_type(t.oid, NULL), {TYPE} \
         FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace \
         LEFT JOIN LATERAL unnest(COALESCE(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY a (type, place) ON true \
         LEFT JOIN (pg_catalog.pg_type t {TYPE_FROM}) ON t.oid = a.type \
         WHERE p.proname = $2::text AND p.prokind IN ('p', 'f') AND p.prorettype <> 'trigger'::regtype \
         AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND has_function_privilege(p.oid, 'EXECUTE') \
         AND (n.nspname = $1::text OR $1::text IS NULL AND n.nspname = ANY (current_schemas(false))) \
         ORDER BY array_position(current_schemas(false), n.nspname), n.nspname, p.oid, a.place LIMIT 1000"
    );
    let rows = guard.client().query(&text, &[&schema, &wanted]).await.map_err(|fault| refused(&fault))?;
    let mut found: Vec<(u32, String, Procedure)> = Vec::new();
    for row in &rows {
        let (oid, schema) = (get::<u32>(row, 0)?, get::<String>(row, 1)?);
        if found.first().is_some_and(|(_, first, _)| *first != schema) {
            // Another schema on the path: hidden by the one before.
            break;
        }
        if found.last().is_none_or(|(last, ..)| *last != oid) {
            let name = Dialect::Postgres.qualified(&schema, &get::<String>(row, 2)?);
            let (called, is_set) = (get(row, 3)?, get(row, 4)?);
            found.push((oid, schema, Procedure { name, called, is_set, parameters: Vec::new() }));
        }
        let (Some((.., procedure)), Some(place)) = (found.last_mut(), get::<Option<i32>>(row, 7)?) else {
            continue;
        };
        let mode = match get::<String>(row, 8)?.as_str() {
            "o" => Mode::Out,
            "b" => Mode::InOut,
            "t" => Mode::Table,
            _ => Mode::In,
        };
        let mut column = column(row, 9)?;
        let named = !column.name.is_empty();
        if !named {
            column.name = place.to_string();
        }
        procedure.parameters.push(Parameter { column, mode, optional: false, named });
        let (inputs, presets) = (get::<i32>(row, 5)?, get::<i32>(row, 6)?);
        let ins = procedure.parameters.iter_mut().filter(|parameter| parameter.mode.goes_in());
        for (at, parameter) in (0..).zip(ins) {
            parameter.optional = at >= inputs - presets;
        }
    }
    if found.is_empty() {
        return Err(missing("procedure or function", name).into());
    }
    Ok(found.into_iter().map(|(.., procedure)| procedure).collect())
}

impl Procedure {
    /// Whether it can be called with these values: it has them all, and needs no others.
    fn takes(&self, execute: &SqlExecute) -> bool {
        let has = |name: &String| {
            self.parameters
                .iter()
                .any(|parameter| parameter.column.name == *name && parameter.mode != Mode::Table)
        };
        execute.parameters.keys().all(has)
            && self.parameters.iter().all(|parameter| {
                !parameter.mode.goes_in()
                    || parameter.optional
                    || execute.parameters.contains_key(&parameter.column.name)
            })
    }

    fn call(&self, execute: &SqlExecute) -> Result<Statement, Refused> {
        bounded("parameters", execute.parameters.len())?;
        let mut values = Vec::new();
        let mut parts = Vec::new();
        let mut gap = false;
        for parameter in &self.parameters {
            let given = execute.parameters.get(&parameter.column.name);
            let place = match (parameter.mode, given) {
                (Mode::In | Mode::InOut, Some(value)) => {
                    let bound = bind(parameter.column.class, &parameter.column.name, value)?;
                    // A text needs its type here, so that the right one of several is found.
                    let place = Dialect::Postgres.value(&parameter.column, values.len() + 1, &bound);
                    values.push(bound);
                    place
                }
                (Mode::Out, _) if self.called => "NULL".to_owned(),
                (Mode::In | Mode::InOut, None) => {
                    gap = true;
                    continue;
                }
                (Mode::Out | Mode::Table, _) => continue,
            };
            if gap && !parameter.named {
                let words = "parameters without a name cannot be left out before others";
                return Err(error(SqlFault::Question, words).into());
            }
            let named = parameter.named && (gap || self.parameters.iter().all(|other| other.named));
            parts.push(if named {
                format!("{} => {place}", Dialect::Postgres.quote(&parameter.column.name))
            } else {
                place
            });
        }
        let head = if self.called { "CALL" } else { "SELECT * FROM" };
        Ok(Statement { text: format!("{head} {}({})", self.name, parts.join(", ")), values })
    }
}

/// Runs one.
pub(super) async fn run(
    asked: &Asked<'_>,
    guard: &Guard,
    execute: &SqlExecute,
    out: &mut Out,
) -> Result<(), Refused> {
    let found = find(guard, &execute.procedure).await?;
    let mut able = found.iter().filter(|procedure| procedure.takes(execute));
    let procedure = able.next().ok_or_else(|| {
        let words = "the procedure does not take these parameters, or needs others";
        error(SqlFault::Question, words)
    })?;
    if able.next().is_some() {
        return Err(error(SqlFault::Question, "several procedures of this name take these parameters").into());
    }
    let mut statement = procedure.call(execute)?;
    asked.reaches();
    let mut prepared = prepare(guard, &statement).await?;
    let columns = prepared.columns();
    if !procedure.called && columns.iter().any(|column| !binary::reads(column.type_())) {
        let list: Vec<String> = columns
            .iter()
            .map(|column| {
                let name = Dialect::Postgres.quote(column.name());
                if binary::reads(column.type_()) { name } else { format!("CAST({name} AS text) AS {name}") }
            })
            .collect();
        statement.text = format!("SELECT {} FROM ({}) AS answer", list.join(", "), statement.text);
        prepared = prepare(guard, &statement).await?;
    }
    let names: Vec<SqlColumn> = prepared
        .columns()
        .iter()
        .map(|column| SqlColumn { name: column.name().to_owned(), kind: column.type_().name().to_owned() })
        .collect();
    let comes_out = procedure.parameters.iter().any(|one| matches!(one.mode, Mode::Out | Mode::InOut));
    let many = procedure.is_set || procedure.parameters.iter().any(|one| one.mode == Mode::Table);
    let mut stream = std::pin::pin!(start(guard, &prepared, &statement).await?);
    if many {
        let mut truncated = false;
        out.begin_sets();
        out.begin_set(names, asked.rows(execute.top));
        while let Some(row) = stream.try_next().await.map_err(|fault| refused(&fault))? {
            truncated = truncated || !out.row(binary::row(&row)?).await?;
        }
        out.end_set(truncated);
        out.end_sets();
        return Ok(());
    }
    let row = stream.try_next().await.map_err(|fault| refused(&fault))?;
    let values = row.as_ref().map(binary::row).transpose()?.unwrap_or_default();
    while stream.try_next().await.map_err(|fault| refused(&fault))?.is_some() {}
    if comes_out {
        let pairs: Vec<String> = names
            .iter()
            .zip(&values)
            .map(|(column, value)| format!("{}:{value}", json::text(&column.name)))
            .collect();
        out.field("output", &format!("{{{}}}", pairs.join(",")));
    } else if let Some(value) = values.first().filter(|_| !procedure.called) {
        out.field("returned", value);
    }
    out.field("resultSets", "[]");
    Ok(())
}
