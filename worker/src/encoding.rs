//! Base64, hexadecimal, hashes and comparison in constant time.

use std::fmt::Write as _;

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Base64url without padding (RFC 4648 §5).
pub fn base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// The bytes of a base64url text without padding.
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

/// Base64 with padding (RFC 4648 §4).
pub fn base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// The bytes of a base64 text with padding.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(text).ok()
}

/// The SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The SHA-256 of a text of high entropy, as it is stored in its place.
pub fn hashed(secret: &str) -> String {
    base64url(&sha256(secret.as_bytes()))
}

/// Whether two texts are the same, in a time that depends on their lengths only.
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// JSON in ASCII alone, as a header can hold it (RFC 8259 §7).
pub fn ascii(json: String) -> String {
    if json.is_ascii() {
        return json;
    }
    let mut ascii = String::with_capacity(json.len() * 2);
    for letter in json.chars() {
        if letter.is_ascii() {
            ascii.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                // A text takes all that is written to it.
                let _ = write!(ascii, "\\u{unit:04x}");
            }
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_round_trip_and_refuse_nonsense() {
        assert_eq!(base64url(&[251, 255]), "-_8");
        assert_eq!(from_base64url("-_8"), Some(vec![251, 255]));
        assert_eq!(from_base64url("-_8="), None);
        assert_eq!(from_base64(&base64(b"a:b")), Some(b"a:b".to_vec()));
        assert!(same("abc", "abc") && !same("abc", "abd") && !same("abc", "abcd"));
        assert_eq!(ascii("[\"Zoë 😀\"]".to_owned()), "[\"Zo\\u00eb \\ud83d\\ude00\"]");
        assert_eq!(crate::json::read::<Vec<String>>(&ascii("[\"Zoë 😀\"]".to_owned())).unwrap(), ["Zoë 😀"]);
        assert_eq!(hashed(""), "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
    }
}
