//! What can be wrong with a field's value, and the words for it.

use std::fmt;

/// Why a field's value is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldFault {
    /// Nothing was entered.
    Required,
    /// Too short.
    TooShort {
        /// The fewest characters.
        least: usize,
    },
    /// Too long.
    TooLong {
        /// The most characters.
        most: usize,
    },
    /// A character that cannot be seen.
    ControlCharacter,
    /// None of the choices.
    NotAnOption,
    /// A character that may not stand here.
    Character {
        /// The character.
        found: char,
    },
    /// Not a subdomain.
    Subdomain,
    /// Not a host name.
    Hostname,
    /// A host name of somebody else.
    HostElsewhere {
        /// The domain under which it must be.
        under: String,
    },
    /// Not an `https` address, or one that points inwards.
    HttpsUrl,
    /// More than scheme and host.
    Origin,
    /// Not an e-mail address.
    Email,
    /// Not a path.
    UrlPath,
    /// Not the name of a header, or of one that may not be set.
    HeaderName,
}

impl FieldFault {
    /// A short code for the API's answer.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooShort { .. } => "too_short",
            Self::TooLong { .. } => "too_long",
            Self::ControlCharacter => "control_character",
            Self::NotAnOption => "not_an_option",
            Self::Character { .. } => "character",
            Self::Subdomain => "subdomain",
            Self::Hostname => "hostname",
            Self::HostElsewhere { .. } => "host_elsewhere",
            Self::HttpsUrl => "https_url",
            Self::Origin => "origin",
            Self::Email => "email",
            Self::UrlPath => "url_path",
            Self::HeaderName => "header_name",
        }
    }
}

impl fmt::Display for FieldFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Required => f.write_str("Fill this in."),
            Self::TooShort { least } => write!(f, "Use at least {least} characters."),
            Self::TooLong { most } => write!(f, "Use at most {most} characters."),
            Self::ControlCharacter => f.write_str(
                "This holds a character that cannot be seen. Type it again instead of pasting it.",
            ),
            Self::NotAnOption => f.write_str("Choose one of the options."),
            Self::Character { found: ' ' } => f.write_str("Leave out the blanks."),
            Self::Character { found } => write!(f, "The character {found} cannot stand here."),
            Self::Subdomain => f.write_str(
                "Use letters, digits and hyphens only, up to 63, with no hyphen at the start or end.",
            ),
            Self::Hostname => f.write_str("Give a full host name, such as api.example.com."),
            Self::HostElsewhere { under } => write!(f, "The host name must end in .{under}"),
            Self::HttpsUrl => f.write_str(
                "Give a public address that starts with https:// and has a host name, \
                 without user name and without #.",
            ),
            Self::Origin => f.write_str("Leave out everything after the host name."),
            Self::Email => f.write_str("Give a full e-mail address."),
            Self::UrlPath => f.write_str("Give a path that starts with one / and has no .. in it."),
            Self::HeaderName => f.write_str("This is not the name of a header that can be used for a key."),
        }
    }
}
