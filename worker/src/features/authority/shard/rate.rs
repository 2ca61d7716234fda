//! How often an app or a token may call: a bucket of a minute's calls that fills up again evenly.

use std::collections::HashMap;

use drawbridge_domain::time::{MINUTE, Timestamp};

use super::super::message::Quota;

/// The most buckets that are kept; a full one is as good as none.
const MOST: usize = 10_000;

#[derive(Default)]
pub(super) struct Rates {
    buckets: HashMap<String, Bucket>,
}

struct Bucket {
    /// What is in it: calls, times the milliseconds of a minute.
    level: i64,
    at: Timestamp,
}

impl Bucket {
    fn filled(&self, per_minute: i64, now: Timestamp) -> i64 {
        let since = now.since(self.at).clamp(0, MINUTE);
        (self.level + since * per_minute).min(per_minute * MINUTE)
    }
}

impl Rates {
    /// Takes one call, if there is one; otherwise says how long to wait. Without a limit nothing is counted.
    pub(super) fn take(
        &mut self,
        id: &str,
        per_minute: u32,
        now: Timestamp,
    ) -> Result<Option<Quota>, (i64, Quota)> {
        let rate = i64::from(per_minute);
        if rate == 0 {
            return Ok(None);
        }
        if self.buckets.len() >= MOST && !self.buckets.contains_key(id) {
            self.buckets.retain(|_, bucket| bucket.filled(rate, now) < rate * MINUTE);
            if self.buckets.len() >= MOST {
                self.buckets.clear();
            }
        }
        let full = Bucket { level: rate * MINUTE, at: now };
        let bucket = self.buckets.entry(id.to_owned()).or_insert(full);
        let level = bucket.filled(rate, now);
        let quota = |level: i64| Quota {
            per_minute,
            left: u32::try_from(level / MINUTE).unwrap_or_default(),
            full_in: (rate * MINUTE - level + rate - 1) / rate,
        };
        if level < MINUTE {
            *bucket = Bucket { level, at: now };
            return Err(((MINUTE - level + rate - 1) / rate, quota(level)));
        }
        *bucket = Bucket { level: level - MINUTE, at: now };
        Ok(Some(quota(level - MINUTE)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn a_minute_of_calls_at_once_and_then_evenly() {
        let mut rates = Rates::default();
        for left in (0..60).rev() {
            assert_eq!(rates.take("a", 60, at(0)).unwrap().unwrap().left, left);
        }
        let (wait, quota) = rates.take("a", 60, at(0)).unwrap_err();
        assert_eq!((wait, quota.left, quota.full_in), (1000, 0, 60_000));
        assert!(rates.take("a", 60, at(999)).is_err());
        assert!(rates.take("a", 60, at(1000)).is_ok());
        assert!(rates.take("a", 60, at(1000)).is_err());
        assert!(rates.take("b", 60, at(1000)).is_ok(), "each has its own");
        assert_eq!(
            rates.take("a", 60, at(10_000_000)).unwrap().unwrap().left,
            59,
            "never more than a minute's"
        );
        assert_eq!(rates.take("a", 0, at(0)).unwrap(), None, "no limit");
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing() {
        let mut rates = Rates::default();
        for _ in 0..2 {
            rates.take("a", 2, at(MINUTE)).unwrap();
        }
        assert!(rates.take("a", 2, at(0)).is_err());
    }
}
