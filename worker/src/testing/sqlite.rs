//! The database over SQLite in memory, with the same migration files; `batch` is the only transaction.

use std::cell::RefCell;
use std::collections::BTreeMap;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql};
use serde_json::{Map, Value as Json};

use crate::features::authority;
use crate::ports::{Database, DbError, Pending, Rows, Statement, Value};

/// Tables of a tenant's records: a statement on one must be bound to a tenant.
const TENANT_TABLES: [&str; 30] = [
    "apps",
    "tokens",
    "token_counts",
    "revoked_access_tokens",
    "users",
    "user_counts",
    "invitations",
    "groups",
    "group_members",
    "audit",
    "idempotency",
    "oauth_clients",
    "connections",
    "connection_secrets",
    "connection_grants",
    "connection_events",
    "connection_uses",
    "connection_role_uses",
    "oauth_flows",
    "connection_changes",
    "reconnect_links",
    "webhooks",
    "webhook_deliveries",
    "webhook_attempts",
    "sso",
    "sso_domains",
    "sso_identities",
    "sso_flows",
    "tenants",
    "sessions",
];

/// SQLite in memory.
pub(crate) struct Sqlite {
    connection: RefCell<Connection>,
    pub(crate) batches: RefCell<Vec<Vec<Statement>>>,
}

impl Sqlite {
    pub(crate) fn new() -> Self {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("PRAGMA foreign_keys = ON").unwrap();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
            .collect();
        files.sort();
        for file in files {
            connection.execute_batch(&std::fs::read_to_string(file).unwrap()).unwrap();
        }
        Self { connection: RefCell::new(connection), batches: RefCell::default() }
    }

    /// Runs SQL of a test's own and answers its rows.
    pub(crate) fn query(&self, sql: &str) -> Vec<Json> {
        let connection = self.connection.borrow();
        rows(&connection, sql, &[]).unwrap()
    }

    /// Runs several statements of a test's own.
    pub(crate) fn script(&self, sql: &str) {
        self.connection.borrow().execute_batch(sql).unwrap();
    }

    /// How many steps of its machine the database takes for a statement.
    pub(crate) fn steps(&self, statement: &Statement) -> i64 {
        let connection = self.connection.borrow();
        let mut prepared = connection.prepare(statement.sql).unwrap();
        let mut rows = prepared.query(rusqlite::params_from_iter(&statement.values)).unwrap();
        while rows.next().unwrap().is_some() {}
        drop(rows);
        i64::from(prepared.get_status(rusqlite::StatementStatus::VmStep))
    }

    /// How many rows were ever written, by whomever.
    pub(crate) fn writes(&self) -> i64 {
        self.query("SELECT total_changes() AS writes")[0]["writes"].as_i64().unwrap()
    }

    /// How the database would find what a statement asks for, step by step.
    pub(crate) fn plan(&self, statement: &Statement) -> Vec<String> {
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let rows = rows(&self.connection.borrow(), &sql, &statement.values).unwrap();
        rows.iter().map(|row| row["detail"].as_str().unwrap().to_owned()).collect()
    }

    /// The rows of all tables but some, to see whether anything was written.
    pub(crate) fn dump(&self, but: &[&str]) -> BTreeMap<String, Vec<Json>> {
        let tables = self.query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
        let names = tables.iter().map(|row| row["name"].as_str().unwrap().to_owned());
        names
            .filter(|name| !but.contains(&name.as_str()))
            .map(|name| (name.clone(), self.query(&format!("SELECT * FROM \"{name}\""))))
            .collect()
    }

    /// The tables of a dump whose rows are others now.
    pub(crate) fn changed_since(&self, before: &BTreeMap<String, Vec<Json>>) -> Vec<String> {
        let now = self.dump(&[]);
        before
            .iter()
            .filter(|(table, rows)| now.get(*table) != Some(rows))
            .map(|(table, _)| table.clone())
            .collect()
    }

    fn run(&self, statements: &[Statement]) -> Result<Vec<Rows>, rusqlite::Error> {
        let mut connection = self.connection.borrow_mut();
        let transaction = connection.transaction()?;
        let mut results = Vec::new();
        for statement in statements {
            results.push(Rows(rows(&transaction, statement.sql, &statement.values)?));
        }
        transaction.commit()?;
        Ok(results)
    }
}

fn rows(connection: &Connection, sql: &str, values: &[Value]) -> Result<Vec<Json>, rusqlite::Error> {
    let mut prepared = connection.prepare_cached(sql)?;
    let names: Vec<String> = prepared.column_names().into_iter().map(str::to_owned).collect();
    let mut found = prepared.query(rusqlite::params_from_iter(values))?;
    let mut list = Vec::new();
    while let Some(row) = found.next()? {
        let mut object = Map::new();
        for (place, name) in names.iter().enumerate() {
            let value = match row.get_ref(place)? {
                ValueRef::Null => Json::Null,
                ValueRef::Integer(number) => number.into(),
                ValueRef::Real(number) => number.into(),
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned().into(),
                ValueRef::Blob(_) => panic!("no blobs: D1 answers them as lists of numbers"),
            };
            object.insert(name.clone(), value);
        }
        list.push(Json::Object(object));
    }
    Ok(list)
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Integer(number) => ToSqlOutput::from(*number),
            Self::Text(text) => ToSqlOutput::from(text.as_str()),
        })
    }
}

impl Database for Sqlite {
    fn batch(&self, statements: Vec<Statement>) -> Pending<'_, Result<Vec<Rows>, DbError>> {
        for statement in &statements {
            assert_eq!(authority::misses(statement), None, "nobody would be told of this change");
        }
        self.batches.borrow_mut().push(statements.clone());
        let result = self.run(&statements).map_err(|error| DbError::from_message(&error.to_string()));
        Box::pin(std::future::ready(result))
    }
}

/// Every statement that a store makes with `statement(` or `Statement::of(` names the tenant.
#[test]
fn every_statement_on_a_tenants_table_names_the_tenant() {
    let mut checked = 0;
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().is_some_and(|name| name == "store.rs")
                || path.parent().is_some_and(|parent| parent.ends_with("store"))
            {
                checked += check_file(&path);
            }
        }
    }
    assert!(checked > 20, "only {checked} statements found");
}

fn check_file(path: &std::path::Path) -> usize {
    let source = std::fs::read_to_string(path).unwrap();
    let mut checked = 0;
    // The literals are at the odd places.
    let parts: Vec<&str> = source.split('"').collect();
    for (place, literal) in parts.iter().enumerate().skip(1).step_by(2) {
        let first = literal.split_whitespace().next().unwrap_or_default();
        if !["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&first) {
            continue;
        }
        checked += 1;
        let words: Vec<&str> = literal.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let names_tenant = words.windows(2).any(|pair| pair == ["tenant_id", "1"])
            || literal.contains("tenant_id = ?1")
            || literal.contains("(tenant_id,")
            || (words.contains(&"tenants") && (literal.contains("id = ?1") || literal.contains("(id,")));
        let touches = TENANT_TABLES.iter().any(|table| words.contains(table));
        let across = parts[..place].concat().rfind("across(") > parts[..place].concat().rfind("statement(")
            && parts[..place].concat().rfind("across(") > parts[..place].concat().rfind("Statement::of(");
        assert!(!touches || names_tenant || across, "{}: {literal}", path.display());
    }
    checked
}
