//! Microsoft SQL Server.

mod catalogue;
mod connect;
mod fault;
mod prelogin;
mod procedure;
mod wire;

use drawbridge_contract::link::sql::{SqlColumn, SqlQuestion};
use futures_util::TryStreamExt as _;
use tiberius::{Query, QueryItem, QueryStream, Row};

use super::build::Statement;
use super::dialect::Column;
use super::value::Bound;
use super::{Asked, Out, Refused, json};

#[cfg(test)]
pub(super) use catalogue::{COLUMNS, PARAMETERS, procedures, relations, typed};
pub(super) use connect::Connection;
use connect::{Guard, take};
use fault::refused;
#[cfg(test)]
pub(super) use procedure::{Procedure, batch};

/// What `check` asks.
pub(super) const CHECK: &str = "SELECT N'Microsoft SQL Server' AS [product], \
    CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)) AS [version], DB_NAME() AS [database], \
    ORIGINAL_LOGIN() AS [user]";
/// What a change is followed by, and a new record.
pub(super) const COUNT: &str = "; SELECT CAST(@@ROWCOUNT AS bigint) AS [affected]";
pub(super) const COUNT_NEW: &str =
    "; SELECT CAST(@@ROWCOUNT AS bigint) AS [affected], SCOPE_IDENTITY() AS [identity]";

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
            let statement = Statement { text: CHECK.to_owned(), values: Vec::new() };
            rows(guard, &statement, None, 1, out).await
        }
        SqlQuestion::Tables(list) => {
            let most = asked.rows(list.top);
            rows(guard, &catalogue::relations(list, 'U', most.saturating_add(1))?, None, most, out).await
        }
        SqlQuestion::Views(list) => {
            let most = asked.rows(list.top);
            rows(guard, &catalogue::relations(list, 'V', most.saturating_add(1))?, None, most, out).await
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
                let mut statement = table.insert(&create.values, &[])?;
                statement.text.push_str(COUNT_NEW);
                asked.reaches();
                return affected(guard, &statement, out).await;
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
            let mut statement = found.table().update(&update.values, &update.filter, update.all)?;
            statement.text.push_str(COUNT);
            asked.reaches();
            affected(guard, &statement, out).await
        }
        SqlQuestion::Delete(delete) => {
            let found = catalogue::table(guard, &delete.table).await?;
            let mut statement = found.table().delete(&delete.filter, delete.all)?;
            statement.text.push_str(COUNT);
            asked.reaches();
            affected(guard, &statement, out).await
        }
        SqlQuestion::Execute(execute) => procedure::run(asked, guard, execute, out).await,
    }
}

/// Sends a statement with its values.
async fn start<'a>(guard: &'a mut Guard, statement: &Statement) -> Result<QueryStream<'a>, Refused> {
    let mut query = Query::new(statement.text.clone());
    for value in &statement.values {
        match value {
            Bound::Null => query.bind(None::<String>),
            Bound::Truth(yes) => query.bind(*yes),
            Bound::Whole(number) => query.bind(*number),
            Bound::Unsigned(number) => query.bind(number.to_string()),
            Bound::Float(number) => query.bind(*number),
            Bound::Text(text) => query.bind(text.clone()),
            Bound::Bytes(bytes) => query.bind(bytes.clone()),
        }
    }
    query.query(guard.client()?).await.map_err(|fault| refused(&fault))
}

/// All rows of a short answer.
async fn all(guard: &mut Guard, statement: &Statement) -> Result<Vec<Row>, Refused> {
    start(guard, statement).await?.into_first_result().await.map_err(|fault| refused(&fault))
}

/// Rows; as the catalogue knows their columns, or as the statement names them.
async fn rows(
    guard: &mut Guard,
    statement: &Statement,
    columns: Option<&[&Column]>,
    most: u32,
    out: &mut Out,
) -> Result<(), Refused> {
    let mut stream = start(guard, statement).await?;
    let named: Option<Vec<SqlColumn>> = columns.map(|columns| {
        columns
            .iter()
            .map(|column| SqlColumn { name: column.name.clone(), kind: column.kind.clone() })
            .collect()
    });
    let named = if let Some(named) = named {
        named
    } else {
        let kinds = stream.columns().await.map_err(|fault| refused(&fault))?;
        kinds.map(wire::columns).unwrap_or_default()
    };
    out.begin(named, most);
    let mut truncated = false;
    while let Some(item) = stream.try_next().await.map_err(|fault| refused(&fault))? {
        if let QueryItem::Row(row) = item {
            truncated = truncated || !out.row(wire::row(&row)).await?;
        }
    }
    out.end(truncated);
    Ok(())
}

async fn affected(guard: &mut Guard, statement: &Statement, out: &mut Out) -> Result<(), Refused> {
    let rows = all(guard, statement).await?;
    let values = rows.first().map(wire::row).unwrap_or_default();
    out.field("affected", values.first().map_or("0", String::as_str));
    if let Some(identity) = values.get(1).filter(|value| *value != "null") {
        // A decimal of the server's, that is a whole number.
        let text = identity.trim_matches('"');
        let value = text.parse().map_or_else(|_| json::text(text), json::whole);
        out.field("identity", &value);
    }
    Ok(())
}
