//! A link in memory.

use std::collections::BTreeMap;

use drawbridge_contract::link::calls::Calls;
use drawbridge_contract::link::frame::CallId;
use drawbridge_contract::link::messages::Report;
use drawbridge_domain::gateway::event::LOST;
use drawbridge_domain::id::ReplicaId;
use drawbridge_domain::time::Timestamp;

use super::seat::Seat;

/// A WebSocket, and what is under way there.
pub(super) struct Link {
    /// What goes along with it.
    pub(super) seat: Seat,
    /// The rules of its calls.
    pub(super) calls: Calls,
    /// Whose calls they are.
    pub(super) exchanges: BTreeMap<CallId, u32>,
    /// When something was heard that the hub was awake for.
    pub(super) heard: Timestamp,
    /// What the agent reported last, since the hub is awake.
    pub(super) report: Option<Report>,
    /// When a report was last written down.
    pub(super) written: Option<Timestamp>,
    /// A report waits to be written down.
    pub(super) waits: bool,
    /// It is about to stand, of this agent and since then: the database hears of it.
    pub(super) coming: Option<(ReplicaId, Timestamp)>,
    /// Why it ends, where that is known.
    pub(super) reason: Option<&'static str>,
    /// When it was last told to make a new key.
    pub(super) asked: Option<Timestamp>,
    /// Whether it did what it was last told.
    pub(super) done: bool,
}

impl Link {
    pub(super) fn new(seat: Seat, calls: Calls) -> Self {
        let heard = seat.since;
        Self {
            seat,
            calls,
            exchanges: BTreeMap::new(),
            heard,
            report: None,
            written: None,
            waits: false,
            coming: None,
            reason: None,
            asked: None,
            done: false,
        }
    }

    /// Whether it is, or is about to be, the link of this agent since then.
    pub(super) fn is(&self, replica: &ReplicaId, since: Timestamp) -> bool {
        let stands = self.seat.proved.as_ref().is_some_and(|proved| proved.replica == *replica);
        let coming = |(coming, at): &(ReplicaId, Timestamp)| coming == replica && *at == since;
        (stands && self.seat.since == since) || self.coming.as_ref().is_some_and(coming)
    }

    /// Why it ended.
    pub(super) fn reason(&self) -> &'static str {
        self.reason.unwrap_or(LOST)
    }
}
