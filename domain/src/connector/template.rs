//! Templates: texts with `{placeholders}`, filled so that no value can leave its place.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The values that templates may name: settings, fields and what the token answer brought.
pub type Values = BTreeMap<String, String>;

/// The value that a sandbox definition takes its addresses from; set by the server, never by a person.
#[cfg(feature = "sandbox")]
pub const SANDBOX_ORIGIN: &str = "sandboxOrigin";
/// No value has this name: a production build knows no sandbox.
#[cfg(not(feature = "sandbox"))]
pub const SANDBOX_ORIGIN: &str = "";

/// A text with placeholders such as `https://{subdomain}.example.com/users/{id}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Template(String);

impl Template {
    /// A template as it stands; [`super::Definition::check`] finds malformed ones.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The template's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The names that it uses; none where it is malformed.
    pub fn names(&self) -> Vec<&str> {
        parse(&self.0).map_or_else(|_| Vec::new(), |parts| parts.iter().filter_map(Part::name).collect())
    }

    /// The number, where the template is nothing but a whole number. A JSON body sends it as one.
    pub fn number(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    /// The URL or path that it makes; see [`expand`].
    pub fn expand(&self, values: &Values) -> Result<String, TemplateError> {
        expand(&self.0, values)
    }

    /// The same, and `None` where a value that it names is absent or empty.
    pub fn expand_optional(&self, values: &Values) -> Result<Option<String>, TemplateError> {
        let given = |name: &str| values.get(name).is_some_and(|value| !value.is_empty());
        if self.names().into_iter().all(given) { self.expand(values).map(Some) } else { Ok(None) }
    }

    /// The text that it makes; see [`expand_text`].
    pub fn expand_text(&self, values: &Values) -> Result<String, TemplateError> {
        expand_text(&self.0, values)
    }
}

/// Why a template could not be filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateError {
    /// The template itself is malformed.
    Malformed,
    /// A value is not there.
    Missing {
        /// Whose.
        name: String,
    },
    /// A value is empty where there must be something.
    Empty {
        /// Whose.
        name: String,
    },
    /// A value does not fit into a host name.
    NotAHost {
        /// Whose.
        name: String,
    },
    /// A value is not an `https` address.
    NotAnAddress {
        /// Whose.
        name: String,
    },
    /// A value is not a path.
    NotAPath {
        /// Whose.
        name: String,
    },
    /// A value holds a character that may not stand there.
    Character {
        /// Whose.
        name: String,
    },
    /// The outcome is no URL: a `..` in the path, or a host name that is none.
    NotAUrl,
}

impl TemplateError {
    /// Whether it is about the value with this name.
    pub fn names(&self, wanted: &str) -> bool {
        match self {
            Self::Malformed | Self::NotAUrl => false,
            Self::Missing { name }
            | Self::Empty { name }
            | Self::NotAHost { name }
            | Self::NotAnAddress { name }
            | Self::NotAPath { name }
            | Self::Character { name } => name == wanted,
        }
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("the template is malformed"),
            Self::Missing { name } => write!(f, "there is no value for {name}"),
            Self::Empty { name } => write!(f, "the value of {name} is empty"),
            Self::NotAHost { name } => write!(f, "the value of {name} does not fit into a host name"),
            Self::NotAnAddress { name } => write!(f, "the value of {name} is not an https address"),
            Self::NotAPath { name } => write!(f, "the value of {name} is not a path"),
            Self::Character { name } => {
                write!(f, "the value of {name} holds a character that cannot stand here")
            }
            Self::NotAUrl => f.write_str("the values do not make an address"),
        }
    }
}

impl std::error::Error for TemplateError {}

/// A piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// Text as it stands.
    Literal(&'a str),
    /// `{name}`: a value in its place.
    Value(&'a str),
    /// `{+name}`: a whole path.
    Path(&'a str),
}

impl<'a> Part<'a> {
    pub(super) fn name(&self) -> Option<&'a str> {
        match self {
            Self::Literal(_) => None,
            Self::Value(name) | Self::Path(name) => Some(name),
        }
    }
}

/// The pieces of a template.
pub(super) fn parse(template: &str) -> Result<Vec<Part<'_>>, TemplateError> {
    let mut parts = Vec::new();
    let mut rest = template;
    while !rest.is_empty() {
        let (literal, after) = rest.split_once('{').unwrap_or((rest, ""));
        if literal.contains('}') {
            return Err(TemplateError::Malformed);
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        if literal.len() == rest.len() {
            break;
        }
        let (inside, tail) = after.split_once('}').ok_or(TemplateError::Malformed)?;
        let (part, name) = match inside.strip_prefix('+') {
            Some(name) => (Part::Path(name), name),
            None => (Part::Value(inside), inside),
        };
        if !is_name(name) {
            return Err(TemplateError::Malformed);
        }
        parts.push(part);
        rest = tail;
    }
    Ok(parts)
}

/// A name in camelCase.
pub(super) fn is_name(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn value_of<'v>(name: &str, values: &'v Values) -> Result<&'v str, TemplateError> {
    values.get(name).map(String::as_str).ok_or_else(|| TemplateError::Missing { name: name.to_owned() })
}

/// Fills a template of a header, a user name or a password: values as they are, the outcome trimmed.
///
/// A value with a control character is refused, so that none can begin another header.
pub fn expand_text(template: &str, values: &Values) -> Result<String, TemplateError> {
    let mut out = String::new();
    for part in parse(template)? {
        match part {
            Part::Literal(text) => out.push_str(text),
            Part::Path(_) => return Err(TemplateError::Malformed),
            Part::Value(name) => {
                let value = value_of(name, values)?;
                if value.chars().any(char::is_control) {
                    return Err(TemplateError::Character { name: name.to_owned() });
                }
                out.push_str(value);
            }
        }
    }
    Ok(out.trim().to_owned())
}

/// Fills a template of a URL, or of a path that starts with `/`.
///
/// No value leaves its place: in a host it is a label (or the whole host name), in a path it stays within
/// its segment, in the query within its parameter. At the start it is an `https` address, or the path
/// `{+name}`, which then ends the template.
pub fn expand(template: &str, values: &Values) -> Result<String, TemplateError> {
    super::expansion::Expansion::new(values).run(template)
}
