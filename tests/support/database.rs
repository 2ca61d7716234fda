//! The database's file, while no server runs on it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, Params};

/// The file of D1 in a server's state.
#[derive(Debug)]
pub struct Database(Connection);

impl Database {
    /// Opens it; what a killed process left in its journal is taken in.
    pub fn open(state: &Path) -> Self {
        let files = sqlite_files(&state.join("d1"));
        let mut found = files.into_iter().filter_map(|file| {
            let connection = Connection::open(file).expect("the file can be opened");
            let ours = connection.prepare("SELECT 1 FROM tenants LIMIT 1").is_ok();
            ours.then_some(connection)
        });
        let connection = found.next().expect("the state holds the product's database");
        connection.execute_batch("PRAGMA foreign_keys = ON").expect("it can be set");
        Self(connection)
    }

    /// Runs a statement; answers how many rows it changed.
    pub fn run(&self, sql: &str, values: impl Params) -> usize {
        self.0.execute(sql, values).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Runs statements in one transaction, each of which must change something.
    pub fn all_or_nothing(&self, work: impl FnOnce(&Self)) {
        self.0.execute_batch("BEGIN").expect("a transaction begins");
        work(self);
        self.0.execute_batch("COMMIT").expect("a transaction ends");
    }

    /// The number that a statement answers.
    pub fn number(&self, sql: &str, values: impl Params) -> i64 {
        self.0.query_row(sql, values, |row| row.get(0)).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// The first column of all rows.
    pub fn texts(&self, sql: &str, values: impl Params) -> Vec<String> {
        let mut statement = self.0.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        let rows = statement.query_map(values, |row| row.get(0)).expect("it runs");
        rows.map(|row| row.expect("a text")).collect()
    }

    /// All rows, by column.
    pub fn rows(&self, sql: &str, values: impl Params) -> Vec<BTreeMap<String, Value>> {
        let mut statement = self.0.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
        let read = |row: &rusqlite::Row<'_>| {
            names.iter().enumerate().map(|(at, name)| Ok((name.clone(), row.get(at)?))).collect()
        };
        let rows = statement.query_map(values, read).expect("it runs");
        rows.map(|row| row.expect("a row")).collect()
    }

    /// Everything that the product wrote, table by table, in a form that can be compared.
    pub fn dump(&self) -> String {
        let tables = self.texts(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_cf%'
             ESCAPE '\\' ORDER BY name",
            [],
        );
        let mut dump = String::new();
        for table in tables {
            let mut rows: Vec<String> = self
                .rows(&format!("SELECT * FROM {table}"), [])
                .iter()
                .map(|row| format!("{row:?}"))
                .collect();
            rows.sort();
            writeln!(dump, "{table}\n{}", rows.join("\n")).expect("a text takes all");
        }
        dump
    }
}

fn sqlite_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            files.extend(sqlite_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "sqlite") {
            files.push(path);
        }
    }
    files
}
