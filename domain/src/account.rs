//! What a person signs in with: email and password.

use crate::text::TextFault;
use crate::time::{MINUTE, SECOND};

/// The fewest characters of a password.
pub const PASSWORD_MIN: usize = 12;
/// The most characters of a password; more would only cost time.
pub const PASSWORD_MAX: usize = 256;

/// An email address as it is compared and stored: trimmed, lower case. The form is checked only as far as a
/// mistake in typing goes; what counts is that its owner can be reached.
pub fn email(text: &str) -> Result<String, TextFault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextFault::Empty);
    }
    if text.chars().count() > 254 {
        return Err(TextFault::TooLong(254));
    }
    if text.chars().any(char::is_control) {
        return Err(TextFault::Control);
    }
    let (local, domain) = text.rsplit_once('@').ok_or(TextFault::NotAnEmail)?;
    let domain_is_fine = domain.split('.').count() > 1
        && domain.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        });
    let local_is_fine = !local.is_empty()
        && local.len() <= 64
        && local.chars().all(|c| !c.is_whitespace() && !"()<>[]:;@\\,\"".contains(c));
    if domain_is_fine && local_is_fine { Ok(text.to_lowercase()) } else { Err(TextFault::NotAnEmail) }
}

/// Checks a new password; `about` are words that an attacker tries first: the person's names and email, the
/// tenant, the product. The list of common passwords is a matter of the server.
pub fn new_password(password: &str, about: &[&str]) -> Result<(), TextFault> {
    let length = password.chars().count();
    if length == 0 {
        return Err(TextFault::Empty);
    }
    if length < PASSWORD_MIN {
        return Err(TextFault::TooShort(PASSWORD_MIN));
    }
    if length > PASSWORD_MAX {
        return Err(TextFault::TooLong(PASSWORD_MAX));
    }
    if password.chars().any(|character| character == '\0') {
        return Err(TextFault::Control);
    }
    let plain = password.to_lowercase();
    if distinct(&plain) < 5 || is_run(&plain) {
        return Err(TextFault::TooCommon);
    }
    let mut rest = plain;
    for word in about.iter().map(|word| word.to_lowercase()).filter(|word| word.chars().count() >= 3) {
        rest = rest.replace(&word, "");
    }
    // What is left once the known words are taken out must still be worth something.
    if rest.chars().count() < 6 { Err(TextFault::TooCommon) } else { Ok(()) }
}

fn distinct(text: &str) -> usize {
    text.chars().collect::<std::collections::BTreeSet<_>>().len()
}

/// Whether every character follows the one before it by the same step, as in `abcdefghijkl`.
fn is_run(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|character| i64::from(u32::from(character))).collect();
    let mut steps = codes.iter().zip(codes.iter().skip(1)).map(|(a, b)| b - a);
    let Some(first) = steps.next() else { return true };
    (-1..=1).contains(&first) && steps.all(|step| step == first)
}

/// How long a sign-in must wait after that many failures in a row: nothing for the first five, then doubling
/// from one second to at most 15 minutes, never for ever.
pub fn throttle_delay(failures: u32) -> i64 {
    match failures.checked_sub(5) {
        None | Some(0) => 0,
        Some(over) => (SECOND << (over - 1).min(20)).min(15 * MINUTE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::HOUR;

    #[test]
    fn emails_are_normalised_and_typing_mistakes_are_told() {
        assert_eq!(email(" Ada@Example.COM "), Ok("ada@example.com".into()));
        assert_eq!(email("o'neil+x@sub.example.co"), Ok("o'neil+x@sub.example.co".into()));
        for bad in [
            "ada",
            "ada@",
            "@example.com",
            "ada@example",
            "a b@example.com",
            "ada@-x.com",
            "ada@x..com",
            "<a@b.co>",
        ] {
            assert_eq!(email(bad), Err(TextFault::NotAnEmail), "{bad}");
        }
        assert_eq!(email(""), Err(TextFault::Empty));
        assert_eq!(email(&format!("{}@example.com", "a".repeat(300))), Err(TextFault::TooLong(254)));
        assert_eq!(email("a\u{0}@example.com"), Err(TextFault::Control));
    }

    #[test]
    fn passwords_need_length_and_substance() {
        assert_eq!(new_password("correct horse battery", &[]), Ok(()));
        assert_eq!(new_password("", &[]), Err(TextFault::Empty));
        assert_eq!(new_password("elevenchars", &[]), Err(TextFault::TooShort(12)));
        assert_eq!(new_password(&"a b c d e f ".repeat(30), &[]), Err(TextFault::TooLong(256)));
        for weak in ["aaaaaaaaaaaa", "abcdefghijklm", "zyxwvutsrqpon", "121212121212"] {
            assert_eq!(new_password(weak, &[]), Err(TextFault::TooCommon), "{weak}");
        }
        assert_eq!(new_password("AcmeLovelace12", &["Acme", "Lovelace"]), Err(TextFault::TooCommon));
        assert_eq!(new_password("Acme-tall-green-lamp", &["Acme"]), Ok(()));
    }

    #[test]
    fn the_throttle_grows_and_never_locks_for_good() {
        assert_eq!(throttle_delay(0), 0);
        assert_eq!(throttle_delay(5), 0);
        assert_eq!(throttle_delay(6), SECOND);
        assert_eq!(throttle_delay(8), 4 * SECOND);
        assert!((6..200).all(|n| throttle_delay(n) <= throttle_delay(n + 1)));
        assert!(throttle_delay(u32::MAX) < HOUR);
    }
}
