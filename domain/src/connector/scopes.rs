//! What an OAuth way asks for.

use serde::{Deserialize, Serialize};

use super::Values;

/// The scopes of an OAuth way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scopes {
    /// What stands between two scopes.
    #[serde(default)]
    pub separator: ScopeSeparator,
    /// The scopes that the provider knows and this connector can use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<Scope>,
    /// The id of a field in which the person writes the scopes, separated by blanks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Scopes {
    /// The scopes to ask for: required and default ones, and those of the field; each once.
    pub fn requested(&self, values: &Values) -> Vec<String> {
        let mut list: Vec<String> = Vec::new();
        let fixed = self.known.iter().filter(|s| s.required || s.default).map(|s| s.name.as_str());
        let written = self.field.as_ref().and_then(|f| values.get(f)).map_or("", String::as_str);
        for scope in fixed.chain(written.split_whitespace()) {
            if !list.iter().any(|known| known == scope) {
                list.push(scope.to_owned());
            }
        }
        list
    }

    /// A list of scopes as the provider reads it.
    pub fn join(&self, scopes: &[String]) -> String {
        scopes.join(self.separator.as_str())
    }
}

/// What stands between two scopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ScopeSeparator {
    /// A blank, as the standard has it.
    #[default]
    Space,
    /// A comma.
    Comma,
}

impl ScopeSeparator {
    /// The separator itself.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Space => " ",
            Self::Comma => ",",
        }
    }
}

/// One scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scope {
    /// As the provider spells it.
    pub name: String,
    /// What it allows, in plain words.
    pub description: String,
    /// Asked for unless the person says otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
    /// The connector does not work without it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
}
