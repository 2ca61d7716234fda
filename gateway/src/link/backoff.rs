//! When to dial again: quickly at first, never all at once, and not for ever quickly.

use std::time::Duration;

/// The first wait is up to this long.
const FIRST: Duration = Duration::from_millis(150);
/// The longest wait, by how long there was no link: a server that is started anew is found soon, one that is away for
/// long is not hammered.
const CAPS: [(Duration, Duration); 4] = [
    (Duration::from_secs(5), Duration::from_millis(300)),
    (Duration::from_secs(15), Duration::from_millis(750)),
    (Duration::from_mins(1), Duration::from_millis(1500)),
    (Duration::from_hours(1), Duration::from_secs(4)),
];
/// The longest wait of all.
const CAP: Duration = Duration::from_secs(15);

/// How often it was tried since there was a link.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    tries: u32,
}

impl Backoff {
    /// There is a link.
    pub(crate) const fn reset(&mut self) {
        self.tries = 0;
    }

    /// How long to wait now: anything up to twice as long as before (full jitter), up to a cap. `chance` is a random
    /// number, `away` how long there was no link.
    pub(crate) fn next(&mut self, away: Duration, chance: u32) -> Duration {
        let cap = CAPS.iter().find(|(until, _)| away < *until).map_or(CAP, |(_, cap)| *cap);
        let most = FIRST.saturating_mul(2_u32.saturating_pow(self.tries)).min(cap);
        self.tries = self.tries.saturating_add(1);
        most.mul_f64(f64::from(chance) / f64::from(u32::MAX))
    }
}

/// A random number; half of what is possible should there be none to be had.
pub(crate) fn chance() -> u32 {
    getrandom::u32().unwrap_or(u32::MAX / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(away: Duration) -> Vec<Duration> {
        let mut backoff = Backoff::default();
        (0..40).map(|_| backoff.next(away, u32::MAX)).collect()
    }

    #[test]
    fn first_tries_are_quick_and_waits_are_capped() {
        let waits = waits(Duration::ZERO);
        assert_eq!(waits[0], FIRST);
        assert!(waits[..4].iter().sum::<Duration>() < Duration::from_secs(2), "four tries in two seconds");
        assert_eq!(waits[39], Duration::from_millis(300));
        assert!(waits.windows(2).all(|pair| pair[0] <= pair[1]));
    }

    #[test]
    fn what_is_away_for_long_is_not_hammered() {
        assert_eq!(waits(Duration::from_secs(6))[39], Duration::from_millis(750));
        assert_eq!(waits(Duration::from_secs(16))[39], Duration::from_millis(1500));
        assert_eq!(waits(Duration::from_secs(61))[39], Duration::from_secs(4));
        assert_eq!(waits(Duration::from_secs(3601))[39], CAP);
    }

    #[test]
    fn chance_spreads_from_nothing_to_the_most() {
        let mut backoff = Backoff { tries: 30 };
        assert_eq!(backoff.next(Duration::ZERO, 0), Duration::ZERO);
        let half = backoff.next(Duration::ZERO, u32::MAX / 2);
        assert!((145..155).contains(&half.as_millis()), "{half:?}");
        backoff.reset();
        assert!(backoff.next(Duration::ZERO, u32::MAX) <= FIRST);
    }
}
