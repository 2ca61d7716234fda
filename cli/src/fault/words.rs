//! What a fault says to a person: what happened, which fields, the request, and what to do.

use std::fmt::Write as _;

use drawbridge_contract::problem::{Problem, ProblemCode as P};

use super::Fault;
use crate::out::plain;

impl Fault {
    /// What happened, in one line.
    pub(crate) fn title(&self) -> &str {
        match self {
            Self::Usage(_) => "The command cannot be carried out as it is written",
            Self::SignedOut(_) => "You are not signed in",
            Self::Problem { problem, .. } => &problem.title,
            Self::OAuth { status: 401, .. } => "The app's credentials are not accepted",
            Self::OAuth { .. } => "The app got no access token",
            Self::NotFound(_) => "Not found",
            Self::Unreachable(_) => "The server cannot be reached",
            Self::Unreadable(_) => "The answer is not one of Drawbridge's",
            Self::Local(_) => "Something went wrong on this machine",
            Self::Negative(_) => "The answer is no",
            Self::Gone => "",
        }
    }

    /// What happened in this case.
    pub(crate) fn detail(&self) -> &str {
        match self {
            Self::Problem { problem, .. } => &problem.detail,
            Self::OAuth { words, .. }
            | Self::Usage(words)
            | Self::SignedOut(words)
            | Self::NotFound(words)
            | Self::Unreachable(words)
            | Self::Unreadable(words)
            | Self::Local(words)
            | Self::Negative(words) => words,
            Self::Gone => "",
        }
    }

    /// All of it, for a person.
    pub(crate) fn text(&self) -> String {
        let mut text = match self {
            // These speak for themselves.
            Self::Usage(words) | Self::Local(words) | Self::Negative(words) | Self::NotFound(words) => {
                plain(words)
            }
            _ => format!("{}. {}", plain(self.title().trim_end_matches('.')), plain(self.detail())),
        };
        if let Self::Problem { problem, .. } = self {
            for field in &problem.fields {
                let _ = write!(text, "\n  {}: {}", plain(&field.path), plain(&field.message));
            }
            if problem.code == P::InsufficientScope {
                let needed = problem.required_scope.as_deref().unwrap_or("full access");
                let held =
                    if problem.scopes.is_empty() { "none".to_owned() } else { problem.scopes.join(" ") };
                let _ = write!(text, "\n  Needed: {}\n  Held: {}", plain(needed), plain(&held));
            }
        }
        if let Some(remedy) = self.remedy() {
            let _ = write!(text, "\n  To do: {remedy}");
        }
        if let Self::Problem { problem, .. } = self
            && !problem.request_id.is_empty()
        {
            let _ = write!(text, "\n  Request: {}", plain(&problem.request_id));
        }
        text
    }

    fn remedy(&self) -> Option<String> {
        Some(match self {
            Self::Problem { problem, retry_after } => return of_problem(problem, *retry_after),
            Self::SignedOut(_) => "drawbridge login --server URL".to_owned(),
            Self::OAuth { status: 401, .. } => {
                "see with `drawbridge apps show` or in the console whether the app is active, not over and allowed \
                 from this address, then sign in again: drawbridge login --app CLIENT_ID"
                    .to_owned()
            }
            Self::Unreadable(_) => {
                "see whether the server's address is right and whether something stands between it and you"
                    .to_owned()
            }
            _ => return None,
        })
    }
}

fn of_problem(problem: &Problem, retry_after: Option<u64>) -> Option<String> {
    Some(match problem.code {
        P::Unauthenticated => {
            "the token or app may be expired, revoked, disabled, or not allowed from this address. Sign in anew: \
             drawbridge login --server URL"
                .to_owned()
        }
        P::InsufficientScope => "use a token or an app that has the scope".to_owned(),
        P::NeedsSession => "do this in the console".to_owned(),
        P::NotFound => "look for it with the `list` command of its kind; it may be in another tenant".to_owned(),
        P::PreconditionFailed => "run the command again: it then changes what is there now".to_owned(),
        P::SecretNotKept => "rotate it to have a new one".to_owned(),
        P::IdempotencyMismatch => "use another --idempotency-key for another request".to_owned(),
        P::TooManyRequests | P::NotReady => match retry_after {
            Some(seconds) => format!("try again in {seconds} seconds, or let it wait longer with --max-wait"),
            None => "try again later".to_owned(),
        },
        P::Internal | P::WrongMasterKey => {
            "tell whoever runs the deployment, with the request's id".to_owned()
        }
        _ => return None,
    })
}
