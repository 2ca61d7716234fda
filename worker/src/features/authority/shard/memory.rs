//! What a shard remembers, and what it must not remember just now.

use std::collections::HashMap;
use std::rc::Rc;

use drawbridge_domain::time::Timestamp;

use super::super::message::Key;

/// What a change may concern.
pub(super) trait Named {
    /// Whether a change names it.
    fn is_named_by(&self, key: &Key) -> bool;
}

pub(super) struct Memory<S> {
    known: HashMap<String, Known<S>>,
    /// The most that is remembered; those that were not asked for the longest go first.
    most: usize,
    flux: Vec<Flux>,
    /// Counted up whenever something may have changed: what was read before is not kept.
    generation: u64,
    asked: u64,
}

struct Known<S> {
    state: Rc<S>,
    asked: u64,
}

/// A change that is under way.
struct Flux {
    ticket: String,
    keys: Vec<Key>,
    until: Timestamp,
}

impl<S: Named> Memory<S> {
    pub(super) fn of(most: usize) -> Self {
        Self { known: HashMap::new(), most, flux: Vec::new(), generation: 0, asked: 0 }
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    pub(super) fn get(&mut self, key: &str) -> Option<Rc<S>> {
        self.asked += 1;
        let known = self.known.get_mut(key)?;
        known.asked = self.asked;
        Some(Rc::clone(&known.state))
    }

    /// Keeps what was read, if nothing can have changed since the reading began at that generation.
    pub(super) fn keep(&mut self, key: &str, state: &Rc<S>, generation: u64, now: Timestamp) {
        self.flux.retain(|flux| flux.until > now);
        let changing = self.flux.iter().any(|flux| flux.keys.iter().any(|key| state.is_named_by(key)));
        if generation != self.generation || changing {
            return;
        }
        if self.known.len() >= self.most && !self.known.contains_key(key) {
            self.forget_the_oldest();
        }
        self.known.insert(key.to_owned(), Known { state: Rc::clone(state), asked: self.asked });
    }

    /// Puts what was just read in the place of what is known, if that is still so.
    pub(super) fn renew(&mut self, key: &str, state: Option<S>, generation: u64) {
        if generation != self.generation {
            return;
        }
        match (self.known.get_mut(key), state) {
            (Some(known), Some(state)) => known.state = Rc::new(state),
            (Some(_), None) => drop(self.known.remove(key)),
            (None, _) => {}
        }
    }

    fn forget_the_oldest(&mut self) {
        let mut ages: Vec<u64> = self.known.values().map(|known| known.asked).collect();
        let tenth = ages.len() / 10;
        let (_, limit, _) = ages.select_nth_unstable(tenth);
        let limit = *limit;
        self.known.retain(|_, known| known.asked > limit);
    }

    fn forget(&mut self, keys: &[Key]) {
        self.generation += 1;
        self.known.retain(|_, known| !keys.iter().any(|key| known.state.is_named_by(key)));
    }

    /// A change begins: what it names is forgotten and not kept again before the end, or that moment.
    pub(super) fn begin(&mut self, ticket: String, keys: Vec<Key>, until: Timestamp) {
        self.forget(&keys);
        self.flux.push(Flux { ticket, keys, until });
    }

    /// A change is over.
    pub(super) fn end(&mut self, ticket: &str, keys: &[Key]) {
        self.forget(keys);
        self.flux.retain(|flux| flux.ticket != ticket);
    }
}

#[cfg(test)]
mod tests {
    use super::super::state::tests::token;
    use super::*;

    #[test]
    fn what_was_not_asked_for_the_longest_goes_first() {
        const MOST: usize = 1000;
        let mut memory = Memory::of(MOST);
        let (now, state) = (Timestamp::from_millis(0), Rc::new(token()));
        for number in 0..MOST {
            memory.get("");
            memory.keep(&number.to_string(), &state, 0, now);
        }
        assert!(memory.get("0").is_some(), "asked for just now");
        memory.keep("more", &state, 0, now);
        assert!(memory.known.len() <= MOST && memory.known.len() > MOST * 8 / 10);
        assert!(memory.get("0").is_some() && memory.get("more").is_some() && memory.get("1").is_none());
    }
}
