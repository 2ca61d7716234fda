//! What a handler is given and what it gives back, typed by its endpoint.

use drawbridge_contract::endpoint::Endpoint;
use drawbridge_contract::problem::ProblemCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::idempotency::Key;
use super::strict::Strict;
use super::{Facts, Failure};
use crate::ports::{Seat, Stream};
use crate::services::Services;

/// One call of an endpoint; `S` is [`super::Scope`] where somebody must be signed in, and `()` where not.
pub struct Call<E: Endpoint, S> {
    /// The ports and settings.
    pub services: Services,
    /// Tenant and caller.
    pub scope: S,
    /// The facts of the request.
    pub facts: Facts,
    /// The path's parameters.
    pub params: E::Params,
    /// The query's parameters.
    pub query: E::Query,
    /// The body.
    pub body: E::Body,
    /// The version that `If-Match` names; always there where the endpoint asks for it.
    pub if_match: i64,
    /// The `Idempotency-Key`, where one was sent and the endpoint takes it.
    pub idempotency: Option<Key>,
}

/// A success.
#[derive(Debug)]
pub struct Reply<A> {
    /// The body.
    pub answer: A,
    /// The version, for the `ETag`.
    pub version: Option<i64>,
    /// A cookie to set.
    pub cookie: Option<String>,
    /// What is sent piece by piece in the place of the body.
    pub file: Option<File>,
    /// The WebSocket that is opened in the place of an answer.
    pub seat: Option<Seat>,
}

/// A file that comes piece by piece.
#[derive(Debug)]
pub struct File {
    /// Its media type; one of those that the endpoint names.
    pub media: &'static str,
    /// Under which name it is kept: letters, digits, hyphens and dots.
    pub name: String,
    /// What is in it.
    pub content: Stream,
}

impl<A> Reply<A> {
    /// A success with a body.
    pub fn new(answer: A) -> Self {
        Self { answer, version: None, cookie: None, file: None, seat: None }
    }

    /// A success with a body of that version.
    pub fn versioned(answer: A, version: i64) -> Self {
        Self { answer, version: Some(version), cookie: None, file: None, seat: None }
    }

    /// Sends a file instead of the body.
    #[must_use]
    pub fn with_file(mut self, file: File) -> Self {
        self.file = Some(file);
        self
    }

    /// Opens a WebSocket instead of answering.
    #[must_use]
    pub fn with_seat(mut self, seat: Seat) -> Self {
        self.seat = Some(seat);
        self
    }

    /// Sets a cookie too.
    #[must_use]
    pub fn with_cookie(mut self, cookie: String) -> Self {
        self.cookie = Some(cookie);
        self
    }
}

/// The `ETag` of a version.
pub fn etag(version: i64) -> String {
    format!("\"v{version}\"")
}

/// The version in an `If-Match`.
pub(super) fn version_of(etag: &str) -> Option<i64> {
    etag.trim().strip_prefix("\"v")?.strip_suffix('"')?.parse().ok()
}

/// A version that was asked for and is not the present one any more.
pub fn lost_race() -> Failure {
    Failure::new(
        ProblemCode::PreconditionFailed,
        "Somebody else changed this since you opened it. Look at the present state, then make your change again.",
    )
}

/// Reads path or query parameters. A bad path is an unknown address; a bad query is told.
pub(super) fn parameters<T: DeserializeOwned>(
    pairs: Map<String, Value>,
    in_path: bool,
) -> Result<T, Failure> {
    serde_path_to_error::deserialize(Value::Object(pairs))
        .map_err(|error| if in_path { Failure::not_found("thing") } else { bad_field(&error) })
}

/// Reads a body. It is an object: a list would be read as the values of the fields in their order.
pub(super) fn body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    let value = object(bytes)?;
    serde_path_to_error::deserialize(value).map_err(|error| bad_field(&error))
}

fn object(bytes: &[u8]) -> Result<Value, Failure> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let Strict(value) = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| if error.inner().is_data() { bad_field(&error) } else { not_json() })?;
    reader.end().map_err(|_| not_json())?;
    if value.is_object() { Ok(value) } else { Err(Failure::field("", "wrong_type", "Send a JSON object.")) }
}

fn not_json() -> Failure {
    Failure::new(ProblemCode::NotJson, "Send one JSON value, encoded as UTF-8.")
}

/// A field that does not fit its type. Only names and types are repeated, never the value that was sent.
fn bad_field(error: &serde_path_to_error::Error<serde_json::Error>) -> Failure {
    let mut path = error.path().to_string();
    let text = error.inner().to_string();
    let (code, message) = if let Some(rest) = text.strip_prefix("unknown field `") {
        let name = rest.split('`').next().unwrap_or_default();
        if path == "." || path.is_empty() {
            name.clone_into(&mut path);
        }
        ("unknown_field", "There is no such field here.")
    } else if let Some(rest) = text.strip_prefix("missing field `") {
        let name = rest.split('`').next().unwrap_or_default();
        path = if path == "." || path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        ("missing", "Fill this in.")
    } else if let Some(rest) = text.strip_prefix("duplicate field `") {
        rest.split('`').next().unwrap_or_default().clone_into(&mut path);
        ("repeated", "Send this field once.")
    } else if text.starts_with("unknown variant") {
        ("unknown_value", "This is none of the values that are possible here.")
    } else if text.starts_with("invalid type") {
        ("wrong_type", "This is of the wrong type.")
    } else {
        ("bad_value", "This value is not possible here.")
    };
    let path: String = path.chars().filter(|c| !c.is_control()).take(200).collect();
    Failure::field(&path, code, message)
}

/// A body as JSON.
pub(super) fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(value).map_err(Failure::from)
}
