//! What a connector can do.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Choice, Format, Pointer, SqlVerb, Template};

/// One thing a connector can do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Operation {
    /// Stable id within the connector, in kebab-case.
    pub id: String,
    /// What the console calls it: a verb and a noun.
    pub name: String,
    /// One sentence: what it does.
    pub description: String,
    /// Action, lookup or event.
    #[serde(rename = "type")]
    pub kind: OperationType,
    /// The method.
    #[serde(default)]
    pub method: Method,
    /// What is asked of a database, in the place of a method and a path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sql: Option<SqlVerb>,
    /// A path after the base URL, or an absolute URL; its placeholders are path parameters or settings.
    #[serde(default, skip_serializing_if = "Template::is_empty")]
    pub path: Template,
    /// Fixed query parameters.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub query: BTreeMap<String, String>,
    /// Fixed headers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// What the caller may or must give.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// How the body's parameters are written.
    #[serde(default, skip_serializing_if = "BodyEncoding::is_json")]
    pub encoding: BodyEncoding,
    /// What in the answer is of interest.
    #[serde(default, skip_serializing_if = "Answer::is_empty")]
    pub answer: Answer,
    /// Whether it may be repeated without harm; the method decides where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeatable: Option<bool>,
    /// The provider's page about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub docs: Option<String>,
}

impl Operation {
    /// Whether the call may be tried again after a failure without doing its work twice.
    pub fn is_repeatable(&self) -> bool {
        let by_method = matches!(self.method, Method::Get | Method::Put | Method::Delete);
        self.repeatable.unwrap_or(self.sql.map_or(by_method, SqlVerb::only_reads))
    }

    /// The parameter with this id.
    pub fn parameter(&self, id: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.id == id)
    }
}

/// What an operation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum OperationType {
    /// Does something.
    Action,
    /// Reads values for a form or a choice.
    Lookup,
    /// Starts a workflow.
    Event,
}

/// An HTTP method.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Read.
    #[default]
    Get,
    /// Create, or do.
    Post,
    /// Replace.
    Put,
    /// Change in part.
    Patch,
    /// Remove.
    Delete,
}

impl Method {
    /// As it stands in a request line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// One value that an operation takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Parameter {
    /// Its name in templates and in the call of the operation.
    pub id: String,
    /// What the console calls it.
    pub label: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Where it goes.
    #[serde(rename = "in")]
    pub place: ParameterPlace,
    /// The provider's name of the query parameter or header, where it differs from the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where in the body it goes; `/` and the id where absent, the whole body where empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Pointer>,
    /// What it is.
    #[serde(default, rename = "type")]
    pub kind: ParameterType,
    /// What a text must look like.
    #[serde(default)]
    pub format: Format,
    /// Whether the operation needs it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// The only values that are taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// The value where the caller gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<serde_json::Value>,
    /// The lookup of this connector that offers values. It gets the values of the parameters that it has in common
    /// with this operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lookup: Option<String>,
    /// Its place is between single quotes, where one of its own is written twice, as `OData` has it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quoted: bool,
}

impl Parameter {
    /// The provider's name of it.
    pub fn wire_name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ParameterPlace {
    /// Into a placeholder of the path.
    Path,
    /// Into the query.
    Query,
    /// Into a header.
    Header,
    /// Into the body.
    Body,
}

/// What a parameter is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ParameterType {
    /// A text.
    #[default]
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A list of texts.
    Strings,
    /// Any JSON value.
    Json,
    /// The name of a table, a view or a procedure, with or without its schema: `dbo.Customers`.
    Name,
}

/// How the body's parameters are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum BodyEncoding {
    /// As a JSON object.
    #[default]
    Json,
    /// As a form.
    Form,
    /// As the bytes that the one parameter holds in base64.
    Bytes,
}

impl BodyEncoding {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    fn is_json(&self) -> bool {
        *self == Self::Json
    }
}

/// What in an operation's answer is of interest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Answer {
    /// Where the list stands, in an answer that is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<Pointer>,
    /// Where the object stands, in an answer that wraps one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<Pointer>,
    /// Within an item: the value that a lookup yields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Pointer>,
    /// Within an item: the schema that stands before the value, in a lookup of a database's names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<Pointer>,
    /// Within an item: the words that a lookup shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Pointer>,
    /// Whether the definition's paging applies.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paged: bool,
}

impl Answer {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
