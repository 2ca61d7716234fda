//! The answer on its way out: JSON, written piece by piece as rows come.

use bytes::Bytes;
use drawbridge_contract::link::sql::{ANSWER_MOST, SqlColumn};
use tokio::sync::mpsc::Sender;

use super::json;

/// How much is gathered before it goes out. An error before that comes by itself, without half an answer.
const PIECE: usize = 64 * 1024;

/// Nobody waits for the answer any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gone;

/// An answer that is being written.
pub(crate) struct Out {
    pieces: Sender<Bytes>,
    buffer: String,
    sent: usize,
    rows: u32,
    most: u32,
    names: Vec<String>,
}

impl Out {
    /// A new one, that goes where `pieces` is read.
    pub(crate) fn new(pieces: Sender<Bytes>) -> Self {
        Self { pieces, buffer: "{".to_owned(), sent: 0, rows: 0, most: 0, names: Vec::new() }
    }

    fn comma(&mut self) {
        if !self.buffer.ends_with(['{', '[']) {
            self.buffer.push(',');
        }
    }

    /// A field and its JSON.
    pub(super) fn field(&mut self, name: &str, value: &str) {
        self.comma();
        self.buffer.push_str(&json::text(name));
        self.buffer.push(':');
        self.buffer.push_str(value);
    }

    /// Rows begin.
    pub(super) fn begin(&mut self, columns: Vec<SqlColumn>, most: u32) {
        let columns = named(columns);
        let listed = serde_json::to_string(&columns).unwrap_or_default();
        self.field("columns", &listed);
        self.field("rows", "[");
        self.names = columns.iter().map(|column| json::text(&column.name)).collect();
        (self.rows, self.most) = (0, most);
    }

    /// A row, each value as JSON. `false`: there is no room for it.
    pub(super) async fn row(&mut self, values: Vec<String>) -> Result<bool, Gone> {
        let length = values.iter().chain(&self.names).map(|part| part.len() + 2).sum::<usize>();
        if self.rows >= self.most || self.sent + self.buffer.len() + length > ANSWER_MOST {
            self.rows = self.most;
            return Ok(false);
        }
        self.rows += 1;
        self.comma();
        self.buffer.push('{');
        for (at, (name, value)) in self.names.iter().zip(values).enumerate() {
            if at > 0 {
                self.buffer.push(',');
            }
            self.buffer.push_str(name);
            self.buffer.push(':');
            self.buffer.push_str(&value);
        }
        self.buffer.push('}');
        if self.buffer.len() >= PIECE {
            self.flush().await?;
        }
        Ok(true)
    }

    /// Rows are over.
    pub(super) fn end(&mut self, truncated: bool) {
        self.buffer.push(']');
        self.field("truncated", &json::truth(truncated));
    }

    /// Result sets begin.
    pub(super) fn begin_sets(&mut self) {
        self.field("resultSets", "[");
    }

    /// A result set begins.
    pub(super) fn begin_set(&mut self, columns: Vec<SqlColumn>, most: u32) {
        self.comma();
        self.buffer.push('{');
        self.begin(columns, most);
    }

    /// A result set is over.
    pub(super) fn end_set(&mut self, truncated: bool) {
        self.end(truncated);
        self.buffer.push('}');
    }

    /// Result sets are over.
    pub(super) fn end_sets(&mut self) {
        self.buffer.push(']');
    }

    /// Lets go of what was gathered, but for its last letter, which decides whether a comma comes next.
    async fn flush(&mut self) -> Result<(), Gone> {
        let last = self.buffer.pop();
        let piece = std::mem::take(&mut self.buffer);
        self.sent += piece.len();
        self.buffer.extend(last);
        self.pieces.send(Bytes::from(piece)).await.map_err(|_| Gone)
    }

    /// The answer is whole.
    pub(super) async fn finish(mut self) -> Result<(), Gone> {
        self.buffer.push('}');
        self.pieces.send(Bytes::from(std::mem::take(&mut self.buffer))).await.map_err(|_| Gone)
    }
}

/// Columns whose names differ: of two with the same name the second gets a number, and one without a name gets its place.
fn named(columns: Vec<SqlColumn>) -> Vec<SqlColumn> {
    let mut named: Vec<SqlColumn> = Vec::with_capacity(columns.len());
    for (at, column) in columns.into_iter().enumerate() {
        let base = if column.name.is_empty() { format!("column_{}", at + 1) } else { column.name };
        let mut name = base.clone();
        let mut count = 1;
        while named.iter().any(|other| other.name == name) {
            count += 1;
            name = format!("{base}_{count}");
        }
        named.push(SqlColumn { name, kind: column.kind });
    }
    named
}
