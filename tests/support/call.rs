//! A call of an endpoint, typed by the contract.

use std::marker::PhantomData;

use drawbridge_contract::endpoint::{Endpoint, address};
use drawbridge_contract::problem::{Problem, ProblemCode};
use serde_json::{Value, json};

use crate::answer::Answered;
use crate::browser::{Browser, Raw};

/// A call of an endpoint that is about to be sent.
#[derive(Debug)]
pub struct Call<'a, E: Endpoint> {
    browser: &'a Browser,
    params: Option<E::Params>,
    query: Option<E::Query>,
    body: Option<Value>,
    headers: Vec<(&'static str, String)>,
    of: PhantomData<E>,
}

impl<'a, E: Endpoint> Call<'a, E> {
    pub(crate) fn new(browser: &'a Browser) -> Self {
        Self { browser, params: None, query: None, body: None, headers: Vec::new(), of: PhantomData }
    }

    /// The path's parameters.
    #[must_use]
    pub fn at(mut self, params: E::Params) -> Self {
        self.params = Some(params);
        self
    }

    /// The query's parameters.
    #[must_use]
    pub fn query(mut self, query: E::Query) -> Self {
        self.query = Some(query);
        self
    }

    /// The body.
    #[must_use]
    pub fn with(mut self, body: &E::Body) -> Self {
        self.body = Some(serde_json::to_value(body).expect("a body is JSON"));
        self
    }

    /// `Idempotency-Key`.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.headers.push(("idempotency-key", key.to_owned()));
        self
    }

    /// `If-Match`.
    #[must_use]
    pub fn if_match(mut self, etag: &str) -> Self {
        self.headers.push(("if-match", etag.to_owned()));
        self
    }

    /// The request itself.
    pub fn raw(self) -> Raw<'a> {
        let nothing = || json!({});
        let params = self
            .params
            .unwrap_or_else(|| serde_json::from_value(nothing()).expect("the path has parameters"));
        let query =
            self.query.unwrap_or_else(|| serde_json::from_value(nothing()).expect("the query is needed"));
        let mut raw = self.browser.raw(E::INFO.method.as_str(), &address::<E>(&params, &query));
        for (name, value) in self.headers {
            raw = raw.header(name, &value);
        }
        if let Some(body) = self.body { raw.json(&body) } else { raw }
    }

    /// Sends it, whatever the answer.
    pub fn send(self) -> Answered {
        self.raw().send()
    }

    /// Sends it; it must succeed.
    #[track_caller]
    pub fn good(self) -> E::Answer {
        self.done().0
    }

    /// Sends it; it must succeed. With the answer's `ETag`, empty where there is none.
    #[track_caller]
    pub fn done(self) -> (E::Answer, String) {
        let answered = self.send().with_status(E::INFO.success);
        let etag = answered.header("etag").unwrap_or_default().to_owned();
        assert_eq!(!etag.is_empty(), E::INFO.etag, "{answered:?}");
        if E::INFO.success == 204 {
            return (serde_json::from_value(json!({})).expect("nothing is answered"), etag);
        }
        (answered.read(), etag)
    }

    /// Sends it; it must fail with this code.
    #[track_caller]
    pub fn refused(self, code: ProblemCode) -> Problem {
        self.send().problem(code)
    }
}
