//! What happens between two statements of a request: a database that lets something else come first.

use std::cell::RefCell;
use std::rc::Rc;

use super::{Browser, Sqlite};
use crate::features::authority;
use crate::ports::{Database, DbError, Pending, Rows, Statement};
use crate::services::Services;

type Hook = Box<dyn FnOnce()>;

/// Passes everything on, and runs a hook before the first batch with a statement that holds a text.
pub(crate) struct Interrupt {
    inner: Rc<Sqlite>,
    hooks: RefCell<Vec<(&'static str, Hook)>>,
    /// What comes after such a batch.
    afterwards: RefCell<Vec<(&'static str, Hook)>>,
}

impl Interrupt {
    /// The browser once more, over a database that can be interrupted.
    pub(crate) fn browser(browser: &Browser) -> (Browser, Rc<Self>) {
        let interrupt = Rc::new(Self {
            inner: Rc::clone(&browser.harness.db),
            hooks: RefCell::default(),
            afterwards: RefCell::default(),
        });
        let harness = browser.harness.variant(|services| {
            let bare = Services { db: Rc::clone(&interrupt) as _, ..services.clone() };
            *services = authority::watched(bare);
        });
        (
            Browser {
                harness,
                cookie: browser.cookie.clone(),
                headers: browser.headers.clone(),
                token: browser.token.clone(),
            },
            interrupt,
        )
    }

    /// Before the next batch with such a statement, does `first`; once.
    pub(crate) fn before(&self, sql: &'static str, first: impl FnOnce() + 'static) {
        self.hooks.borrow_mut().push((sql, Box::new(first)));
    }

    /// After the next batch with such a statement, before its answer is heard, does `then`; once.
    pub(crate) fn after(&self, sql: &'static str, then: impl FnOnce() + 'static) {
        self.afterwards.borrow_mut().push((sql, Box::new(then)));
    }

    /// Whether all hooks have run.
    pub(crate) fn done(&self) -> bool {
        self.hooks.borrow().is_empty() && self.afterwards.borrow().is_empty()
    }
}

impl Database for Interrupt {
    fn batch(&self, statements: Vec<Statement>) -> Pending<'_, Result<Vec<Rows>, DbError>> {
        let found = self
            .hooks
            .borrow()
            .iter()
            .position(|(sql, _)| statements.iter().any(|statement| statement.sql.contains(sql)));
        if let Some(place) = found {
            let (_, hook) = self.hooks.borrow_mut().remove(place);
            hook();
        }
        let holds = |sql: &str| statements.iter().any(|statement| statement.sql.contains(sql));
        let found = self.afterwards.borrow().iter().position(|(sql, _)| holds(sql));
        let answer = self.inner.batch(statements);
        if let Some(place) = found {
            let (_, hook) = self.afterwards.borrow_mut().remove(place);
            hook();
        }
        answer
    }
}
