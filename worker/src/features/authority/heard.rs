//! What shards said of apps and tokens. They are asked each time, and mostly say what they said before: the same text
//! is read once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::message::Good;
use crate::json::{self, Fault};

/// How many texts an instance remembers.
const MOST: usize = 500;

/// Texts and what they mean.
#[derive(Default)]
pub struct Heard(RefCell<HashMap<String, Rc<Good>>>);

impl Heard {
    pub(super) fn read(&self, text: &str) -> Result<Rc<Good>, Fault> {
        if let Some(good) = self.0.borrow().get(text) {
            return Ok(Rc::clone(good));
        }
        let good: Rc<Good> = Rc::new(json::read(text)?);
        let mut all = self.0.borrow_mut();
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(text.to_owned(), Rc::clone(&good));
        Ok(good)
    }
}
