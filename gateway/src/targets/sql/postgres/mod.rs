//! `PostgreSQL`.

mod binary;
mod catalogue;
mod connect;
mod fault;
mod procedure;

use drawbridge_contract::link::sql::{SqlColumn, SqlQuestion};
use futures_util::TryStreamExt as _;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{RowStream, Statement as Prepared};

use super::build::{Statement, Table};
use super::dialect::{Column, Dialect};
use super::value::Bound;
use super::{Asked, Out, Refused, json};

pub(super) use connect::Connection;
use connect::{Guard, take};
use fault::refused;

/// Asks.
pub(super) async fn ask(asked: &Asked<'_>, mut out: Out) -> Result<(), Refused> {
    let guard = take(asked).await?;
    let answered = answer(asked, &guard, &mut out).await;
    // What the database has something against leaves the connection as it was.
    if matches!(answered, Ok(()) | Err(Refused::Error(_))) {
        guard.done(asked);
    }
    answered?;
    out.finish().await?;
    Ok(())
}

async fn answer(asked: &Asked<'_>, guard: &Guard, out: &mut Out) -> Result<(), Refused> {
    match asked.question {
        SqlQuestion::Check(_) => {
            let text = "SELECT 'PostgreSQL' AS product, current_setting('server_version') AS version, \
                        current_database()::text AS database, current_user::text AS user";
            rows(guard, &plain(text), 1, out).await?;
        }
        SqlQuestion::Tables(list) => {
            rows(
                guard,
                &catalogue::relations(list, &["r", "p", "f"], asked.rows(list.top) + 1)?,
                asked.rows(list.top),
                out,
            )
            .await?;
        }
        SqlQuestion::Views(list) => {
            rows(
                guard,
                &catalogue::relations(list, &["v", "m"], asked.rows(list.top) + 1)?,
                asked.rows(list.top),
                out,
            )
            .await?;
        }
        SqlQuestion::Procedures(list) => {
            rows(guard, &catalogue::procedures(list, asked.rows(list.top) + 1)?, asked.rows(list.top), out)
                .await?;
        }
        SqlQuestion::Columns(name) => {
            let found = catalogue::table(guard, name).await?;
            rows(guard, &catalogue::columns(found.oid), u32::MAX, out).await?;
        }
        SqlQuestion::Parameters(name) => {
            catalogue::parameters(guard, name, out).await?;
        }
        SqlQuestion::Query(query) => {
            let found = catalogue::table(guard, &query.from).await?;
            let table = found.table();
            let columns = table.columns(&query.columns)?;
            let most = asked.rows(query.top);
            let statement = table.select(&columns, &query.filter, &query.order, most.saturating_add(1))?;
            asked.reaches();
            shown(guard, &statement, &columns, most, out).await?;
        }
        SqlQuestion::Create(create) => {
            let found = catalogue::table(guard, &create.table).await?;
            let table = found.table();
            let returning =
                if create.returning.is_empty() { Vec::new() } else { table.columns(&create.returning)? };
            let statement = table.insert(&create.values, &returning)?;
            asked.reaches();
            if returning.is_empty() {
                affected(guard, &statement, out).await?;
            } else {
                shown(guard, &statement, &returning, 1, out).await?;
                out.field("affected", "1");
            }
        }
        SqlQuestion::Update(update) => {
            let found = catalogue::table(guard, &update.table).await?;
            let statement = found.table().update(&update.values, &update.filter, update.all)?;
            asked.reaches();
            affected(guard, &statement, out).await?;
        }
        SqlQuestion::Delete(delete) => {
            let found = catalogue::table(guard, &delete.table).await?;
            let statement = found.table().delete(&delete.filter, delete.all)?;
            asked.reaches();
            affected(guard, &statement, out).await?;
        }
        SqlQuestion::Execute(execute) => procedure::run(asked, guard, execute, out).await?,
    }
    Ok(())
}

fn plain(text: &str) -> Statement {
    Statement { text: text.to_owned(), values: Vec::new() }
}

/// The types of what is bound: bytes are bytes, all else is text.
fn types(values: &[Bound]) -> Vec<Type> {
    let one = |value: &Bound| if matches!(value, Bound::Bytes(_)) { Type::BYTEA } else { Type::TEXT };
    values.iter().map(one).collect()
}

fn parameter(value: &Bound) -> Box<dyn ToSql + Sync + Send> {
    match value {
        Bound::Null => Box::new(None::<String>),
        Bound::Truth(yes) => Box::new(yes.to_string()),
        Bound::Whole(number) => Box::new(number.to_string()),
        Bound::Unsigned(number) => Box::new(number.to_string()),
        Bound::Float(number) => Box::new(number.to_string()),
        Bound::Text(text) => Box::new(text.clone()),
        Bound::Bytes(bytes) => Box::new(bytes.clone()),
    }
}

async fn prepare(guard: &Guard, statement: &Statement) -> Result<Prepared, Refused> {
    guard
        .client()
        .prepare_typed(&statement.text, &types(&statement.values))
        .await
        .map_err(|fault| refused(&fault))
}

async fn run(guard: &Guard, prepared: &Prepared, statement: &Statement) -> Result<RowStream, Refused> {
    let values: Vec<_> = statement.values.iter().map(parameter).collect();
    let values = values.iter().map(|value| &**value as &(dyn ToSql + Sync));
    guard.client().query_raw(prepared, values).await.map_err(|fault| refused(&fault))
}

/// Rows as the statement names them.
async fn rows(guard: &Guard, statement: &Statement, most: u32, out: &mut Out) -> Result<(), Refused> {
    let prepared = prepare(guard, statement).await?;
    let columns = prepared
        .columns()
        .iter()
        .map(|column| SqlColumn { name: column.name().to_owned(), kind: column.type_().name().to_owned() });
    out.begin(columns.collect(), most);
    written(run(guard, &prepared, statement).await?, out).await
}

/// Rows of columns that the catalogue knows.
async fn shown(
    guard: &Guard,
    statement: &Statement,
    columns: &[&Column],
    most: u32,
    out: &mut Out,
) -> Result<(), Refused> {
    let prepared = prepare(guard, statement).await?;
    let columns =
        columns.iter().map(|column| SqlColumn { name: column.name.clone(), kind: column.kind.clone() });
    out.begin(columns.collect(), most);
    written(run(guard, &prepared, statement).await?, out).await
}

async fn written(stream: RowStream, out: &mut Out) -> Result<(), Refused> {
    let mut stream = std::pin::pin!(stream);
    let mut truncated = false;
    while let Some(row) = stream.try_next().await.map_err(|fault| refused(&fault))? {
        // What comes after is read and forgotten: a statement asks for one row more than may go out.
        truncated = truncated || !out.row(binary::row(&row)?).await?;
    }
    out.end(truncated);
    Ok(())
}

async fn affected(guard: &Guard, statement: &Statement, out: &mut Out) -> Result<(), Refused> {
    let prepared = prepare(guard, statement).await?;
    let values: Vec<_> = statement.values.iter().map(parameter).collect();
    let values = values.iter().map(|value| &**value as &(dyn ToSql + Sync));
    let count = guard.client().execute_raw(&prepared, values).await.map_err(|fault| refused(&fault))?;
    out.field("affected", &json::unsigned(count));
    Ok(())
}

/// A table that was found in the catalogue.
struct Found {
    oid: u32,
    name: String,
    columns: Vec<Column>,
}

impl Found {
    fn table(&self) -> Table<'_> {
        Table { dialect: Dialect::Postgres, name: self.name.clone(), columns: &self.columns }
    }
}
