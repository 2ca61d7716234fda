//! Counts the round trips to the database that a request makes; budgets are kept in them.

use std::cell::Cell;
use std::rc::Rc;

use crate::ports::{Database, DbError, Pending, Rows, Statement};

pub(super) struct CountingDatabase {
    inner: Rc<dyn Database>,
    count: Cell<u32>,
}

impl CountingDatabase {
    pub(super) fn new(inner: Rc<dyn Database>) -> Self {
        Self { inner, count: Cell::new(0) }
    }

    pub(super) fn round_trips(&self) -> u32 {
        self.count.get()
    }
}

impl Database for CountingDatabase {
    fn batch(&self, statements: Vec<Statement>) -> Pending<'_, Result<Vec<Rows>, DbError>> {
        self.count.set(self.count.get() + 1);
        self.inner.batch(statements)
    }

    fn rows_read(&self) -> usize {
        self.inner.rows_read()
    }
}
