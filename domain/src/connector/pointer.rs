//! JSON pointers (RFC 6901) into a service's answers and request bodies.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A JSON pointer such as `/user/email`; the empty one means the whole document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Pointer(String);

impl Pointer {
    /// A pointer as it stands; [`super::Definition::check`] finds malformed ones.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The pointer's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the pointer names in this document; `null` counts as absent.
    pub fn read<'a>(&self, document: &'a Value) -> Option<&'a Value> {
        document.pointer(&self.0).filter(|value| !value.is_null())
    }

    /// What the pointer names, as text: a string that is not empty, a number, true or false.
    pub fn text(&self, document: &Value) -> Option<String> {
        match self.read(document)? {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            Value::String(_) | Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// Whether the text is a JSON pointer.
    pub fn is_well_formed(&self) -> bool {
        let starts = self.0.is_empty() || self.0.starts_with('/');
        let escapes = self.0.split('~').skip(1).all(|rest| rest.starts_with('0') || rest.starts_with('1'));
        starts && escapes && !self.0.chars().any(char::is_control)
    }
}
