//! Texts that people type: names, emails, passwords. The same checks run in the browser and on the server.

use std::fmt;

/// What is wrong with a text, in a form that both a person and a program can use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFault {
    /// Nothing was typed.
    Empty,
    /// Fewer characters than this.
    TooShort(usize),
    /// More characters than this.
    TooLong(usize),
    /// A character that may not stand here.
    Forbidden(char),
    /// A control or invisible formatting character.
    Control,
    /// No email address.
    NotAnEmail,
    /// A password that is easy to guess.
    TooCommon,
    /// Something that is particular to the field: its code and its words.
    Said(&'static str, &'static str),
}

impl TextFault {
    /// The fault's code in `fields[].code` of a problem.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "missing",
            Self::TooShort(_) => "too_short",
            Self::TooLong(_) => "too_long",
            Self::Forbidden(_) => "forbidden_character",
            Self::Control => "control_character",
            Self::NotAnEmail => "not_an_email",
            Self::TooCommon => "too_common",
            Self::Said(code, _) => code,
        }
    }
}

impl fmt::Display for TextFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Fill this in."),
            Self::TooShort(least) => write!(f, "Use at least {least} characters."),
            Self::TooLong(most) => write!(f, "Use at most {most} characters."),
            Self::Forbidden(character) => write!(f, "The character {character} is not allowed here."),
            Self::Control => f.write_str("Remove the invisible character: it is not allowed here."),
            Self::NotAnEmail => f.write_str("Type an email address, such as ada@example.com."),
            Self::TooCommon => f.write_str("This password is easy to guess. Choose another one."),
            Self::Said(_, words) => f.write_str(words),
        }
    }
}

/// Characters that change how the text around them is shown, or are not shown at all. A name with one of them
/// can look like another name.
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

fn bounded(text: &str, most: usize) -> Result<&str, TextFault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextFault::Empty);
    }
    if text.chars().any(is_invisible) {
        return Err(TextFault::Control);
    }
    if text.chars().count() > most {
        return Err(TextFault::TooLong(most));
    }
    Ok(text)
}

/// The longest connection name, in characters.
pub const CONNECTION_NAME_MAX: usize = 100;

/// Characters that a connection's name may not hold.
pub const CONNECTION_NAME_FORBIDDEN: &str = "<>\"'\\/{}[]%$#*^!@~?=,;`";

/// A connection's name, trimmed, or what is wrong with it; the first offending character is named.
pub fn connection_name(text: &str) -> Result<&str, TextFault> {
    let text = bounded(text, CONNECTION_NAME_MAX)?;
    match text.chars().find(|character| CONNECTION_NAME_FORBIDDEN.contains(*character)) {
        Some(character) => Err(TextFault::Forbidden(character)),
        None => Ok(text),
    }
}

/// A name of a person, a tenant or an OAuth client, trimmed: 1 to 100 characters, none invisible, no angle
/// brackets.
pub fn plain_name(text: &str) -> Result<&str, TextFault> {
    plain_name_within(text, 100)
}

/// The same with at most so many characters.
pub fn plain_name_within(text: &str, most: usize) -> Result<&str, TextFault> {
    let text = bounded(text, most)?;
    match text.chars().find(|character| "<>".contains(*character)) {
        Some(character) => Err(TextFault::Forbidden(character)),
        None => Ok(text),
    }
}

/// The longest description, in characters.
pub const DESCRIPTION_MAX: usize = 500;

/// What something is for, in a few words of its own, trimmed; may be empty or of several lines.
pub fn description(text: &str) -> Result<&str, TextFault> {
    description_within(text, DESCRIPTION_MAX)
}

/// The same with at most so many characters.
pub fn description_within(text: &str, most: usize) -> Result<&str, TextFault> {
    let text = text.trim();
    if text.chars().any(|character| character != '\n' && is_invisible(character)) {
        return Err(TextFault::Control);
    }
    if text.chars().count() > most {
        return Err(TextFault::TooLong(most));
    }
    Ok(text)
}

/// A value on one line that a provider issued, such as a client id: no space, nothing invisible.
pub fn opaque_value(text: &str, most: usize) -> Result<&str, TextFault> {
    let text = bounded(text, most)?;
    match text.chars().find(|character| character.is_whitespace()) {
        Some(character) => Err(TextFault::Forbidden(character)),
        None => Ok(text),
    }
}

/// A tenant's name as it stands in addresses: lower-case ASCII letters, digits and single hyphens, at most 40.
/// Empty when the name has none of them.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in name.chars().flat_map(char::to_lowercase) {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= 40 {
            break;
        }
    }
    while slug.ends_with('-') {
        slug.pop();
    }
    slug
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_forbidden_character_is_named() {
        for character in CONNECTION_NAME_FORBIDDEN.chars() {
            assert_eq!(connection_name(&format!("a{character}b")), Err(TextFault::Forbidden(character)));
        }
        assert_eq!(CONNECTION_NAME_FORBIDDEN.chars().count(), 23);
    }

    #[test]
    fn names_are_trimmed_and_bounded_in_characters() {
        assert_eq!(connection_name("  Salesforce EU "), Ok("Salesforce EU"));
        assert_eq!(connection_name(" \t "), Err(TextFault::Empty));
        assert_eq!(connection_name(&"é".repeat(100)).map(str::len), Ok(200));
        assert_eq!(connection_name(&"é".repeat(101)), Err(TextFault::TooLong(100)));
    }

    #[test]
    fn other_scripts_and_emoji_are_fine_and_direction_tricks_are_not() {
        for name in ["מכירות", "العملاء", "顧客", "Team 🚀", "👩‍💻 dev"] {
            assert_eq!(connection_name(name), Ok(name));
        }
        for name in ["a\u{202e}b", "a\u{0}b", "a\nb", "a\u{7f}b", "a\u{feff}b", "\u{2066}x"] {
            assert_eq!(connection_name(name), Err(TextFault::Control), "{name:?}");
        }
    }

    #[test]
    fn a_description_may_be_empty() {
        assert_eq!(description("  "), Ok(""));
        assert_eq!(description("a\nb\n"), Ok("a\nb"));
        assert_eq!(description(" Sales <EU> "), Ok("Sales <EU>"));
        assert_eq!(description(&"x".repeat(501)), Err(TextFault::TooLong(500)));
        assert_eq!(description("a\u{202e}b"), Err(TextFault::Control));
    }

    #[test]
    fn slugs_are_fit_for_an_address() {
        assert_eq!(slug("Acme, Inc. (EU)"), "acme-inc-eu");
        assert_eq!(slug("  --  "), "");
        assert_eq!(slug("Ünïcode"), "n-code");
        assert!(slug(&"a ".repeat(90)).len() <= 40);
    }

    proptest! {
        #[test]
        fn an_accepted_name_is_accepted_again_unchanged(text in "\\PC{0,120}") {
            if let Ok(name) = connection_name(&text) {
                prop_assert_eq!(connection_name(name), Ok(name));
                prop_assert!(name.chars().count() <= CONNECTION_NAME_MAX);
            }
        }
    }
}
