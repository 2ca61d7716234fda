//! What shards said. They are asked each time, and mostly say what they said before: the same text is read once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use serde::de::DeserializeOwned;

use crate::json::{self, Fault};

/// How many texts an instance remembers.
const MOST: usize = 500;

/// Texts and what they mean.
pub struct Heard<T>(RefCell<HashMap<String, Rc<T>>>);

impl<T> Default for Heard<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: DeserializeOwned> Heard<T> {
    pub(crate) fn read(&self, text: &str) -> Result<Rc<T>, Fault> {
        if let Some(known) = self.0.borrow().get(text) {
            return Ok(Rc::clone(known));
        }
        let meant: Rc<T> = Rc::new(json::read(text)?);
        let mut all = self.0.borrow_mut();
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(text.to_owned(), Rc::clone(&meant));
        Ok(meant)
    }
}
