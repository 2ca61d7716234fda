//! Tells that the machine was asleep: the clock went on, this program did not.

use std::time::{Duration, Instant, SystemTime};

use drawbridge_contract::link::HEARTBEAT_EVERY;

/// When the clock has moved so much further than this program, the machine was asleep.
const ASLEEP: Duration = Duration::from_secs(15);

/// The clock on the wall, which people set, and the one that only runs forward, which may stand still in sleep.
pub(super) struct Clocks {
    wall: SystemTime,
    own: Instant,
}

impl Clocks {
    /// As they are.
    pub(super) fn now() -> Self {
        Self { wall: SystemTime::now(), own: Instant::now() }
    }

    /// Whether this program stood still since it last looked, which it does at every heartbeat. A clock that was set
    /// forward looks the same, and does no harm: the link is asked to show that it stands.
    pub(super) fn slept(&mut self) -> bool {
        self.slept_until(Self::now())
    }

    fn slept_until(&mut self, now: Self) -> bool {
        // A clock that was set back tells nothing.
        let wall = now.wall.duration_since(self.wall).unwrap_or_default();
        let own = now.own.duration_since(self.own);
        let long = Duration::from_millis(u64::from(HEARTBEAT_EVERY)) + ASLEEP;
        *self = now;
        wall > own + ASLEEP || own > long
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both clocks go on, each by so many seconds.
    fn slept(wall: i64, own: u64) -> bool {
        let begin = Clocks::now();
        let by = Duration::from_secs(wall.unsigned_abs());
        let moved = if wall < 0 { begin.wall - by } else { begin.wall + by };
        let later = Clocks { wall: moved, own: begin.own + Duration::from_secs(own) };
        let mut clocks = begin;
        let first = clocks.slept_until(later);
        let (wall, own) = (clocks.wall + Duration::from_secs(10), clocks.own + Duration::from_secs(10));
        assert!(!clocks.slept_until(Clocks { wall, own }), "it is told once");
        first
    }

    #[test]
    fn sleep_shows_in_one_clock_or_the_other() {
        assert!(!slept(10, 10), "a heartbeat later");
        assert!(!slept(24, 24), "a busy machine");
        assert!(slept(3600, 10), "the machine slept, and its own clock with it");
        assert!(slept(40, 40), "the program was stopped");
        assert!(slept(3610, 3610), "the machine slept, and both clocks went on");
    }

    #[test]
    fn a_clock_that_is_set_does_no_harm() {
        assert!(!slept(-3600, 10), "set back");
        assert!(!slept(11, 10) && !slept(9, 10), "set right by a little");
        assert!(slept(3610, 10), "set forward: the link is asked whether it stands");
    }
}
