//! The one-time code by which an agent joins: twelve characters that people can read out, in three groups.
//!
//! 60 random bits, good for ten minutes and once. Whoever guesses is throttled long before that matters.

use crate::time::{MINUTE, Timestamp};

/// How long a code is good, in milliseconds.
pub const LIFE: i64 = 10 * MINUTE;
/// The number of its characters, without hyphens.
pub const LENGTH: usize = 12;

/// Crockford's digits: none that looks like another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new code from random bytes, as people see it: `7K2M-9QXA-04TR`.
pub fn make(random: [u8; LENGTH]) -> String {
    let mut code = String::with_capacity(LENGTH + 2);
    for (place, byte) in random.into_iter().enumerate() {
        if place > 0 && place % 4 == 0 {
            code.push('-');
        }
        code.push(char::from(ALPHABET.get(usize::from(byte & 31)).copied().unwrap_or(b'0')));
    }
    code
}

/// A code as it was typed, without hyphens and spaces, in capitals, with look-alikes read as what they look like.
/// `None`: it cannot be one. What is compared, hashed and signed is this form.
pub fn normalise(typed: &str) -> Option<String> {
    let mut code = String::with_capacity(LENGTH);
    for letter in typed.chars().filter(|letter| !matches!(letter, '-' | ' ')) {
        let letter = match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        if code.len() == LENGTH || !letter.is_ascii() || !ALPHABET.contains(&(letter as u8)) {
            return None;
        }
        code.push(letter);
    }
    (code.len() == LENGTH).then_some(code)
}

/// How a code stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeState {
    /// It can be used.
    Good,
    /// An agent has joined with it.
    Used,
    /// Its ten minutes are over.
    Expired,
}

impl CodeState {
    /// How a code stands that was made at a time and perhaps used.
    pub fn of(made_at: Timestamp, used: bool, now: Timestamp) -> Self {
        if used {
            Self::Used
        } else if now.since(made_at) >= LIFE {
            Self::Expired
        } else {
            Self::Good
        }
    }

    /// Why it cannot be used, and what to do.
    pub const fn refusal(self) -> Option<&'static str> {
        match self {
            Self::Good => None,
            Self::Used => Some("This code was used already. Make a new one on the page Gateways."),
            Self::Expired => {
                Some("This code is more than 10 minutes old. Make a new one on the page Gateways.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_good_for_ten_minutes_and_once() {
        let made = Timestamp::from_millis(0);
        assert_eq!(CodeState::of(made, false, made.plus(LIFE - 1)), CodeState::Good);
        assert_eq!(CodeState::of(made, false, made.plus(LIFE)), CodeState::Expired);
        assert_eq!(CodeState::of(made, true, made), CodeState::Used);
        assert_eq!(CodeState::Good.refusal(), None);
        assert!(CodeState::Expired.refusal().is_some_and(|words| words.contains("10 minutes")));
    }

    #[test]
    fn what_people_type_is_read_kindly() {
        assert_eq!(normalise("7k2m-9qxa-o4tr").as_deref(), Some("7K2M9QXA04TR"));
        assert_eq!(normalise(" 7K2M 9QXA 04TR ").as_deref(), Some("7K2M9QXA04TR"));
        assert_eq!(normalise("iL00-0000-0000").as_deref(), Some("110000000000"));
        for bad in [
            "",
            "7K2M-9QXA-04T",
            "7K2M-9QXA-04TRR",
            "7K2M-9QXA-04TU",
            "7K2M-9QXA-04T\u{e9}",
            "7K2M_9QXA_04TR",
        ] {
            assert_eq!(normalise(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_code_is_read_back(random: [u8; LENGTH]) {
            let code = make(random);
            prop_assert_eq!(code.len(), LENGTH + 2);
            prop_assert_eq!(normalise(&code), Some(code.replace('-', "")));
        }

        #[test]
        fn nothing_typed_does_harm(typed in "\\PC{0,40}") {
            if let Some(code) = normalise(&typed) {
                prop_assert_eq!(normalise(&code), Some(code.clone()));
            }
        }
    }
}
