//! Uses that were not told to their keepers yet. A keeper writes down whatever it is told, so that of many uses in a moment
//! only the first is told at once; the rest goes together.

use std::cell::RefCell;
use std::collections::BTreeMap;

use drawbridge_domain::id::ConnectionId;
use drawbridge_domain::time::{SECOND, Timestamp};

/// How long uses are gathered, in milliseconds.
pub(super) const GATHER: u32 = 1000;
/// Whoever gathers for so long was ended before it could tell.
const FORGOTTEN: i64 = 10 * SECOND;

/// The uses of each connection that this instance of the Worker gathers just now.
#[derive(Default)]
pub struct Tallies(RefCell<BTreeMap<ConnectionId, Tally>>);

/// So many uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) calls: i64,
    pub(super) failures: i64,
    /// When the last was.
    pub(super) at: Timestamp,
    /// When gathering began.
    since: Timestamp,
}

impl Tallies {
    /// Adds a use. Whether whoever adds it has to tell the keeper: nobody else does.
    pub(super) fn add(&self, connection: &ConnectionId, failed: bool, at: Timestamp) -> bool {
        let mut all = self.0.borrow_mut();
        let begin = all.get(connection).is_none_or(|tally| at.since(tally.since) >= FORGOTTEN);
        let none = Tally { calls: 0, failures: 0, at, since: at };
        let tally = all.entry(connection.clone()).or_insert(none);
        tally.calls += 1;
        tally.failures += i64::from(failed);
        tally.at = tally.at.max(at);
        if begin {
            tally.since = at;
        }
        begin
    }

    /// What there is to tell; gathering goes on.
    pub(super) fn take(&self, connection: &ConnectionId) -> Option<Tally> {
        let mut all = self.0.borrow_mut();
        let tally = all.get_mut(connection)?;
        let taken = *tally;
        (tally.calls, tally.failures) = (0, 0);
        Some(taken).filter(|tally| tally.calls > 0)
    }

    /// What there is to tell; gathering ends.
    pub(super) fn end(&self, connection: &ConnectionId) -> Option<Tally> {
        self.0.borrow_mut().remove(connection).filter(|tally| tally.calls > 0)
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn the_first_is_told_and_the_rest_goes_together() {
        let (all, at) = (Tallies::default(), Timestamp::from_millis(1_780_000_000_000));
        let (id, other) = (ConnectionId::new(1, [1; 10]), ConnectionId::new(1, [2; 10]));
        let told =
            |tally: Option<Tally>| tally.map(|tally| (tally.calls, tally.failures, tally.at.since(at)));
        assert!(all.add(&id, false, at));
        assert_eq!(told(all.take(&id)), Some((1, 0, 0)));
        assert!(!all.add(&id, true, at.plus(5)) && !all.add(&id, false, at.plus(3)));
        assert!(all.add(&other, false, at), "each connection has its own");
        assert_eq!(told(all.end(&id)), Some((2, 1, 5)));
        assert_eq!((told(all.take(&id)), told(all.end(&id))), (None, None));
        assert!(all.add(&id, false, at));
        assert_eq!(told(all.take(&id)), Some((1, 0, 0)));
        assert_eq!(told(all.end(&id)), None, "nothing came meanwhile");
    }

    #[test]
    fn what_nobody_told_is_told_by_the_next() {
        let (all, at) = (Tallies::default(), Timestamp::from_millis(1_780_000_000_000));
        let id = ConnectionId::new(1, [1; 10]);
        assert!(all.add(&id, false, at));
        assert!(!all.add(&id, false, at.plus(FORGOTTEN - 1)));
        assert!(all.add(&id, false, at.plus(FORGOTTEN)));
        assert_eq!(all.take(&id).map(|tally| tally.calls), Some(3));
    }
}
