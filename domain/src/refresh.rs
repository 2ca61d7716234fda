//! When a connection's token is refreshed, and what follows when that fails.

use serde::{Deserialize, Serialize};

use crate::connection::Reason;
use crate::time::{DAY, HOUR, SECOND, Timestamp};

/// How long after a failure nobody asks again, in milliseconds; doubled with each failure.
pub const COOL_DOWN: i64 = 30 * SECOND;
/// The longest wait after a failure, in milliseconds.
pub const LONGEST_WAIT: i64 = HOUR;
/// After so long without a success the connection is invalid, in milliseconds.
pub const EXHAUSTED: i64 = 4 * DAY;

/// How the refreshing of a connection goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Course {
    /// Failures since the last success.
    pub failures: u32,
    /// When the first of them was.
    pub failing_since: Option<Timestamp>,
    /// Before this nobody asks again, unless a person does.
    pub not_before: Option<Timestamp>,
    /// Why it failed last.
    pub reason: Option<Reason>,
    /// What the provider said.
    pub words: Option<String>,
    /// When it last succeeded.
    pub refreshed_at: Option<Timestamp>,
}

impl Course {
    /// The course after a success.
    #[must_use]
    pub fn succeeded(now: Timestamp) -> Self {
        Self { refreshed_at: Some(now), ..Self::default() }
    }

    /// The course after a failure; `chance` is any number and spreads the tries of many connections.
    #[must_use]
    pub fn failed(&self, now: Timestamp, reason: Reason, words: Option<String>, chance: u32) -> Self {
        let wait = (COOL_DOWN << self.failures.min(10)).min(LONGEST_WAIT);
        // Up to a quarter more.
        let jitter = wait / 4 * i64::from(chance % 1000) / 1000;
        Self {
            failures: self.failures.saturating_add(1),
            failing_since: self.failing_since.or(Some(now)),
            not_before: Some(now.plus(wait + jitter)),
            reason: Some(reason),
            words,
            refreshed_at: self.refreshed_at,
        }
    }

    /// Whether it is too early to ask again; then why it failed last.
    pub fn cools(&self, now: Timestamp) -> Option<(Reason, Timestamp)> {
        let until = self.not_before.filter(|until| *until > now)?;
        self.reason.map(|reason| (reason, until))
    }

    /// Whether a success was so short ago that a refused token is not the token's fault.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.refreshed_at.is_some_and(|at| now.since(at) < COOL_DOWN)
    }

    /// Whether it has failed for so long that the connection is given up.
    pub fn is_exhausted(&self, now: Timestamp) -> bool {
        self.failing_since.is_some_and(|since| now.since(since) >= EXHAUSTED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000_000_000);

    #[test]
    fn waits_double_up_to_an_hour_with_a_little_chance() {
        let mut course = Course::default();
        let mut now = NOW;
        for expected in [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600] {
            for chance in [0, 500, 999, u32::MAX] {
                let wait =
                    course.failed(now, Reason::ProviderError, None, chance).not_before.unwrap().since(now);
                assert!(wait >= expected * SECOND && wait <= expected * SECOND * 5 / 4, "{wait} {expected}");
            }
            course = course.failed(now, Reason::ProviderError, None, 0);
            assert!(course.cools(now).is_some());
            now = course.not_before.unwrap();
            assert_eq!(course.cools(now), None, "the wait is over at its end");
        }
        assert_eq!(course.failing_since, Some(NOW));
    }

    #[test]
    fn a_success_begins_anew_and_four_days_without_one_are_the_end() {
        let course = Course::default().failed(NOW, Reason::TimedOut, None, 0);
        assert!(!course.is_exhausted(NOW.plus(EXHAUSTED - 1)));
        let later = course.failed(NOW.plus(EXHAUSTED), Reason::TimedOut, None, 0);
        assert!(later.is_exhausted(NOW.plus(EXHAUSTED)));
        let good = Course::succeeded(NOW);
        assert_eq!(
            (good.failures, good.cools(NOW), good.is_exhausted(NOW.plus(EXHAUSTED))),
            (0, None, false)
        );
        assert!(good.is_fresh(NOW.plus(COOL_DOWN - 1)) && !good.is_fresh(NOW.plus(COOL_DOWN)));
    }
}
