//! The database over D1.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::wasm_bindgen::JsValue;
use worker::{D1Database, D1PreparedStatement};

use crate::ports::{Database, DbError, Pending, Rows, Statement, Value};

/// One D1 database, for one request.
pub(super) struct D1 {
    database: Rc<D1Database>,
    rows_read: Cell<usize>,
}

impl D1 {
    pub(super) fn new(database: Rc<D1Database>) -> Self {
        Self { database, rows_read: Cell::new(0) }
    }

    fn prepare(&self, statement: &Statement) -> Result<D1PreparedStatement, worker::Error> {
        let values: Vec<JsValue> = statement.values.iter().map(bound).collect();
        self.database.prepare(statement.sql).bind(&values)
    }
}

/// D1 binds whole numbers as 32 bits; a JavaScript number carries them exactly to 2^53.
fn bound(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        #[expect(clippy::cast_precision_loss, reason = "times and counts stay far below 2^53")]
        Value::Integer(number) => JsValue::from_f64(*number as f64),
        Value::Text(text) => JsValue::from_str(text),
    }
}

impl Database for D1 {
    fn batch(&self, statements: Vec<Statement>) -> Pending<'_, Result<Vec<Rows>, DbError>> {
        Box::pin(async move {
            let failed = |error: worker::Error| DbError::from_message(&error.to_string());
            let mut prepared = Vec::with_capacity(statements.len());
            for statement in &statements {
                prepared.push(self.prepare(statement).map_err(failed)?);
            }
            let results = self.database.batch(prepared).await.map_err(failed)?;
            for meta in results.iter().filter_map(|result| result.meta().ok().flatten()) {
                self.rows_read.set(self.rows_read.get() + meta.rows_read.unwrap_or_default());
            }
            results.into_iter().map(|result| result.results().map(Rows).map_err(failed)).collect()
        })
    }

    fn rows_read(&self) -> usize {
        self.rows_read.get()
    }
}
