//! The format of secrets that are ours: a prefix that never changes, 30 random characters, 6 that check what goes before.
//!
//! Scanners find leaked ones by it, and a typing error is told from an unknown secret without a look-up.

use std::fmt;

/// What stands before a personal access token.
pub const PERSONAL_TOKEN: &str = "dbr_pat_";
/// What stands before an app's client secret.
pub const CLIENT_SECRET: &str = "dbr_app_";

/// The digits of base62, in the order of their values.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Random characters: 62 to the power of 30 is more than 2 to the power of 178.
const RANDOM: usize = 30;
/// Characters of the check: 62 to the power of 6 is more than 2 to the power of 32.
const CHECK: usize = 6;

/// Why a text is no secret of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadCredential {
    /// It has another prefix, length or other characters.
    Malformed,
    /// A character of it was changed.
    Mistyped,
}

impl fmt::Display for BadCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "not a secret of this kind",
            Self::Mistyped => "a character is wrong or missing",
        })
    }
}

/// The part of a secret that may be shown: its prefix and the last four characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint(String);

impl Hint {
    /// As it is shown and stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A secret with this prefix from random bytes, and its hint. Bytes that would favour some characters are left out; `None`:
/// there were too few. 64 bytes are enough but once in 10^9 times.
pub fn written(prefix: &'static str, random: &[u8]) -> Option<(String, Hint)> {
    let mut text = prefix.to_owned();
    // 248 is the largest multiple of 62 in a byte.
    let digits = random.iter().filter(|byte| **byte < 248).take(RANDOM);
    text.extend(digits.map(|byte| digit(u32::from(*byte))));
    if text.len() < prefix.len() + RANDOM {
        return None;
    }
    let check = check_of(&text);
    text.push_str(&check);
    let last = text.get(text.len() - 4..)?;
    let hint = Hint(format!("{prefix}…{last}"));
    Some((text, hint))
}

/// Whether a text is a secret with this prefix, its check included. It says nothing about whether there is such a secret.
pub fn checked(prefix: &'static str, text: &str) -> Result<(), BadCredential> {
    let body = text.strip_prefix(prefix).ok_or(BadCredential::Malformed)?;
    if body.len() != RANDOM + CHECK || !body.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(BadCredential::Malformed);
    }
    let (before, check) = text.split_at_checked(text.len() - CHECK).ok_or(BadCredential::Malformed)?;
    if check_of(before) == check { Ok(()) } else { Err(BadCredential::Mistyped) }
}

fn digit(value: u32) -> char {
    let place = usize::try_from(value % 62).unwrap_or_default();
    char::from(DIGITS.get(place).copied().unwrap_or(b'0'))
}

/// Six digits of base62 of the CRC-32 of a text, the highest first.
fn check_of(text: &str) -> String {
    let sum = crc32(text.as_bytes());
    (0..CHECK)
        .rev()
        .filter_map(|place| u32::try_from(place).ok())
        .map(|place| digit(sum / 62_u32.pow(place)))
        .collect()
}

/// CRC-32 as in gzip (RFC 1952 §8).
fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(sum & 1));
        }
    }
    !sum
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_check_is_the_known_sum() {
        // The check value of the catalogue of CRCs.
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(check_of(""), "000000");
        let (secret, hint) = written(PERSONAL_TOKEN, &[0; 64]).unwrap();
        assert!(secret.starts_with("dbr_pat_000000000000000000000000000000") && secret.len() == 44);
        assert_eq!(hint.as_str(), format!("dbr_pat_…{}", &secret[40..]));
    }

    #[test]
    fn bytes_that_favour_characters_are_left_out() {
        assert_eq!(written(CLIENT_SECRET, &[255; 64]), None);
        assert_eq!(written(CLIENT_SECRET, &[7; 29]), None);
        let mixed: Vec<u8> = [248, 61].repeat(30);
        let (secret, _) = written(CLIENT_SECRET, &mixed).unwrap();
        assert_eq!(&secret[8..38], "z".repeat(30));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_and_one_wrong_character_is_seen(
            random in proptest::collection::vec(0_u8..248, 30), place in 8_usize..44, other in 0_usize..62,
        ) {
            let (secret, _) = written(PERSONAL_TOKEN, &random).unwrap();
            prop_assert_eq!(checked(PERSONAL_TOKEN, &secret), Ok(()));
            prop_assert_eq!(checked(CLIENT_SECRET, &secret), Err(BadCredential::Malformed));
            let mut bytes = secret.clone().into_bytes();
            bytes[place] = DIGITS[other];
            let altered = String::from_utf8(bytes).unwrap();
            let expected = if altered == secret { Ok(()) } else { Err(BadCredential::Mistyped) };
            prop_assert_eq!(checked(PERSONAL_TOKEN, &altered), expected);
        }

        #[test]
        fn no_text_makes_it_fail(text in ".*") {
            let _ = checked(PERSONAL_TOKEN, &text);
            let _ = checked(PERSONAL_TOKEN, &format!("dbr_pat_{text}"));
        }
    }
}
