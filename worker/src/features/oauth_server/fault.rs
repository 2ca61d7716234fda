//! What goes wrong at the authorization server's endpoints, as OAuth says it (RFC 6749 §5.2, RFC 7009 §2.2.1).

use serde_json::{Value as Json, json};

use crate::features::authority::{AppState, Quota};
use crate::http::{Answer, Failure, router};
use crate::ports::DbError;
use crate::services::Services;

/// Why a request is not granted. The words are plain ASCII, without quotation marks and backslashes (RFC 6749 §5.2),
/// and say nothing that was sent.
#[derive(Debug)]
pub(super) enum Fault {
    /// The request is not built as it should be.
    InvalidRequest(&'static str),
    /// The client did not prove who it is.
    InvalidClient(&'static str),
    /// The client is who it says, and may not do this.
    UnauthorizedClient(&'static str),
    /// There is no other grant than `client_credentials`.
    UnsupportedGrantType,
    /// Scopes that are unknown, or that the app does not have.
    InvalidScope(&'static str),
    /// What is no access token is not revoked here.
    UnsupportedTokenType,
    /// Too many requests: wait so many milliseconds.
    TooMany(i64),
    /// A fault of ours.
    Failed(Failure),
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<DbError> for Fault {
    fn from(error: DbError) -> Self {
        Self::Failed(error.into())
    }
}

impl Fault {
    /// The status, the code and the words.
    fn parts(&self) -> (u16, &'static str, &'static str) {
        match self {
            Self::InvalidRequest(words) => (400, "invalid_request", words),
            Self::InvalidClient(words) => (401, "invalid_client", words),
            Self::UnauthorizedClient(words) => (400, "unauthorized_client", words),
            Self::UnsupportedGrantType => {
                (400, "unsupported_grant_type", "The grant type must be client_credentials.")
            }
            Self::InvalidScope(words) => (400, "invalid_scope", words),
            Self::UnsupportedTokenType => (
                400,
                "unsupported_token_type",
                "Only access tokens of apps are revoked here. Personal access tokens are revoked by their users.",
            ),
            Self::TooMany(_) => (429, "temporarily_unavailable", "Too many requests. Wait, then try again."),
            Self::Failed(_) => (500, "server_error", "Try again."),
        }
    }

    /// The code, for the log.
    pub(super) fn code(&self) -> &'static str {
        self.parts().1
    }

    /// The answer; a fault of ours is told as everywhere.
    pub(super) fn into_answer(self) -> Result<Answer, Failure> {
        let (status, code, words) = self.parts();
        let body = json!({ "error": code, "error_description": words });
        let answer = uncached(Answer::new(status, "application/json", body.to_string().into_bytes()));
        Ok(match self {
            Self::Failed(failure) => return Err(failure),
            Self::InvalidClient(_) => {
                answer.with("www-authenticate", "Basic realm=\"Drawbridge\", charset=\"UTF-8\"")
            }
            Self::TooMany(wait) => answer.with("retry-after", &((wait + 999) / 1000).to_string()),
            _ => answer,
        })
    }
}

/// The answer of an endpoint for apps: what came of the work, or why it was refused, in the words of OAuth.
pub(super) async fn told(
    services: &Services,
    work: impl Future<Output = Result<Answer, Fault>>,
) -> Result<Answer, Failure> {
    router::ready(services).await?;
    work.await.or_else(Fault::into_answer)
}

/// An answer of JSON to an app, with the calls that it has left.
pub(super) fn answered(app: &AppState, body: &Json) -> Answer {
    let answer = uncached(Answer::new(200, "application/json", body.to_string().into_bytes()));
    let quota = app.quota.map(Quota::headers).into_iter().flatten();
    quota.fold(answer, |answer, (name, value)| answer.with(name, &value))
}

/// What nobody on the way may keep (RFC 6749 §5.1).
fn uncached(answer: Answer) -> Answer {
    answer.with("cache-control", "no-store").with("pragma", "no-cache")
}
