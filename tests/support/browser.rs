//! A browser as far as the API sees one: it keeps the session's cookie and names its origin.

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use drawbridge_contract::endpoint::{Endpoint, address};
use drawbridge_contract::problem::{Problem, ProblemCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use ureq::http::{HeaderMap, Request as HttpRequest};
use ureq::{Agent, Proxy};

use crate::log::Log;

/// A pool of connections to this machine that follows nothing and takes every status as an answer.
pub fn agent() -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None::<Proxy>)
        .timeout_global(Some(Duration::from_secs(60)))
        .max_idle_connections_per_host(32);
    config.build().new_agent()
}

/// A browser at one server.
#[derive(Clone)]
pub struct Browser {
    origin: String,
    agent: Agent,
    cookie: Arc<Mutex<Option<String>>>,
    log: Arc<Log>,
}

impl fmt::Debug for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Browser").field("origin", &self.origin).finish_non_exhaustive()
    }
}

impl Browser {
    pub(crate) fn new(origin: &str, log: &Arc<Log>) -> Self {
        Self { origin: origin.to_owned(), agent: agent(), cookie: Arc::default(), log: Arc::clone(log) }
    }

    /// The session's secret.
    pub fn cookie(&self) -> Option<String> {
        self.cookie.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Another browser at the same server, signed in to nothing.
    pub fn stranger(&self) -> Self {
        Self::new(&self.origin, &self.log)
    }

    /// The same session with connections of its own, after the server started anew.
    pub fn afresh(&self) -> Self {
        Self { agent: agent(), ..self.clone() }
    }

    /// The server's address.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// A call of an endpoint.
    pub fn to<E: Endpoint>(&self) -> Call<'_, E> {
        Call { browser: self, params: None, query: None, body: None, headers: Vec::new(), of: PhantomData }
    }

    /// Any request; `path` may be a whole address of this server.
    pub fn raw(&self, method: &str, path: &str) -> Raw<'_> {
        let path = path.strip_prefix(&self.origin).unwrap_or(path).to_owned();
        let mut headers = Vec::new();
        if method != "GET" && method != "HEAD" {
            headers.push(("origin".to_owned(), self.origin.clone()));
        }
        Raw { browser: self, method: method.to_owned(), path, headers, body: Vec::new() }
    }

    /// What a browser does when somebody follows a link or comes back from another site.
    pub fn navigate(&self, path: &str) -> Answered {
        let mut request = self.raw("GET", path);
        for (name, value) in
            [("accept", "text/html,*/*;q=0.8"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")]
        {
            request = request.header(name, value);
        }
        request.send()
    }
}

/// Any request that is about to be sent.
#[derive(Debug)]
pub struct Raw<'a> {
    browser: &'a Browser,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Raw<'_> {
    /// Sets a header; an empty value leaves it out.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// Sends this JSON.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.bytes("application/json", body.to_string().into_bytes())
    }

    /// Sends these bytes.
    #[must_use]
    pub fn bytes(self, media_type: &str, body: Vec<u8>) -> Self {
        let mut this = self.header("content-type", media_type);
        this.body = body;
        this
    }

    /// Sends it; `None` when the server is gone.
    pub fn try_send(self) -> Option<Answered> {
        let mut request =
            HttpRequest::builder().method(self.method.as_str()).uri(format!("{}{}", self.browser.origin, self.path));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(cookie) = self.browser.cookie() {
            request = request.header("cookie", format!("__Host-session={cookie}"));
        }
        let bodiless = matches!(self.method.as_str(), "GET" | "HEAD" | "DELETE");
        let sent = if bodiless {
            self.browser.agent.run(request.body(()).expect("a request"))
        } else {
            self.browser.agent.run(request.body(self.body).expect("a request"))
        };
        let response = sent.ok()?;
        let (parts, mut body) = response.into_parts();
        let answered = Answered {
            asked: format!("{} {}", self.method, self.path),
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: body.read_to_vec().ok()?,
            log: Arc::clone(&self.browser.log),
        };
        self.browser.take_cookie(&answered);
        Some(answered)
    }

    /// Sends it.
    pub fn send(self) -> Answered {
        let asked = format!("{} {}", self.method, self.path);
        self.try_send().unwrap_or_else(|| panic!("{asked}: no answer"))
    }
}

impl Browser {
    fn take_cookie(&self, answered: &Answered) {
        for line in answered.headers.get_all("set-cookie") {
            let line = line.to_str().expect("a cookie is text");
            let Some(rest) = line.strip_prefix("__Host-session=") else { panic!("an unknown cookie: {line}") };
            let secret = rest.split(';').next().unwrap_or_default().to_owned();
            let mut cookie = self.cookie.lock().unwrap_or_else(PoisonError::into_inner);
            if secret.is_empty() || line.contains("Max-Age=0") {
                *cookie = None;
            } else {
                self.log.keep_out(&secret);
                *cookie = Some(secret);
            }
        }
    }
}

/// What a server answered.
#[derive(Clone)]
pub struct Answered {
    asked: String,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    log: Arc<Log>,
}

impl fmt::Debug for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body: String = self.text().chars().take(2000).collect();
        writeln!(f, "{} answered {} {body}", self.asked, self.status)?;
        let about = self.log.about(self.header("x-request-id").filter(|id| !id.is_empty()).unwrap_or("no id"));
        f.write_str(&about.join("\n"))
    }
}

impl Answered {
    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }

    /// The body of this type.
    pub fn read<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("not of its type ({error}): {self:?}"))
    }

    /// This answer, which must have that status.
    #[must_use]
    pub fn with_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// The problem that it is, which must have this code and look like one.
    pub fn problem(&self, code: ProblemCode) -> Problem {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let problem: Problem = self.read();
        assert_eq!(problem.code, code, "{self:?}");
        assert_eq!((self.status, problem.status), (code.status(), code.status()), "{self:?}");
        assert!(!problem.title.is_empty() && !problem.detail.is_empty(), "no words: {self:?}");
        assert_eq!(Some(problem.request_id.as_str()), self.header("x-request-id"), "{self:?}");
        problem
    }
}

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
        let params = self.params.unwrap_or_else(|| serde_json::from_value(nothing()).expect("the path has parameters"));
        let query = self.query.unwrap_or_else(|| serde_json::from_value(nothing()).expect("the query is needed"));
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
    pub fn good(self) -> E::Answer {
        self.done().0
    }

    /// Sends it; it must succeed. With the answer's `ETag`, empty where there is none.
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
    pub fn refused(self, code: ProblemCode) -> Problem {
        self.send().problem(code)
    }
}
