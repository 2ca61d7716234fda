//! How much, how long and how often.

use drawbridge_domain::time::{MINUTE, SECOND};

/// How long a provider may take for an operation, or for the beginning of what passes through, in milliseconds.
pub(super) const TIME_LIMIT: u32 = 30_000;
/// The largest answer of an operation, in bytes.
pub(super) const ANSWER_LIMIT: usize = 4 * 1024 * 1024;
/// The largest body that passes through, either way, in bytes.
pub(super) const STREAM_LIMIT: u64 = crate::ports::BODY_MOST;
/// How long a body may take to pass through, in milliseconds.
pub(super) const STREAM_TIME: i64 = 10 * MINUTE;
/// A body up to this size is kept until the provider has answered, so that the call can be made again.
pub(super) const KEPT_BODY: usize = 64 * 1024;
/// The most tries of a call.
pub(super) const TRIES: u32 = 3;
/// The most redirects that are followed.
pub(super) const HOPS: u32 = 5;
/// The longest that a call waits before it is tried again, in milliseconds.
const LONGEST_WAIT: i64 = 10 * SECOND;

/// Whether a call with this answer may bring something else when it is tried again.
pub(super) fn is_passing(status: u16) -> bool {
    matches!(status, 429 | 502 | 503 | 504)
}

/// How long to wait before the next try, in milliseconds; `None`: longer than anybody waits for.
pub(super) fn wait(retry_after: Option<&str>, tried: u32, chance: u8) -> Option<u32> {
    let asked = match retry_after {
        Some(text) => match text.trim().parse::<i64>() {
            Ok(seconds) => seconds.saturating_mul(SECOND),
            // The form with a date: rare enough that a short wait does.
            Err(_) => SECOND,
        },
        // A quarter of a second, doubled each time, and up to a quarter more.
        None => (250 << tried.min(5)) * (1024 + i64::from(chance)) / 1024,
    };
    let wait = asked.max(0);
    (wait <= LONGEST_WAIT).then(|| u32::try_from(wait).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::wait;

    #[test]
    fn waits_are_as_asked_and_never_long() {
        assert_eq!(wait(Some("2"), 0, 0), Some(2000));
        assert_eq!(wait(Some(" 0 "), 0, 255), Some(0));
        assert_eq!(wait(Some("10"), 0, 0), Some(10_000));
        assert_eq!(wait(Some("11"), 0, 0), None);
        assert_eq!(wait(Some("999999999999999999"), 0, 0), None);
        assert_eq!(wait(Some("Wed, 21 Oct 2026 07:28:00 GMT"), 0, 0), Some(1000));
        assert_eq!((wait(None, 0, 0), wait(None, 1, 0)), (Some(250), Some(500)));
        assert_eq!(wait(None, 0, 255), Some(312));
    }
}
