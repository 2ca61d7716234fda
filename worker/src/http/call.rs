//! What a handler is given and what it gives back, typed by its endpoint.

use drawbridge_contract::endpoint::{Endpoint, Info};
use drawbridge_contract::problem::ProblemCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::idempotency::Key;
use super::router::{Answer, Prepared};
use super::{Facts, Failure, Scope};
use crate::json;
use crate::ports::{Dialled, Seat, Socket, Stream};
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

impl<E: Endpoint, S> Call<E, S> {
    /// Reads what was sent.
    pub(super) fn read(prepared: Prepared, take: fn(Option<Scope>) -> Option<S>) -> Result<Self, Failure> {
        Ok(Self {
            scope: take(prepared.scope).ok_or_else(no_scope)?,
            params: parameters(prepared.path, true)?,
            query: parameters(prepared.query, false)?,
            body: body(&prepared.body)?,
            services: prepared.services,
            facts: prepared.facts,
            if_match: prepared.if_match,
            idempotency: prepared.idempotency,
        })
    }
}

/// The table asks for a scope where none was looked for.
pub(super) fn no_scope() -> Failure {
    Failure::internal("a route without its scope")
}

/// A success.
#[derive(Debug)]
pub struct Reply<A> {
    /// The body.
    pub answer: A,
    beside: Beside,
}

/// What a success has beside its body, or in its place.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// The version, for the `ETag`.
    pub(super) version: Option<i64>,
    /// A cookie to set.
    pub(super) cookie: Option<String>,
    /// What is sent piece by piece in the place of the body.
    pub(super) file: Option<File>,
    /// The WebSocket that is opened in the place of an answer.
    pub(super) socket: Option<Socket>,
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
        Self { answer, beside: Beside::default() }
    }

    /// A success with a body of that version.
    pub fn versioned(answer: A, version: i64) -> Self {
        Self { answer, beside: Beside { version: Some(version), ..Beside::default() } }
    }

    /// The version, for the `ETag`.
    pub fn version(&self) -> Option<i64> {
        self.beside.version
    }

    /// Sends a file instead of the body.
    #[must_use]
    pub fn with_file(mut self, file: File) -> Self {
        self.beside.file = Some(file);
        self
    }

    /// Opens a WebSocket instead of answering.
    #[must_use]
    pub fn with_seat(mut self, seat: Seat) -> Self {
        self.beside.socket = Some(Socket::Seat(seat));
        self
    }

    /// Opens a gateway's link instead of answering.
    #[must_use]
    pub fn with_link(mut self, dialled: Dialled) -> Self {
        self.beside.socket = Some(Socket::Link(dialled));
        self
    }

    /// Sets a cookie too.
    #[must_use]
    pub fn with_cookie(mut self, cookie: String) -> Self {
        self.beside.cookie = Some(cookie);
        self
    }
}

impl<A: Serialize> Reply<A> {
    pub(super) fn into_answer(self, info: &Info) -> Result<Answer, Failure> {
        let body = if info.success == 204 { Vec::new() } else { serde_json::to_vec(&self.answer)? };
        Ok(self.beside.answer(info, body))
    }
}

impl Beside {
    pub(super) fn answer(self, info: &Info, body: Vec<u8>) -> Answer {
        if let Some(file) = self.file {
            let name = format!("attachment; filename=\"{}\"", file.name);
            return Answer::stream(info.success, Some(file.content))
                .with("content-type", file.media)
                .with("content-disposition", &name);
        }
        if let Some(socket) = self.socket {
            return Answer { socket: Some(socket), ..Answer::stream(info.success, None) };
        }
        let mut answer = if info.success == 204 {
            Answer { body, ..Answer::stream(204, None) }
        } else {
            Answer::new(info.success, "application/json", body)
        };
        if let (true, Some(version)) = (info.etag, self.version) {
            answer = answer.with("etag", &etag(version));
        }
        match self.cookie {
            Some(cookie) => answer.with("set-cookie", &cookie),
            None => answer,
        }
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
fn parameters<T: DeserializeOwned>(pairs: Map<String, Value>, in_path: bool) -> Result<T, Failure> {
    json::from_tree_strict(&Value::Object(pairs))
        .map_err(|fault| if in_path { Failure::not_found("thing") } else { Failure::sent(&fault) })
}

/// Reads a body.
fn body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    json::from_tree_strict(&object(bytes)?).map_err(|fault| Failure::sent(&fault))
}

fn object(bytes: &[u8]) -> Result<Value, Failure> {
    let value = json::parse_strict(bytes).map_err(|fault| Failure::sent(&fault))?;
    if value.is_object() { Ok(value) } else { Err(Failure::field("", "wrong_type", "Send a JSON object.")) }
}
