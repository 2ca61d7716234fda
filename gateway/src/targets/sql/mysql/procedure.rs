//! Procedures and functions.

use drawbridge_contract::link::sql::{SqlColumn, SqlExecute, SqlFault, SqlName};
use mysql_async::Params;
use mysql_async::prelude::Queryable as _;

use super::super::build::{Statement, bounded, named};
use super::super::dialect::{Column, Dialect};
use super::super::value::{Bound, bind, error};
use super::super::{Asked, Out, Refused, checked, json, missing};
use super::catalogue::typed;
use super::connect::Guard;
use super::fault::refused;
use super::{parameters, wire, written};

/// A procedure or function.
struct Procedure {
    name: String,
    is_function: bool,
    returns: String,
    columns: Vec<Column>,
    modes: Vec<String>,
}

async fn find(guard: &mut Guard, name: &SqlName) -> Result<Procedure, Refused> {
    type Line =
        (String, String, String, Option<u32>, Option<String>, Option<String>, Option<String>, Option<String>);
    let (schema, wanted) = checked(name)?;
    let text = "SELECT r.ROUTINE_SCHEMA, r.ROUTINE_NAME, r.ROUTINE_TYPE, CAST(p.ORDINAL_POSITION AS UNSIGNED), \
                p.PARAMETER_MODE, p.PARAMETER_NAME, CAST(p.DTD_IDENTIFIER AS CHAR), CAST(p.DATA_TYPE AS CHAR) \
                FROM information_schema.ROUTINES r LEFT JOIN information_schema.PARAMETERS p \
                ON p.SPECIFIC_SCHEMA = r.ROUTINE_SCHEMA AND p.SPECIFIC_NAME = r.SPECIFIC_NAME \
                AND p.ROUTINE_TYPE = r.ROUTINE_TYPE \
                WHERE r.ROUTINE_SCHEMA = DATABASE() AND r.ROUTINE_NAME = ? ORDER BY r.ROUTINE_TYPE DESC, p.ORDINAL_POSITION";
    let lines: Vec<Line> = guard
        .client()?
        .exec(text, Params::Positional(vec![wanted.into()]))
        .await
        .map_err(|fault| refused(&fault))?;
    let Some((own, called, kind, ..)) =
        lines.first().cloned().filter(|(own, ..)| schema.is_none_or(|schema| schema == own))
    else {
        return Err(missing("procedure or function", name).into());
    };
    let mut found = Procedure {
        name: Dialect::MySql.qualified(&own, &called),
        is_function: kind.eq_ignore_ascii_case("function"),
        returns: String::new(),
        columns: Vec::new(),
        modes: Vec::new(),
    };
    for (_, _, other, place, mode, name, whole, base) in lines {
        let (Some(place), Some(whole), Some(base)) = (place, whole, base) else { continue };
        if other != kind {
            // A procedure goes before a function of the same name.
            continue;
        }
        if place == 0 {
            found.returns = whole;
            continue;
        }
        found.columns.push(typed(name.unwrap_or_default(), &whole, &base));
        found.modes.push(mode.unwrap_or_else(|| "IN".to_owned()).to_ascii_lowercase());
    }
    Ok(found)
}

/// The parameters, for people.
pub(super) async fn shown(guard: &mut Guard, name: &SqlName, out: &mut Out) -> Result<(), Refused> {
    let found = find(guard, name).await?;
    let column = |name: &str, kind: &str| SqlColumn { name: name.to_owned(), kind: kind.to_owned() };
    out.begin(
        vec![
            column("name", "varchar"),
            column("type", "varchar"),
            column("mode", "varchar"),
            column("optional", "bool"),
        ],
        u32::MAX,
    );
    for (column, mode) in found.columns.iter().zip(&found.modes) {
        let texts = [&column.name, &column.kind, mode].map(|text| json::text(text));
        out.row(texts.into_iter().chain([json::truth(false)]).collect()).await?;
    }
    if found.is_function {
        let texts = ["", &found.returns, "return"].map(json::text);
        out.row(texts.into_iter().chain([json::truth(false)]).collect()).await?;
    }
    out.end(false);
    Ok(())
}

/// Runs one.
pub(super) async fn run(
    asked: &Asked<'_>,
    guard: &mut Guard,
    execute: &SqlExecute,
    out: &mut Out,
) -> Result<(), Refused> {
    let found = find(guard, &execute.procedure).await?;
    bounded("parameters", execute.parameters.len())?;
    for name in execute.parameters.keys() {
        if named(&found.columns, name).is_none() {
            return Err(error(SqlFault::NotFound, format!("{} has no parameter {name}", found.name)).into());
        }
    }
    let mut values = Vec::new();
    let (mut places, mut set, mut comes_out) = (Vec::new(), Vec::new(), Vec::new());
    for (at, (column, mode)) in found.columns.iter().zip(&found.modes).enumerate() {
        let given = execute
            .parameters
            .iter()
            .find(|(name, _)| named(&found.columns, name).is_some_and(|meant| meant.name == column.name));
        let bound = match given {
            Some((_, value)) => Dialect::MySql.adapted(column, bind(column.class, &column.name, value)?),
            None if mode == "out" => Bound::Null,
            None => {
                let words = format!("{} needs a value for {}", found.name, column.name);
                return Err(error(SqlFault::Question, words).into());
            }
        };
        if mode == "in" {
            places.push(Dialect::MySql.value(column, 0, &bound));
            values.push(bound);
        } else {
            let variable = format!("@drawbridge_{at}");
            set.push((variable.clone(), if mode == "inout" { bound } else { Bound::Null }));
            comes_out.push((column, variable.clone()));
            places.push(variable);
        }
    }
    asked.reaches();
    for (variable, bound) in set {
        let text = format!("SET {variable} = ?");
        guard.client()?.exec_drop(text, parameters(&[bound])).await.map_err(|fault| refused(&fault))?;
    }
    let places = places.join(", ");
    let text = if found.is_function {
        format!("SELECT {}({places}) AS returned", found.name)
    } else {
        format!("CALL {}({places})", found.name)
    };
    let statement = Statement { text, values };
    if found.is_function {
        let value = one(guard, &statement).await?.into_iter().next();
        out.field("returned", &value.unwrap_or_else(json::null));
        out.field("resultSets", "[]");
        return Ok(());
    }
    let most = asked.rows(execute.top);
    let answer = guard.client()?.exec_iter(statement.text.as_str(), parameters(&statement.values)).await;
    let mut result = answer.map_err(|fault| refused(&fault))?;
    out.begin_sets();
    while !result.is_empty() {
        let columns = wire::columns(result.columns_ref());
        if columns.is_empty() {
            result.next().await.map_err(|fault| refused(&fault))?;
            continue;
        }
        out.begin_set(columns, most);
        let truncated = written(&mut result, None, out).await?;
        out.end_set(truncated);
    }
    out.end_sets();
    result.drop_result().await.map_err(|fault| refused(&fault))?;
    if !comes_out.is_empty() {
        let variables: Vec<&str> = comes_out.iter().map(|(_, variable)| variable.as_str()).collect();
        let statement = Statement { text: format!("SELECT {}", variables.join(", ")), values: Vec::new() };
        let values = one(guard, &statement).await?;
        let pairs: Vec<String> = comes_out
            .iter()
            .zip(values)
            .map(|((column, _), value)| format!("{}:{value}", json::text(&column.name)))
            .collect();
        out.field("output", &format!("{{{}}}", pairs.join(",")));
    }
    Ok(())
}

/// The values of the first row.
async fn one(guard: &mut Guard, statement: &Statement) -> Result<Vec<String>, Refused> {
    let answer = guard.client()?.exec_iter(statement.text.as_str(), parameters(&statement.values)).await;
    let mut result = answer.map_err(|fault| refused(&fault))?;
    let row = result.next().await.map_err(|fault| refused(&fault))?;
    result.drop_result().await.map_err(|fault| refused(&fault))?;
    Ok(row.map(|row| wire::row(row, None)).unwrap_or_default())
}
