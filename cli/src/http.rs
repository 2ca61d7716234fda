//! Calls of endpoints of the contract, typed by it.

mod pages;
mod sign_in;
mod wire;

use std::any::TypeId;
use std::cell::{Cell, RefCell};
use std::io::Read;

use drawbridge_contract::endpoint::{Endpoint, Info, address};
use drawbridge_contract::problem::Problem;
use drawbridge_contract::types::Nothing;
use serde::de::DeserializeOwned;

use crate::fault::Fault;
use crate::out::{Out, plain};
use crate::profile::{Credential, Picked};
use crate::server::Server;
pub(crate) use pages::{Listed, Paged};
pub(crate) use sign_in::now;
use wire::{Reply, Request, Wire};

/// A success. It may hold secrets, so it cannot be printed.
pub(crate) struct Answered<T> {
    /// The answer.
    pub(crate) value: T,
    /// The same as it came, for programs.
    pub(crate) text: String,
    /// Which version of the thing it is.
    pub(crate) etag: Option<String>,
}

/// What a call may carry beside its parameters.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Extra<'a> {
    /// The version that is changed.
    pub(crate) if_match: Option<&'a str>,
}

/// How the server is called.
#[derive(Debug, Clone)]
pub(crate) struct Manner {
    /// The longest that is waited, in seconds, before a call is tried again.
    pub(crate) max_wait: u64,
    /// The `Idempotency-Key` of creating calls; a new one for each where there is none.
    pub(crate) key: Option<String>,
}

/// A server, asked with a credential.
pub(crate) struct Client {
    server: Server,
    wire: Wire,
    manner: Manner,
    out: Out,
    credential: RefCell<Credential>,
    /// Whether the end of the credential was told already.
    told_end: Cell<bool>,
    profile: Option<String>,
}

impl Client {
    /// Asks this server with this credential.
    pub(crate) fn new(picked: Picked, manner: Manner, out: Out) -> Result<Self, Fault> {
        let Picked { profile, name } = picked;
        Ok(Self {
            wire: Wire::new(&profile.server, manner.max_wait, out)?,
            server: profile.server,
            manner,
            out,
            credential: RefCell::new(profile.credential),
            told_end: Cell::new(false),
            profile: name,
        })
    }

    /// The server.
    pub(crate) fn server(&self) -> &Server {
        &self.server
    }

    /// Calls an endpoint.
    pub(crate) fn call<E: Endpoint>(
        &self,
        params: &E::Params,
        query: &E::Query,
        body: &E::Body,
    ) -> Result<Answered<E::Answer>, Fault> {
        self.call_with::<E>(params, query, body, Extra::default())
    }

    /// Calls an endpoint that takes nothing but its place.
    pub(crate) fn at<E>(&self, params: &E::Params) -> Result<Answered<E::Answer>, Fault>
    where
        E: Endpoint<Query = Nothing, Body = Nothing>,
    {
        self.call::<E>(params, &Nothing {}, &Nothing {})
    }

    /// Calls an endpoint with more.
    pub(crate) fn call_with<E: Endpoint>(
        &self,
        params: &E::Params,
        query: &E::Query,
        body: &E::Body,
        extra: Extra<'_>,
    ) -> Result<Answered<E::Answer>, Fault> {
        let has_body = TypeId::of::<E::Body>() != TypeId::of::<Nothing>();
        let body = has_body.then(|| serde_json::to_string(body)).transpose();
        let body = body.map_err(|error| Fault::Local(error.to_string()))?;
        let reply = self.send(&E::INFO, &address::<E>(params, query), body, extra)?;
        let etag = reply.header("etag").map(str::to_owned);
        let text = reply.text()?;
        // An answer without a body (204) is an answer of nothing.
        let value = read(if text.is_empty() { "{}" } else { &text })?;
        Ok(Answered { value, text, etag })
    }

    /// Calls an endpoint whose answer comes piece by piece.
    pub(crate) fn open<E: Endpoint>(&self, query: &E::Query) -> Result<impl Read + use<E>, Fault>
    where
        E::Params: Default,
    {
        Ok(self.send(&E::INFO, &address::<E>(&E::Params::default(), query), None, Extra::default())?.reader())
    }

    fn send(
        &self,
        info: &Info,
        address: &str,
        body: Option<String>,
        extra: Extra<'_>,
    ) -> Result<Reply, Fault> {
        let mut headers = vec![("accept", info.media.join(", "))];
        headers.extend(extra.if_match.map(|etag| ("if-match", etag.to_owned())));
        if info.idempotent {
            headers.push(("idempotency-key", self.manner.key.clone().map_or_else(wire::new_key, Ok)?));
        }
        let mut request = Request {
            method: info.method,
            url: format!("{}{address}", self.server),
            bearer: self.bearer(false)?,
            headers,
            body: body.map(|body| ("application/json", body)),
            // What is safe, or carried out once whatever comes, can be sent again when no answer came.
            repeatable: info.method.is_safe() || info.idempotent,
        };
        let mut reply = self.wire.send(&request)?;
        if reply.status == 401 && self.has_old_access() {
            // The access token ended before its time; the app may have a new one.
            request.bearer = self.bearer(true)?;
            reply = self.wire.send(&request)?;
        }
        self.tell_end(&reply);
        if (200..300).contains(&reply.status) { Ok(reply) } else { Err(refusal(reply)) }
    }

    /// Tells once that the credential ends soon.
    fn tell_end(&self, reply: &Reply) {
        if let Some(end) = reply.header("drawbridge-token-expires")
            && !self.told_end.replace(true)
        {
            self.out.note(&format!("note: the credential that you use ends on {end}."));
        }
    }
}

/// Reads an answer.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    // What serde_json says of a fault may quote what it found, which may be a secret.
    serde_json::from_str(text).map_err(|error| {
        Fault::Unreadable(format!(
            "It breaks the API's description at line {}, column {}; perhaps this program is older than the server.",
            error.line(),
            error.column()
        ))
    })
}

/// Why the server did not do it.
fn refusal(reply: Reply) -> Fault {
    let status = reply.status;
    let retry_after = reply.retry_after();
    if (300..400).contains(&status) {
        let to = plain(reply.header("location").unwrap_or("nowhere"));
        return Fault::Unreadable(format!(
            "The server sends callers on to {to}; a credential does not go along. If that is its new address, sign in there."
        ));
    }
    let is_problem =
        reply.header("content-type").is_some_and(|kind| kind.starts_with("application/problem+json"));
    let text = match reply.text() {
        Ok(text) => text,
        Err(fault) => return fault,
    };
    match serde_json::from_str::<Problem>(&text) {
        Ok(problem) if is_problem => Fault::Problem { problem: Box::new(problem), retry_after },
        _ => Fault::Unreadable(format!("The status is {status}, and the body is no problem of ours.")),
    }
}
