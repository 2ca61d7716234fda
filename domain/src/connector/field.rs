//! One entry of a form that the console makes from a definition.

use serde::{Deserialize, Serialize};

use super::{FieldFault, Format, Values};
use crate::gateway::target;
use crate::id::{GatewayId, Id};

/// A setting of a connector, or a field of a way to authenticate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Field {
    /// Its name in templates, in camelCase.
    pub id: String,
    /// What the console calls it.
    pub label: String,
    /// What to write here and where to find it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// How it is entered.
    #[serde(default)]
    pub kind: FieldKind,
    /// What it must look like.
    #[serde(default)]
    pub format: Format,
    /// An example, shown while the field is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// What stands before the field, such as `https://`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// What stands after the field, such as `.zendesk.com`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    /// Whether it must be filled in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// Whether it is sealed when stored and never sent back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
    /// The most characters it takes; the kind's own limit where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    /// The choices of a select field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// The value it starts with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
}

/// How a field is entered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum FieldKind {
    /// One line of text.
    #[default]
    Text,
    /// An address; keyboards of phones show `/` and `.`.
    Url,
    /// An e-mail address.
    Email,
    /// Several lines of text.
    LongText,
    /// One of `options`.
    Select,
    /// One of the tenant's gateways.
    Gateway,
    /// One of the gateway's targets.
    Target,
}

/// One choice of a select field or parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Choice {
    /// What is stored and sent.
    pub value: String,
    /// What is shown.
    pub label: String,
}

impl Field {
    /// The most characters that the field takes.
    pub fn longest(&self) -> usize {
        self.max_length.unwrap_or(match self.kind {
            FieldKind::LongText => 16_384,
            FieldKind::Url => 2_000,
            FieldKind::Email => 320,
            FieldKind::Select => 200,
            FieldKind::Gateway | FieldKind::Target => target::NAME_MAX,
            FieldKind::Text if self.secret => 4_096,
            FieldKind::Text => 500,
        })
    }

    /// The value as it is stored: trimmed, without a prefix or suffix that was pasted along with it.
    pub fn clean(&self, typed: &str) -> String {
        let mut value = typed.trim();
        if !self.secret {
            if let Some(rest) = self.prefix.as_deref().and_then(|prefix| value.strip_prefix(prefix)) {
                value = rest;
            }
            if self.format.is_host() {
                value = value.split('/').next().unwrap_or(value);
            }
            if let Some(rest) = self.suffix.as_deref().and_then(|suffix| value.strip_suffix(suffix)) {
                value = rest;
            }
        }
        if self.format.is_host() { value.to_ascii_lowercase() } else { value.to_owned() }
    }

    /// Whether this is a good value, once cleaned. The same check runs in the browser and on the server.
    pub fn check(&self, typed: &str) -> Result<(), FieldFault> {
        let value = self.clean(typed);
        if value.is_empty() {
            return if self.required { Err(FieldFault::Required) } else { Ok(()) };
        }
        let longest = self.longest();
        if value.chars().count() > longest {
            return Err(FieldFault::TooLong { most: longest });
        }
        let several_lines = self.kind == FieldKind::LongText;
        let allowed = |c: char| !c.is_control() || (several_lines && matches!(c, '\n' | '\r' | '\t'));
        if !value.chars().all(allowed) {
            return Err(FieldFault::ControlCharacter);
        }
        if self.kind == FieldKind::Select && !self.options.iter().any(|option| option.value == value) {
            return Err(FieldFault::NotAnOption);
        }
        let chosen = match self.kind {
            FieldKind::Gateway => GatewayId::parse(&value).is_ok(),
            FieldKind::Target => target::is_name(&value),
            _ => true,
        };
        if !chosen {
            return Err(FieldFault::NotAnOption);
        }
        self.format.check(&value)
    }
}

/// The values for templates from what was typed: cleaned, with defaults, and empty for what was left out.
pub fn fill<'a>(fields: impl IntoIterator<Item = &'a Field>, typed: &Values) -> Values {
    fields
        .into_iter()
        .map(|field| {
            let given =
                typed.get(&field.id).map(|value| field.clean(value)).filter(|value| !value.is_empty());
            let value = given.or_else(|| field.default.clone()).unwrap_or_default();
            (field.id.clone(), value)
        })
        .collect()
}
