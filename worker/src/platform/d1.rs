//! The database over D1.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::wasm_bindgen::JsValue;
use serde::Deserialize;
use worker::wasm_bindgen_futures::JsFuture;

use super::glue;
use crate::json;
use crate::ports::{Database, DbError, Pending, Rows, Statement, Value};

/// One D1 database, for one request.
pub(super) struct D1 {
    binding: Rc<JsValue>,
    rows_read: Cell<usize>,
}

/// What a batch answered.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answered {
    rows_read: usize,
    rows: Vec<Vec<serde_json::Value>>,
}

impl D1 {
    pub(super) fn new(binding: Rc<JsValue>) -> Self {
        Self { binding, rows_read: Cell::new(0) }
    }

    async fn carry_out(&self, statements: &[Statement]) -> Result<Answered, DbError> {
        let asked: Vec<_> = statements.iter().map(of).collect();
        let asked = serde_json::Value::from(asked).to_string();
        let failed = |error: JsValue| DbError::from_message(&glue::words_of(&error));
        let told = JsFuture::from(glue::carry_out(&self.binding, &asked)).await.map_err(failed)?;
        let told = told.as_string().unwrap_or_default();
        json::read(&told).map_err(|fault| DbError::Other(fault.to_string()))
    }
}

/// A statement as the runtime's side reads it.
fn of(statement: &Statement) -> serde_json::Value {
    let values = statement.values.iter().map(|value| match value {
        Value::Null => serde_json::Value::Null,
        Value::Integer(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
    });
    let values = serde_json::Value::from(values.collect::<Vec<_>>());
    serde_json::Value::from(vec![serde_json::Value::from(statement.sql), values])
}

impl Database for D1 {
    fn batch(&self, statements: Vec<Statement>) -> Pending<'_, Result<Vec<Rows>, DbError>> {
        Box::pin(async move {
            let answered = self.carry_out(&statements).await?;
            self.rows_read.set(self.rows_read.get() + answered.rows_read);
            Ok(answered.rows.into_iter().map(Rows).collect())
        })
    }

    fn rows_read(&self) -> usize {
        self.rows_read.get()
    }
}
