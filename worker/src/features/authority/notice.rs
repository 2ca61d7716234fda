//! The notice of a coming end, in the answers of whoever calls with what ends.

use drawbridge_domain::credential::NOTICE_DAYS;
use drawbridge_domain::time::{DAY, Timestamp};

use crate::http::Scope;

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The header that tells when the app or token ends, from the first notice on. It is written as `Sunset` is (RFC
/// 8594), which tells of the address's end instead.
pub fn end_notice(scope: &Scope, now: Timestamp) -> Option<(&'static str, String)> {
    let ends = scope.credential()?.ends?;
    let first = i64::from(NOTICE_DAYS.into_iter().max().unwrap_or_default()) * DAY;
    (ends.since(now) <= first).then(|| ("drawbridge-token-expires", http_date(ends)))
}

/// A moment as HTTP writes it (RFC 9110 §5.6.7).
fn http_date(at: Timestamp) -> String {
    let text = at.to_string();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let weekday = usize::try_from(at.millis().div_euclid(DAY).rem_euclid(7)).unwrap_or_default();
    let month = part(5, 7).parse::<usize>().unwrap_or(1).saturating_sub(1);
    format!(
        "{}, {} {} {} {} GMT",
        DAYS.get(weekday).unwrap_or(&""),
        part(8, 10),
        MONTHS.get(month).unwrap_or(&""),
        part(0, 4),
        part(11, 19)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_in_the_standard() {
        assert_eq!(http_date(Timestamp::from_millis(784_111_777_000)), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(http_date(Timestamp::from_millis(0)), "Thu, 01 Jan 1970 00:00:00 GMT");
    }
}
