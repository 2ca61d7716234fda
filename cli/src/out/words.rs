//! Texts for people.

use drawbridge_domain::time::Timestamp;
use serde::Serialize;

/// A text from elsewhere as it may stand in a terminal: what would move the cursor or hide text is made visible.
pub(crate) fn plain(text: &str) -> String {
    let hides = |letter: char| {
        // Marks that turn the direction of what follows can make a name look like another.
        matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter == '\n' {
            shown.push(letter);
        } else if letter.is_control() || hides(letter) {
            shown.push_str(&letter.escape_unicode().to_string());
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// A moment, to the minute, in UTC.
pub(crate) fn when(moment: Timestamp) -> String {
    let text = moment.to_string();
    format!("{} {} UTC", text.get(..10).unwrap_or(&text), text.get(11..16).unwrap_or_default())
}

/// The word that stands for something in JSON.
pub(crate) fn word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor() {
        assert_eq!(plain("a\u{1b}[2Jb\rc\u{202e}d\tÜ"), "a\\u{1b}[2Jb\\u{d}c\\u{202e}d\\u{9}Ü");
    }

    #[test]
    fn a_moment_is_told_to_the_minute() {
        assert_eq!(when(Timestamp::from_millis(0)), "1970-01-01 00:00 UTC");
    }
}
