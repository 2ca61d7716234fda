//! Procedures and functions.

use std::fmt::Write as _;

use drawbridge_contract::link::sql::{SqlColumn, SqlError, SqlExecute, SqlFault, SqlName};
use futures_util::TryStreamExt as _;
use tiberius::QueryItem;

use super::super::build::{Statement, bounded, named};
use super::super::dialect::{Column, Dialect};
use super::super::value::{Bound, Class, bind, error};
use super::super::{Asked, Out, Refused, json, missing};
use super::catalogue::{PARAMETERS, column, text, truth, wanted};
use super::connect::Guard;
use super::fault::refused;
use super::{all, start, wire};

/// What comes after a procedure's own results: a set whose first column is called so.
const MARK: &str = "drawbridge:returned";

/// A procedure or function.
pub(in super::super) struct Procedure {
    name: String,
    /// `P` and `PC`: a procedure; `FN` and `FS`: a value; all others: a table.
    kind: String,
    columns: Vec<Column>,
    /// Whether each comes out as well.
    outs: Vec<bool>,
    optional: Vec<bool>,
    tables: Vec<bool>,
    returns: String,
}

async fn find(guard: &mut Guard, name: &SqlName) -> Result<Procedure, Refused> {
    let rows = all(guard, &wanted(PARAMETERS, name)?).await?;
    let Some(first) = rows.first() else { return Err(missing("procedure or function", name).into()) };
    let schema = text(first, 0);
    let mut found = Procedure {
        name: Dialect::SqlServer.qualified(&schema, &text(first, 1)),
        kind: text(first, 2),
        columns: Vec::new(),
        outs: Vec::new(),
        optional: Vec::new(),
        tables: Vec::new(),
        returns: String::new(),
    };
    for row in rows.iter().filter(|row| text(row, 0) == schema) {
        let Some(place) = row.try_get::<i32, _>(8).ok().flatten() else { continue };
        let column = column(row, 3);
        if place == 0 {
            found.returns = column.kind;
            continue;
        }
        let name = column.name.trim_start_matches('@').to_owned();
        found.columns.push(Column { name, ..column });
        found.outs.push(truth(row, 9));
        found.optional.push(truth(row, 10));
        found.tables.push(truth(row, 11));
    }
    Ok(found)
}

impl Procedure {
    /// One with these parameters, for tests.
    #[cfg(test)]
    pub(in super::super) fn new(name: String, kind: &str, columns: Vec<Column>, outs: Vec<bool>) -> Self {
        let (kind, none) = (kind.to_owned(), vec![false; columns.len()]);
        Self { name, kind, columns, outs, optional: none.clone(), tables: none, returns: String::new() }
    }

    fn is_procedure(&self) -> bool {
        self.kind.starts_with('P')
    }
}

/// The parameters, for people.
pub(super) async fn shown(guard: &mut Guard, name: &SqlName, out: &mut Out) -> Result<(), Refused> {
    let found = find(guard, name).await?;
    let column = |name: &str, kind: &str| SqlColumn { name: name.to_owned(), kind: kind.to_owned() };
    out.begin(
        vec![
            column("name", "nvarchar"),
            column("type", "nvarchar"),
            column("mode", "nvarchar"),
            column("optional", "bit"),
        ],
        u32::MAX,
    );
    for ((column, comes_out), optional) in found.columns.iter().zip(&found.outs).zip(&found.optional) {
        // What comes out of a procedure may go in as well: the catalogue does not tell.
        let mode = if *comes_out { "inout" } else { "in" };
        let texts = [column.name.as_str(), &column.kind, mode].map(json::text);
        out.row(texts.into_iter().chain([json::truth(*optional || *comes_out)]).collect()).await?;
    }
    if !found.returns.is_empty() {
        let texts = ["", &found.returns, "return"].map(json::text);
        out.row(texts.into_iter().chain([json::truth(false)]).collect()).await?;
    }
    out.end(false);
    Ok(())
}

/// The batch that runs one with these values.
pub(in super::super) fn batch(found: &Procedure, execute: &SqlExecute) -> Result<Statement, SqlError> {
    bounded("parameters", execute.parameters.len())?;
    for name in execute.parameters.keys() {
        if named(&found.columns, name.trim_start_matches('@')).is_none() {
            return Err(error(SqlFault::NotFound, format!("{} has no parameter {name}", found.name)));
        }
    }
    let mut values = Vec::new();
    let (mut declared, mut passed, mut read) = (String::new(), Vec::new(), Vec::new());
    for (at, (column, comes_out)) in found.columns.iter().zip(&found.outs).enumerate() {
        let given = execute.parameters.iter().find(|(name, _)| {
            named(&found.columns, name.trim_start_matches('@')).is_some_and(|meant| meant.name == column.name)
        });
        if found.tables.get(at) == Some(&true) && given.is_some() {
            return Err(error(SqlFault::Question, format!("{}: tables cannot be passed", column.name)));
        }
        let place = match given {
            Some((_, value)) => {
                let bound = bind(column.class, &column.name, value)?;
                fits(column, &bound)?;
                let place = Dialect::SqlServer.value(column, values.len() + 1, &bound);
                values.push(bound);
                Some(place)
            }
            None => None,
        };
        if !found.is_procedure() {
            passed.push(place.unwrap_or_else(|| "DEFAULT".to_owned()));
            continue;
        }
        if place.is_none() && !comes_out {
            continue;
        }
        // A parameter takes no expression; a variable of its type does.
        let begin = place.map(|place| format!(" = {place}")).unwrap_or_default();
        let _ = write!(declared, "DECLARE @drawbridge_{at} {}{begin}; ", column.kind);
        let output = if *comes_out { " OUTPUT" } else { "" };
        passed.push(format!("@{} = @drawbridge_{at}{output}", column.name));
        if *comes_out {
            read.push(format!(", {} AS {}", out_of(column, at), Dialect::SqlServer.quote(&column.name)));
        }
    }
    let passed = passed.join(", ");
    let text = if found.is_procedure() {
        let more = read.concat();
        let passed = if passed.is_empty() { String::new() } else { format!(" {passed}") };
        format!(
            "{declared}DECLARE @drawbridge_returned int; EXEC @drawbridge_returned = {}{passed}; \
             SELECT @drawbridge_returned AS [{MARK}]{more}",
            found.name
        )
    } else if found.kind.starts_with("FN") || found.kind.starts_with("FS") {
        format!("SELECT {}({passed}) AS [returned]", found.name)
    } else {
        format!("SELECT * FROM {}({passed})", found.name)
    };
    Ok(Statement { text, values })
}

/// What is longer than a parameter would be cut by the server without a word.
fn fits(column: &Column, bound: &Bound) -> Result<(), SqlError> {
    let most =
        column.kind.split_once('(').and_then(|(_, rest)| rest.trim_end_matches(')').parse::<usize>().ok());
    let length = match (bound, column.class) {
        (Bound::Text(text), Class::Text) => text.encode_utf16().count(),
        (Bound::Bytes(bytes), _) => bytes.len(),
        _ => return Ok(()),
    };
    match most {
        Some(most) if length > most => {
            Err(error(SqlFault::Value, format!("{} is longer than {}", column.name, column.kind)))
        }
        _ => Ok(()),
    }
}

/// A variable as it is read.
fn out_of(column: &Column, at: usize) -> String {
    let variable = format!("@drawbridge_{at}");
    if !column.as_text {
        return variable;
    }
    match column.class {
        Class::Decimal => format!("CONVERT(varchar(40), {variable}, 2)"),
        _ if matches!(column.kind.as_str(), "hierarchyid" | "geometry" | "geography") => {
            format!("{variable}.ToString()")
        }
        _ => format!("CONVERT(nvarchar(max), {variable})"),
    }
}

/// Runs one.
pub(super) async fn run(
    asked: &Asked<'_>,
    guard: &mut Guard,
    execute: &SqlExecute,
    out: &mut Out,
) -> Result<(), Refused> {
    let found = find(guard, &execute.procedure).await?;
    let statement = batch(&found, execute)?;
    asked.reaches();
    if found.kind.starts_with("FN") || found.kind.starts_with("FS") {
        let rows = all(guard, &statement).await?;
        let value = rows.first().map(wire::row).and_then(|values| values.into_iter().next());
        out.field("returned", &value.unwrap_or_else(json::null));
        out.field("resultSets", "[]");
        return Ok(());
    }
    let most = asked.rows(execute.top);
    let mut stream = start(guard, &statement).await?;
    let (mut open, mut truncated) = (false, false);
    let mut last: Option<(Vec<SqlColumn>, Vec<String>)> = None;
    out.begin_sets();
    while let Some(item) = stream.try_next().await.map_err(|fault| refused(&fault))? {
        match item {
            QueryItem::Metadata(head) => {
                if open {
                    out.end_set(truncated);
                }
                (open, truncated) = (false, false);
                let columns = wire::columns(head.columns());
                if columns.first().is_some_and(|column| column.name == MARK) {
                    last = Some((columns, Vec::new()));
                } else {
                    last = None;
                    open = true;
                    out.begin_set(columns, most);
                }
            }
            QueryItem::Row(row) => match &mut last {
                Some((_, values)) => *values = wire::row(&row),
                None => truncated = truncated || !out.row(wire::row(&row)).await?,
            },
        }
    }
    if open {
        out.end_set(truncated);
    }
    out.end_sets();
    if let Some((columns, values)) = last {
        let mut pairs = columns.iter().zip(values);
        if let Some((_, returned)) = pairs.next() {
            out.field("returned", &returned);
        }
        let output: Vec<String> =
            pairs.map(|(column, value)| format!("{}:{value}", json::text(&column.name))).collect();
        if !output.is_empty() {
            out.field("output", &format!("{{{}}}", output.join(",")));
        }
    }
    Ok(())
}
