//! Values as JSON without loss.

use base64ct::{Base64, Encoding as _};

/// The largest whole number that every reader of JSON has exactly.
const EXACT: u64 = (1 << 53) - 1;

/// A text.
pub(super) fn text(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// A whole number; as a text where JSON's readers would round it.
pub(super) fn whole(number: i64) -> String {
    if number.unsigned_abs() <= EXACT { number.to_string() } else { format!("\"{number}\"") }
}

/// The same without a sign.
pub(super) fn unsigned(number: u64) -> String {
    if number <= EXACT { number.to_string() } else { format!("\"{number}\"") }
}

/// A floating number, in as many digits as it needs; what is none is a text.
pub(super) fn double(number: f64) -> String {
    if number.is_finite() {
        serde_json::to_string(&number).unwrap_or_default()
    } else {
        format!("\"{}\"", odd(number))
    }
}

/// The same of half the size.
pub(super) fn single(number: f32) -> String {
    if number.is_finite() {
        serde_json::to_string(&number).unwrap_or_default()
    } else {
        format!("\"{}\"", odd(f64::from(number)))
    }
}

const fn odd(number: f64) -> &'static str {
    if number.is_nan() {
        "NaN"
    } else if number > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

/// Bytes.
pub(super) fn bytes(bytes: &[u8]) -> String {
    format!("\"{}\"", Base64::encode_string(bytes))
}

/// A truth.
pub(super) fn truth(yes: bool) -> String {
    yes.to_string()
}

/// Nothing.
pub(super) fn null() -> String {
    "null".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_rounded() {
        assert_eq!(whole(9_007_199_254_740_991), "9007199254740991");
        assert_eq!(whole(9_007_199_254_740_992), "\"9007199254740992\"");
        assert_eq!(whole(i64::MIN), "\"-9223372036854775808\"");
        assert_eq!(unsigned(u64::MAX), "\"18446744073709551615\"");
        assert_eq!((double(0.1), single(0.1)), ("0.1".to_owned(), "0.1".to_owned()));
        assert_eq!(double(f64::NAN), "\"NaN\"");
        assert_eq!(double(f64::NEG_INFINITY), "\"-Infinity\"");
        assert_eq!(text("a\"\u{1}🚂"), "\"a\\\"\\u0001🚂\"");
        assert_eq!(bytes(&[0, 255]), "\"AP8=\"");
    }
}
