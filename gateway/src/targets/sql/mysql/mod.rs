//! `MySQL` and `MariaDB`.

mod catalogue;
mod connect;
mod fault;
mod procedure;
mod wire;

use drawbridge_contract::link::sql::{SqlColumn, SqlFault, SqlQuestion};
use mysql_async::prelude::Queryable as _;
use mysql_async::{BinaryProtocol, Params, QueryResult, Value};

use super::build::Statement;
use super::dialect::Column;
use super::value::{Bound, error};
use super::{Asked, Out, Refused, json};

pub(super) use connect::Connection;
use connect::{Guard, take};
use fault::refused;
pub(super) use wire::utc;

/// Asks.
pub(super) async fn ask(asked: &Asked<'_>, mut out: Out) -> Result<(), Refused> {
    let mut guard = take(asked).await?;
    let answered = answer(asked, &mut guard, &mut out).await;
    // What the database has something against leaves the connection as it was.
    if matches!(answered, Ok(()) | Err(Refused::Error(_))) {
        guard.done(asked);
    }
    answered?;
    out.finish().await?;
    Ok(())
}

async fn answer(asked: &Asked<'_>, guard: &mut Guard, out: &mut Out) -> Result<(), Refused> {
    match asked.question {
        SqlQuestion::Check(_) => {
            let product = if guard.is_maria() { "MariaDB" } else { "MySQL" };
            let text = format!(
                "SELECT '{product}' AS product, VERSION() AS version, DATABASE() AS `database`, CURRENT_USER() AS user"
            );
            let statement = Statement { text, values: Vec::new() };
            rows(guard, &statement, None, 1, out).await
        }
        SqlQuestion::Tables(list) => {
            let most = asked.rows(list.top);
            rows(guard, &catalogue::relations(list, false, most.saturating_add(1))?, None, most, out).await
        }
        SqlQuestion::Views(list) => {
            let most = asked.rows(list.top);
            rows(guard, &catalogue::relations(list, true, most.saturating_add(1))?, None, most, out).await
        }
        SqlQuestion::Procedures(list) => {
            let most = asked.rows(list.top);
            rows(guard, &catalogue::procedures(list, most.saturating_add(1))?, None, most, out).await
        }
        SqlQuestion::Columns(name) => catalogue::shown(guard, name, out).await,
        SqlQuestion::Parameters(name) => procedure::shown(guard, name, out).await,
        SqlQuestion::Query(query) => {
            let found = catalogue::table(guard, &query.from).await?;
            let table = found.table();
            let columns = table.columns(&query.columns)?;
            let most = asked.rows(query.top);
            let statement = table.select(&columns, &query.filter, &query.order, most.saturating_add(1))?;
            asked.reaches();
            rows(guard, &statement, Some(&columns), most, out).await
        }
        SqlQuestion::Create(create) => {
            let found = catalogue::table(guard, &create.table).await?;
            let table = found.table();
            if create.returning.is_empty() {
                let statement = table.insert(&create.values, &[])?;
                asked.reaches();
                return affected(guard, &statement, out).await;
            }
            if !guard.returns() {
                let words = "this server cannot return columns of a new record: leave “returning” out";
                return Err(error(SqlFault::Question, words).into());
            }
            let returning = table.columns(&create.returning)?;
            let statement = table.insert(&create.values, &returning)?;
            asked.reaches();
            rows(guard, &statement, Some(&returning), 1, out).await?;
            out.field("affected", "1");
            Ok(())
        }
        SqlQuestion::Update(update) => {
            let found = catalogue::table(guard, &update.table).await?;
            let statement = found.table().update(&update.values, &update.filter, update.all)?;
            asked.reaches();
            affected(guard, &statement, out).await
        }
        SqlQuestion::Delete(delete) => {
            let found = catalogue::table(guard, &delete.table).await?;
            let statement = found.table().delete(&delete.filter, delete.all)?;
            asked.reaches();
            affected(guard, &statement, out).await
        }
        SqlQuestion::Execute(execute) => procedure::run(asked, guard, execute, out).await,
    }
}

fn parameter(value: &Bound) -> Value {
    match value {
        Bound::Null => Value::NULL,
        Bound::Truth(yes) => Value::Int((*yes).into()),
        Bound::Whole(number) => Value::Int(*number),
        Bound::Unsigned(number) => Value::UInt(*number),
        Bound::Float(number) => Value::Double(*number),
        Bound::Text(text) => Value::Bytes(text.clone().into_bytes()),
        Bound::Bytes(bytes) => Value::Bytes(bytes.clone()),
    }
}

fn parameters(values: &[Bound]) -> Params {
    if values.is_empty() { Params::Empty } else { Params::Positional(values.iter().map(parameter).collect()) }
}

/// Rows; as the catalogue knows their columns, or as the statement names them.
async fn rows(
    guard: &mut Guard,
    statement: &Statement,
    columns: Option<&[&Column]>,
    most: u32,
    out: &mut Out,
) -> Result<(), Refused> {
    let asked = guard.client()?.exec_iter(statement.text.as_str(), parameters(&statement.values)).await;
    let mut result = asked.map_err(|fault| refused(&fault))?;
    let named = match columns {
        Some(columns) => columns
            .iter()
            .map(|column| SqlColumn { name: column.name.clone(), kind: column.kind.clone() })
            .collect(),
        None => wire::columns(result.columns_ref()),
    };
    out.begin(named, most);
    let truncated = written(&mut result, columns, out).await?;
    out.end(truncated);
    Ok(())
}

/// Writes the rows of a result set; whether there were more than were let through.
async fn written(
    result: &mut QueryResult<'_, '_, BinaryProtocol>,
    columns: Option<&[&Column]>,
    out: &mut Out,
) -> Result<bool, Refused> {
    let mut truncated = false;
    while let Some(row) = result.next().await.map_err(|fault| refused(&fault))? {
        truncated = truncated || !out.row(wire::row(row, columns)).await?;
    }
    Ok(truncated)
}

async fn affected(guard: &mut Guard, statement: &Statement, out: &mut Out) -> Result<(), Refused> {
    let asked = guard.client()?.exec_iter(statement.text.as_str(), parameters(&statement.values)).await;
    let result = asked.map_err(|fault| refused(&fault))?;
    let (count, identity) = (result.affected_rows(), result.last_insert_id());
    result.drop_result().await.map_err(|fault| refused(&fault))?;
    out.field("affected", &json::unsigned(count));
    if let Some(identity) = identity.filter(|_| statement.text.starts_with("INSERT")) {
        out.field("identity", &json::unsigned(identity));
    }
    Ok(())
}
