//! A transport that answers from a list, and remembers what it was asked.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use drawbridge_app::client::{Incoming, Lost, Outgoing, Sending, Transport, use_transport};
use drawbridge_contract::problem::{Problem, ProblemCode};
use serde_json::{Value, json};

type Answer = Rc<dyn Fn(&Asked) -> Result<Incoming, Lost>>;

/// A request that was made.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Method and path, such as `POST /session`.
    pub(crate) what: String,
    /// What stands after the question mark.
    pub(crate) query: String,
    /// The body; null where there was none.
    pub(crate) body: Value,
    /// `If-Match`.
    pub(crate) if_match: Option<String>,
}

/// The fake server; a clone is the same one.
#[derive(Clone, Default)]
pub(crate) struct Fake(Rc<Inner>);

#[derive(Default)]
struct Inner {
    answers: RefCell<HashMap<String, Answer>>,
    asked: RefCell<Vec<Asked>>,
}

impl Transport for Fake {
    fn send(&self, request: Outgoing) -> Sending {
        let (path, query) = request.address.split_once('?').unwrap_or((&request.address, ""));
        let what = format!("{} {}", request.method.as_str(), path.trim_start_matches("/api/v1"));
        let body =
            request.body.as_deref().map(|body| serde_json::from_str(body).unwrap()).unwrap_or_default();
        let asked = Asked { what, query: query.to_owned(), body, if_match: request.if_match };
        self.0.asked.borrow_mut().push(asked.clone());
        let answer = self.0.answers.borrow().get(&asked.what).cloned();
        let result = match answer {
            Some(answer) => answer(&asked),
            None => problem(ProblemCode::NotFound),
        };
        Box::pin(async move { result })
    }
}

impl Fake {
    /// A server where nobody is signed in and set-up is done.
    pub(crate) fn signed_out() -> Self {
        let fake = Self::default();
        fake.refuse("GET /session", ProblemCode::Unauthenticated);
        use_transport(fake.clone());
        fake
    }

    /// A server where Ada is signed in with a role, in the tenant Acme; she belongs to Globex too.
    pub(crate) fn signed_in(role: &str) -> Self {
        let fake = Self::signed_out();
        fake.answer("GET /session", who(role, "acme"));
        fake
    }

    /// Answers a request with 200 and a body from now on.
    pub(crate) fn answer(&self, what: &str, body: Value) {
        self.answer_with(what, move |_| ok(&body, None));
    }

    /// Refuses a request from now on.
    pub(crate) fn refuse(&self, what: &str, code: ProblemCode) {
        self.answer_with(what, move |_| problem(code));
    }

    /// Answers a request by a function from now on.
    pub(crate) fn answer_with(
        &self,
        what: &str,
        answer: impl Fn(&Asked) -> Result<Incoming, Lost> + 'static,
    ) {
        self.0.answers.borrow_mut().insert(what.to_owned(), Rc::new(answer));
    }

    /// The requests of one kind so far.
    pub(crate) fn asked(&self, what: &str) -> Vec<Asked> {
        self.0.asked.borrow().iter().filter(|asked| asked.what == what).cloned().collect()
    }
}

/// A success.
#[expect(clippy::unnecessary_wraps, reason = "what a transport answers")]
pub(crate) fn ok(body: &Value, etag: Option<&str>) -> Result<Incoming, Lost> {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    Ok(Incoming { status: if body.is_empty() { 204 } else { 200 }, body, etag: etag.map(str::to_owned) })
}

/// A refusal.
pub(crate) fn problem(code: ProblemCode) -> Result<Incoming, Lost> {
    rejected(&Problem::new(code, String::new(), "req_1".to_owned()))
}

/// A refusal with all that it says.
#[expect(clippy::unnecessary_wraps, reason = "what a transport answers")]
pub(crate) fn rejected(problem: &Problem) -> Result<Incoming, Lost> {
    Ok(Incoming { status: problem.status, body: serde_json::to_string(problem).unwrap(), etag: None })
}

fn tenant(slug: &str) -> Value {
    let (number, name) = if slug == "acme" { (1, "Acme") } else { (2, "Globex") };
    json!({ "id": id("ten", number), "slug": slug, "name": name })
}

/// An id that is well formed.
pub(crate) fn id(prefix: &str, number: u8) -> String {
    format!("{prefix}_{number:026}")
}

/// Ada in a tenant.
pub(crate) fn who(role: &str, slug: &str) -> Value {
    json!({
        "session": id("ses", 1), "expiresAt": "2030-01-01T00:00:00Z",
        "user": { "id": id("usr", 1), "email": "ada@example.com", "firstName": "Ada", "lastName": "Lovelace" },
        "tenant": tenant(slug), "role": role, "tenants": [tenant("acme"), tenant("globex")],
    })
}
