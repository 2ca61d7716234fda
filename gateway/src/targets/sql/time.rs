//! Days and times of day, in the calendar that goes on for ever in both directions.

/// The day of a number of days since 1970: year, month, day.
pub(super) const fn date(days: i64) -> (i64, u8, u8) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + (month <= 2) as i64;
    // A month has at most 31 days and a year 12 months.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 12 and 1 to 31")]
    (year, month as u8, day as u8)
}

/// The number of days since 1970 of a day.
pub(super) const fn days(year: i64, month: u8, day: u8) -> i64 {
    let year = year - (month <= 2) as i64;
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let month = month as i64;
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day as i64 - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// A day as text. Years before 1 and after 9999 have a sign, as ISO 8601 has it.
pub(super) fn day(days: i64) -> String {
    let (year, month, day) = date(days);
    if (0..=9999).contains(&year) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        let sign = if year < 0 { '-' } else { '+' };
        format!("{sign}{:06}-{month:02}-{day:02}", year.unsigned_abs())
    }
}

/// A time of day as text, with as many digits of its second as it needs.
pub(super) fn clock(nanoseconds: u64) -> String {
    let (seconds, rest) = (nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
    let mut text = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if rest > 0 {
        let digits = format!("{rest:09}");
        text.push('.');
        text.push_str(digits.trim_end_matches('0'));
    }
    text
}

/// Days since 1970 and a time of day.
pub(super) fn moment(days: i64, nanoseconds: u64) -> String {
    format!("{}T{}", day(days), clock(nanoseconds))
}

/// An offset in minutes as text.
pub(super) fn offset(minutes: i32) -> String {
    if minutes == 0 {
        return "Z".to_owned();
    }
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.unsigned_abs();
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// A text as RFC 3339 has it, in its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment<'a> {
    /// Year, month, day.
    pub(super) date: (i64, u8, u8),
    /// Hour, minute, second.
    pub(super) time: (u8, u8, u8),
    /// The digits of the second's fraction.
    pub(super) fraction: &'a str,
    /// The offset in minutes, where there is one.
    pub(super) offset: Option<i32>,
}

/// Reads a moment; a day by itself is its beginning.
pub(super) fn read(text: &str) -> Option<Moment<'_>> {
    let (day, rest) = text.split_at_checked(10)?;
    let date = read_day(day)?;
    if rest.is_empty() {
        return Some(Moment { date, time: (0, 0, 0), fraction: "", offset: None });
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (time, fraction, offset) = read_clock(rest)?;
    Some(Moment { date, time, fraction, offset })
}

/// Reads `2026-11-22`.
pub(super) fn read_day(text: &str) -> Option<(i64, u8, u8)> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return None;
    }
    let two = |at: usize| Some(digit(*bytes.get(at)?)? * 10 + digit(*bytes.get(at + 1)?)?);
    let year = i64::from(two(0)?) * 100 + i64::from(two(2)?);
    let (month, day) = (two(5)?, two(8)?);
    let real = (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && date(days(year, month, day)) == (year, month, day);
    real.then_some((year, month, day))
}

type Clock<'a> = ((u8, u8, u8), &'a str, Option<i32>);

/// Reads `10:15`, `10:15:00.5`, with `Z` or an offset where there is one.
pub(super) fn read_clock(text: &str) -> Option<Clock<'_>> {
    let part = |text: &str, most: u8| {
        let [high, low] = *text.as_bytes() else { return None };
        let value = digit(high)? * 10 + digit(low)?;
        (value < most).then_some(value)
    };
    let hour = part(text.get(..2)?, 24)?;
    let minute = part(text.get(2..)?.strip_prefix(':')?.get(..2)?, 60)?;
    let mut rest = text.get(5..)?;
    let mut second = 0;
    let mut fraction = "";
    if let Some(more) = rest.strip_prefix(':') {
        second = part(more.get(..2)?, 60)?;
        rest = more.get(2..)?;
        if let Some(more) = rest.strip_prefix('.') {
            let digits = more.bytes().take_while(u8::is_ascii_digit).count();
            if !(1..=9).contains(&digits) {
                return None;
            }
            (fraction, rest) = more.split_at_checked(digits)?;
        }
    }
    let offset = match rest {
        "" => None,
        "Z" | "z" => Some(0),
        _ => {
            let (sign, rest) = rest.split_at_checked(1)?;
            let sign = match sign {
                "+" => 1,
                "-" => -1,
                _ => return None,
            };
            let (hours, minutes) = rest.split_once(':')?;
            Some(sign * (i32::from(part(hours, 15)?) * 60 + i32::from(part(minutes, 60)?)))
        }
    };
    Some(((hour, minute, second), fraction, offset))
}

const fn digit(byte: u8) -> Option<u8> {
    if byte.is_ascii_digit() { Some(byte - b'0') } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(-719_162), "0001-01-01");
        assert_eq!(days(1899, 12, 31), -25_568);
        assert_eq!(day(days(1752, 9, 14)), "1752-09-14");
        assert_eq!(day(2_932_896), "9999-12-31");
        assert_eq!(day(-719_529), "-000001-12-31");
        assert_eq!(day(2_932_897), "+010000-01-01");
    }

    #[test]
    fn times_have_the_digits_they_need() {
        assert_eq!(clock(0), "00:00:00");
        assert_eq!(clock(86_399_999_999_999), "23:59:59.999999999");
        assert_eq!(clock(3_723_500_000_000), "01:02:03.5");
        assert_eq!((offset(0), offset(-90), offset(840)), ("Z".into(), "-01:30".into(), "+14:00".into()));
    }

    #[test]
    fn moments_are_read() {
        let moment = read("1066-10-14T09:00:00.25+01:30").unwrap();
        assert_eq!((moment.date, moment.time, moment.fraction), ((1066, 10, 14), (9, 0, 0), "25"));
        assert_eq!(moment.offset, Some(90));
        assert_eq!(read("2026-11-22").unwrap().time, (0, 0, 0));
        assert_eq!(read("2026-11-22 10:15Z").unwrap().offset, Some(0));
        for bad in [
            "",
            "2026",
            "2026-02-29",
            "2026-13-01",
            "2026-11-22T",
            "2026-11-22T24:00",
            "2026-11-22T10:60",
            "2026-11-22T10:15:00.",
            "2026-11-22T10:15:00.1234567890",
            "2026-11-22T10:15+1",
            "2026-11-22x10:15",
            "2026-11-22T10:15:00Zz",
            "２026-11-22",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn days_are_read_back(day: i32) {
            let (year, month, of_month) = date(i64::from(day));
            prop_assert_eq!(days(year, month, of_month), i64::from(day));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
            prop_assert!(read(&text).is_none_or(|read| read.fraction.len() <= 9));
        }
    }
}
