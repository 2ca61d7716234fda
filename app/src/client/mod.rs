//! How the console talks to its API: one typed call for every endpoint of the contract.
//!
//! ```ignore
//! let usage = Loading::new(|| client::call::<ReadUsage>(&Nothing {}, &Nothing {}, &Nothing {}));
//! let saved = client::call_with::<ChangeTenantSettings>(&Nothing {}, &Nothing {}, &change,
//!     Options { if_match: etag, ..Options::default() }).await;
//! ```
//! A read that is no longer wanted (its resource ran again, its page is gone) is aborted and never answers; a
//! write always runs to its end. Words for an [`ApiError`] are in [`words`], and nowhere else.

mod loading;
pub mod paged;
mod transport;
pub mod words;

use std::any::TypeId;
use std::cell::RefCell;
use std::rc::Rc;

use drawbridge_contract::endpoint::{Endpoint, Info, address};
use drawbridge_contract::json;
use drawbridge_contract::problem::{Problem, ProblemCode};
use drawbridge_contract::types::Nothing;
use leptos::prelude::on_cleanup;
use send_wrapper::SendWrapper;
use serde::de::DeserializeOwned;

pub use loading::{Found, Known, Loading, Reading, Task, opened, start};
pub use transport::{Abort, Fetch, Incoming, Lost, Outgoing, Sending, Transport, new_key, use_transport};

/// A success: the answer, and the version of the thing where the endpoint tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered<T> {
    /// The answer's body.
    pub value: T,
    /// The answer's `ETag`, to be sent back in [`Options::if_match`].
    pub etag: Option<String>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiError {
    /// The server refused, and says why.
    Problem(Box<Problem>),
    /// The server could not be reached.
    Offline,
    /// The server did not answer in time.
    TimedOut,
    /// There was an answer, but not one of ours.
    Unreadable,
}

impl ApiError {
    /// The problem's code, where the server named one.
    pub fn code(&self) -> Option<ProblemCode> {
        match self {
            Self::Problem(problem) => Some(problem.code),
            Self::Offline | Self::TimedOut | Self::Unreadable => None,
        }
    }

    /// The request's id, for a question to whoever runs the deployment.
    pub fn request_id(&self) -> Option<String> {
        match self {
            Self::Problem(problem) if !problem.request_id.is_empty() => Some(problem.request_id.clone()),
            _ => None,
        }
    }

    /// What the server says is wrong with the field at `path`.
    pub fn field(&self, path: &str) -> Option<String> {
        match self {
            Self::Problem(problem) => {
                problem.fields.iter().find(|field| field.path == path).map(|field| field.message.clone())
            }
            Self::Offline | Self::TimedOut | Self::Unreadable => None,
        }
    }
}

/// What a call may carry beside its parameters.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The version that is changed: the `ETag` of the read.
    pub if_match: Option<String>,
    /// Makes a repeated call do its work only once; keep the same key for a repetition. Endpoints that take a
    /// key are given a new one where this is `None`.
    pub idempotency_key: Option<String>,
}

/// Calls an endpoint.
pub fn call<E: Endpoint>(
    params: &E::Params,
    query: &E::Query,
    body: &E::Body,
) -> impl Future<Output = Result<Answered<E::Answer>, ApiError>> + use<E> {
    call_with::<E>(params, query, body, Options::default())
}

/// Calls an endpoint for a part of its answer: a type that has some of the answer's members. A page that shows little
/// of an answer then need not carry what reads all of it.
pub fn call_for<E: Endpoint, T: DeserializeOwned>(
    params: &E::Params,
    query: &E::Query,
    body: &E::Body,
) -> impl Future<Output = Result<Answered<T>, ApiError>> + use<E, T> {
    let sending = sending::<E>(params, query, body, Options::default());
    async move { read(sending.await?) }
}

/// Calls an endpoint with an `If-Match` or an `Idempotency-Key` of its own.
pub fn call_with<E: Endpoint>(
    params: &E::Params,
    query: &E::Query,
    body: &E::Body,
    options: Options,
) -> impl Future<Output = Result<Answered<E::Answer>, ApiError>> + use<E> {
    let sending = sending::<E>(params, query, body, options);
    async move { read(sending.await?) }
}

fn sending<E: Endpoint>(
    params: &E::Params,
    query: &E::Query,
    body: &E::Body,
    options: Options,
) -> impl Future<Output = Result<(String, Option<String>), ApiError>> + use<E> {
    let has_body = TypeId::of::<E::Body>() != TypeId::of::<Nothing>();
    let body = has_body.then(|| json::write(body).unwrap_or_default());
    send(&E::INFO, address::<E>(params, query), body, options)
}

fn read<T: DeserializeOwned>(answer: (String, Option<String>)) -> Result<Answered<T>, ApiError> {
    let (body, etag) = answer;
    // An answer without a body (204) is an answer of nothing.
    let body = if body.is_empty() { "{}" } else { &body };
    match json::read(body) {
        Ok(value) => Ok(Answered { value, etag }),
        Err(_) => Err(ApiError::Unreadable),
    }
}

/// Sends a request and sorts its answer; all that is the same for every endpoint.
fn send(
    info: &'static Info,
    address: String,
    body: Option<String>,
    options: Options,
) -> impl Future<Output = Result<(String, Option<String>), ApiError>> + use<> {
    let abort = Abort::default();
    if info.method.is_safe() {
        // A cleanup wants to be `Send`; the browser has one thread.
        let abort = SendWrapper::new(abort.clone());
        on_cleanup(move || abort.now());
    }
    let request = Outgoing {
        method: info.method,
        address,
        body,
        if_match: options.if_match,
        idempotency_key: options.idempotency_key.or_else(|| info.idempotent.then(new_key)),
        abort,
    };
    let sending = transport::current().send(request);
    async move {
        let answer = match sending.await {
            Ok(answer) => answer,
            Err(Lost::TimedOut) => return Err(ApiError::TimedOut),
            Err(Lost::Offline) => return Err(ApiError::Offline),
            // Nobody waits any more.
            Err(Lost::Aborted) => std::future::pending().await,
        };
        if (200..300).contains(&answer.status) {
            return Ok((answer.body, answer.etag));
        }
        let Ok(problem) = json::read::<Problem>(&answer.body) else {
            return Err(ApiError::Unreadable);
        };
        if problem.code == ProblemCode::Unauthenticated {
            tell_signed_out();
        }
        Err(ApiError::Problem(Box::new(problem)))
    }
}

thread_local! {
    static SIGNED_OUT: RefCell<Option<Rc<dyn Fn()>>> = const { RefCell::new(None) };
}

/// Says what to do when the server answers that nobody is signed in; the shell does this once.
pub fn on_signed_out(then: impl Fn() + 'static) {
    SIGNED_OUT.with(|place| *place.borrow_mut() = Some(Rc::new(then)));
}

fn tell_signed_out() {
    // Cloned out first: what is told may well call again.
    let then = SIGNED_OUT.with(|place| place.borrow().clone());
    if let Some(then) = then {
        then();
    }
}
