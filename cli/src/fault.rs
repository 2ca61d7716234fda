//! Why a command did not do what it was asked, and the exit codes.

mod words;

use drawbridge_contract::problem::Problem;
use serde_json::{Value, json};

/// The closed list of exit codes; docs/CLI.md explains them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// The server failed, a file could not be written, or the answer is no: a proof that failed, a chain that is broken.
    Failure = 1,
    /// The command is written wrongly, or needs a `--yes`.
    Usage = 2,
    /// Nobody is signed in, or the credential is not good.
    SignedOut = 3,
    /// The credential may not do this.
    Forbidden = 4,
    /// There is no such thing, as far as the credential may know.
    NotFound = 5,
    /// The thing is in another state, or somebody else changed it first.
    Conflict = 6,
    /// The server did not accept what was sent.
    BadInput = 7,
    /// The server cannot be reached, has too much to do, or its provider does not answer; also after trying again.
    Unavailable = 8,
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The command is written wrongly.
    Usage(String),
    /// There is no credential to ask with.
    SignedOut(String),
    /// The server refused, and says why.
    Problem {
        /// What it said.
        problem: Box<Problem>,
        /// In how many seconds to try again.
        retry_after: Option<u64>,
    },
    /// The authorization server refused (RFC 6749 §5.2).
    OAuth {
        /// The status of its answer.
        status: u16,
        /// Its code.
        error: String,
        /// Its words.
        words: String,
    },
    /// A name stands for nothing, or for nothing that can be seen.
    NotFound(String),
    /// The server could not be reached.
    Unreachable(String),
    /// There was an answer, but not one of Drawbridge's.
    Unreadable(String),
    /// A file or the terminal.
    Local(String),
    /// All was done, and the answer is no.
    Negative(String),
    /// Whoever read the output is gone, and wants no more.
    Gone,
}

impl Fault {
    /// The exit code; none where nothing is wrong.
    pub(crate) fn exit(&self) -> Option<Exit> {
        Some(match self {
            Self::Usage(_) => Exit::Usage,
            Self::SignedOut(_) => Exit::SignedOut,
            Self::Problem { problem, .. } => of_status(problem.status),
            Self::OAuth { status: 400, .. } => Exit::BadInput,
            Self::OAuth { status, .. } => of_status(*status),
            Self::NotFound(_) => Exit::NotFound,
            Self::Unreachable(_) => Exit::Unavailable,
            Self::Unreadable(_) | Self::Local(_) | Self::Negative(_) => Exit::Failure,
            Self::Gone => return None,
        })
    }

    /// For a program: the server's own problem, or one in its manner.
    pub(crate) fn json(&self) -> Value {
        if let Self::Problem { problem, .. } = self {
            return serde_json::to_value(problem).unwrap_or_default();
        }
        let code = match self {
            Self::OAuth { error, .. } => error,
            Self::Usage(_) => "usage",
            Self::SignedOut(_) => "signed_out",
            Self::NotFound(_) => "not_found",
            Self::Unreachable(_) => "unreachable",
            Self::Unreadable(_) => "unreadable",
            Self::Negative(_) => "negative",
            Self::Local(_) | Self::Problem { .. } | Self::Gone => "local",
        };
        json!({ "code": code, "title": self.title(), "detail": self.detail() })
    }
}

fn of_status(status: u16) -> Exit {
    match status {
        401 => Exit::SignedOut,
        403 => Exit::Forbidden,
        404 => Exit::NotFound,
        409 | 412 | 428 => Exit::Conflict,
        400 | 413 | 415 | 422 => Exit::BadInput,
        429 | 502..=504 => Exit::Unavailable,
        _ => Exit::Failure,
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::Gone;
        }
        Self::Local(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use drawbridge_contract::problem::ProblemCode;

    use super::*;

    #[test]
    fn every_problem_has_its_exit_code() {
        for code in ProblemCode::ALL {
            let problem = Box::new(Problem::new(*code, "It is so.".to_owned(), "req_1".to_owned()));
            let fault = Fault::Problem { problem, retry_after: None };
            let exit = fault.exit().unwrap();
            let wanted = match code.status() {
                401 => 3,
                403 => 4,
                404 => 5,
                409 | 412 | 428 => 6,
                400 | 413 | 415 | 422 => 7,
                429 | 502 | 503 => 8,
                405 | 500 => 1,
                other => panic!("{other} has no exit code"),
            };
            assert_eq!(exit as u8, wanted, "{code:?}");
            assert!(fault.text().contains("req_1"), "{}", fault.text());
        }
    }
}
