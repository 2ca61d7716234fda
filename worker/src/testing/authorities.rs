//! The shards of the authority, in process.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::fakes::TestNotes;
use crate::features::authority::Shard;
use crate::ports::{Authorities, Pending};
use crate::services::Services;

type Kept = (Rc<Shard>, Rc<TestNotes>);

/// The shards, with alarms that ring when a test says so.
#[derive(Default)]
pub(crate) struct TestAuthorities {
    services: RefCell<Option<Services>>,
    all: RefCell<BTreeMap<char, Kept>>,
    /// How many questions go unanswered before the next is answered.
    pub(crate) broken: Cell<usize>,
    /// What was asked.
    pub(crate) asked: RefCell<Vec<String>>,
}

impl TestAuthorities {
    pub(crate) fn work_with(&self, services: &Services) {
        *self.services.borrow_mut() = Some(services.clone());
    }

    /// From now on nobody is answered.
    pub(crate) fn part(&self) {
        self.services.take();
    }

    /// The shards end and are made anew.
    pub(crate) fn forget(&self) {
        self.all.borrow_mut().clear();
    }

    /// Rings the alarms whose time has come.
    pub(crate) fn ring(&self) {
        let services = self.services.borrow().clone().unwrap();
        let all: Vec<_> = self.all.borrow().values().cloned().collect();
        for (shard, notes) in all {
            if notes.alarm.get().is_some_and(|at| at <= services.now()) {
                notes.alarm.set(None);
                pollster::block_on(shard.wake(&services, notes)).unwrap();
            }
        }
    }
}

impl Authorities for TestAuthorities {
    fn ask(&self, shard: char, message: String) -> Pending<'_, Result<String, String>> {
        if self.broken.get() > 0 {
            self.broken.set(self.broken.get() - 1);
            return Box::pin(std::future::ready(Err("no shard".to_owned())));
        }
        self.asked.borrow_mut().push(message.clone());
        let (shard, notes) = self.all.borrow_mut().entry(shard).or_default().clone();
        let services = self.services.borrow().clone().unwrap();
        Box::pin(async move { shard.answer(&services, notes, &message).await })
    }
}
