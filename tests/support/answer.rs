//! What a server answered, with checks that say everything when they fail.

use std::fmt;
use std::sync::Arc;

use drawbridge_contract::problem::{Problem, ProblemCode};
use serde::de::DeserializeOwned;
use serde_json::Value;
use ureq::http::HeaderMap;

use crate::log::Log;

/// What a server answered.
#[derive(Clone)]
pub struct Answered {
    pub(crate) asked: String,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    pub(crate) log: Arc<Log>,
}

impl fmt::Debug for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body: String = self.text().chars().take(2000).collect();
        writeln!(f, "{} answered {} {body}", self.asked, self.status)?;
        let about =
            self.log.about(self.header("x-request-id").filter(|id| !id.is_empty()).unwrap_or("no id"));
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
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }

    /// The body of this type.
    #[track_caller]
    pub fn read<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("not of its type ({error}): {self:?}"))
    }

    /// This answer, which must have that status.
    #[track_caller]
    #[expect(
        clippy::return_self_not_must_use,
        reason = "it is a check, and the answer is often not needed any more"
    )]
    pub fn with_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// The problem that it is, which must have this code and look like one.
    #[track_caller]
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
