//! Calls whose answer tells something about the credentials, and how that answer is read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Definition, Method, Pointer, Template};

/// A call without parameters: the validation, or the identity call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Call {
    /// The method; GET unless said otherwise.
    #[serde(default)]
    pub method: Method,
    /// A path after the base URL, or an absolute URL.
    pub path: Template,
    /// Fixed headers of this call.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// A fixed JSON body, for a service whose calls are all alike, such as by GraphQL; POST only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// What a good answer's body is.
    #[serde(default)]
    pub expected: Expected,
    /// Rules for reading the answer; the first that fits decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answer_rules: Vec<AnswerRule>,
}

/// What a good answer's body is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Expected {
    /// A JSON document; anything else is no proof.
    #[default]
    Json,
    /// Anything, or nothing.
    Any,
}

/// A rule that reads an answer otherwise than its status alone would be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnswerRule {
    /// Only for this status; absent: for any 2xx status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Where in the body to look; absent: the status alone decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Pointer>,
    /// What is found there.
    #[serde(default, rename = "is")]
    pub test: AnswerTest,
    /// What it means.
    pub means: Verdict,
}

/// What an [`AnswerRule`] looks for; `null` counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum AnswerTest {
    /// There is something.
    #[default]
    Present,
    /// There is nothing.
    Absent,
    /// There is exactly this.
    Equals(Value),
}

/// What an answer says about the credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// The credentials are good.
    Proven,
    /// The credentials are not accepted.
    Disproved,
    /// The credentials are accepted and lack a permission, a scope or a consent.
    Denied,
    /// The service, or the way to it, fails; nothing is known about the credentials.
    Unreachable,
    /// An answer that this definition does not foresee; nothing is known about the credentials.
    Unexpected,
}

/// How to learn as whom a connection is signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Identity {
    /// The call to make; absent: the validation's answer is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<Call>,
    /// Where the account's stable id stands; a reconnect must bring the same.
    pub id: Pointer,
    /// Where its name stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Pointer>,
    /// Where its e-mail address stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Pointer>,
    /// Where the organisation or account at the provider stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<Pointer>,
}

impl AnswerRule {
    /// Whether the rule speaks about this answer.
    pub fn fits(&self, status: u16, body: Option<&Value>) -> bool {
        let for_status = match self.status {
            Some(wanted) => wanted == status,
            None => (200..300).contains(&status),
        };
        for_status && self.at.as_ref().is_none_or(|at| self.test.holds(body.and_then(|body| at.read(body))))
    }
}

impl AnswerTest {
    fn holds(&self, found: Option<&Value>) -> bool {
        match self {
            Self::Present => found.is_some(),
            Self::Absent => found.is_none(),
            Self::Equals(wanted) => found == Some(wanted),
        }
    }
}

impl Call {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.path.is_empty()
    }

    /// What an answer to this call says about the credentials. `body` is the parsed JSON, where it parses.
    pub fn judge(&self, definition: &Definition, status: u16, body: Option<&Value>) -> Verdict {
        let good = (200..300).contains(&status);
        if good && self.expected == Expected::Json && body.is_none() {
            return Verdict::Unexpected;
        }
        let rules = self.answer_rules.iter().chain(&definition.answer_rules);
        rules
            .into_iter()
            .find(|rule| rule.fits(status, body))
            .map_or_else(|| Verdict::of_status(status), |rule| rule.means)
    }
}

impl Verdict {
    /// What a status alone says.
    pub fn of_status(status: u16) -> Self {
        match status {
            200..=299 => Self::Proven,
            401 => Self::Disproved,
            403 => Self::Denied,
            408 | 425 | 429 | 500..=599 => Self::Unreachable,
            _ => Self::Unexpected,
        }
    }
}
