//! A browser as far as the API sees one: it keeps the session's cookie and names its origin.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use drawbridge_contract::endpoint::Endpoint;
use serde_json::Value;
use ureq::http::Request as HttpRequest;
use ureq::{Agent, Proxy};

use crate::answer::Answered;
use crate::call::Call;
use crate::log::Log;
use crate::secrets;

/// A pool of connections to this machine that follows nothing and takes every status as an answer.
pub fn agent() -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None::<Proxy>)
        .timeout_global(Some(Duration::from_mins(1)))
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
    #[must_use]
    pub fn stranger(&self) -> Self {
        Self::new(&self.origin, &self.log)
    }

    /// The same session with connections of its own, after the server started anew.
    #[must_use]
    pub fn afresh(&self) -> Self {
        Self { agent: agent(), ..self.clone() }
    }

    /// The server's address.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// A call of an endpoint.
    pub fn to<E: Endpoint>(&self) -> Call<'_, E> {
        Call::new(self)
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
        for (name, value) in [
            ("accept", "text/html,*/*;q=0.8"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ] {
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
        let mut request = HttpRequest::builder()
            .method(self.method.as_str())
            .uri(format!("{}{}", self.browser.origin, self.path));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let log = &self.browser.log;
        self.headers.iter().for_each(|(name, value)| log.keep_all_out(secrets::of_header(name, value)));
        log.keep_all_out(secrets::of_body(&self.body));
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
        for (name, value) in &answered.headers {
            log.keep_all_out(secrets::of_header(name.as_str(), value.to_str().unwrap_or_default()));
        }
        log.keep_all_out(secrets::of_body(&answered.body));
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
            // That of a single sign-on under way is brought back by the test that is about it.
            if line.starts_with("__Host-sso=") {
                continue;
            }
            let Some(rest) = line.strip_prefix("__Host-session=") else {
                panic!("an unknown cookie: {line}")
            };
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
