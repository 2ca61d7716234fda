//! What the console says when a call fails: chosen by the problem's code, here and by the server, and nowhere else.

use drawbridge_contract::problem::{Problem, ProblemCode as P};

use super::ApiError;

const OFFLINE: &str = "Drawbridge cannot be reached";
const OFFLINE_TEXT: &str = "Check your network connection, then try again.";
const TIMED_OUT: &str = "Drawbridge did not answer in time";
const TIMED_OUT_TEXT: &str = "It may be busy. Wait a moment, then try again.";
const UNREADABLE: &str = "The answer could not be read";
const UNREADABLE_TEXT: &str = "Something between your browser and Drawbridge answered instead, or this page is older \
     than the server. Reload the page; if that does not help, tell whoever runs this deployment.";

/// What happened, in one line.
pub fn title(error: &ApiError) -> String {
    match error {
        // As the server calls it: the same for every problem with this code.
        ApiError::Problem(problem) => problem.title.clone(),
        ApiError::Offline => OFFLINE.to_owned(),
        ApiError::TimedOut => TIMED_OUT.to_owned(),
        ApiError::Unreadable => UNREADABLE.to_owned(),
    }
}

/// Why, and what to do.
pub fn text(error: &ApiError) -> String {
    match error {
        ApiError::Problem(problem) => of_problem(problem),
        ApiError::Offline => OFFLINE_TEXT.to_owned(),
        ApiError::TimedOut => TIMED_OUT_TEXT.to_owned(),
        ApiError::Unreadable => UNREADABLE_TEXT.to_owned(),
    }
}

/// All of it as one text, for a form or a toast.
pub fn line(error: &ApiError) -> String {
    [&title(error), ". ", &text(error)].concat()
}

fn of_problem(problem: &Problem) -> String {
    let remedy = remedy(problem.code);
    if speaks_for_itself(problem.code) && !problem.detail.is_empty() {
        problem.detail.clone()
    } else {
        remedy.to_owned()
    }
}

/// Whether only the server knows what exactly is the matter, so that its own words are shown.
const fn speaks_for_itself(code: P) -> bool {
    matches!(
        code,
        P::BadRequest
            | P::NeedsRole
            | P::OtherEmail
            | P::Conflict
            | P::LastGlobalAdministrator
            | P::QuotaExceeded
            | P::InUse
            | P::OtherIdentity
            | P::CredentialsRefused
            | P::NeedsPassword
            | P::TooManyRequests
            | P::ProviderUnavailable
            | P::GatewayFailed
            | P::GatewayOffline
            | P::NotReady
            | P::WrongMasterKey
    )
}

/// What to do about a problem with this code.
pub const fn remedy(code: P) -> &'static str {
    match code {
        P::BadRequest => "Reload the page and try again.",
        P::NotJson | P::UnsupportedMediaType => {
            "Send the body as JSON in UTF-8 with the media type application/json."
        }
        P::Unauthenticated => "Sign in again to go on.",
        P::SignInFailed => {
            "Check both and try again. An administrator of your tenant can help you to get back in."
        }
        P::CrossSite => "Open Drawbridge under its own address and try again there.",
        P::SetupCodeWrong => {
            "The code is printed by the start command; in production it is a secret of the deployment."
        }
        P::NeedsRole => "An administrator of your tenant can give you a role that allows it.",
        P::NeedsOwner => "Ask an owner of the connection or an administrator.",
        P::NeedsPassword => "Sign in with your password.",
        P::NotYours => "Ask the one whom it belongs to.",
        P::InsufficientScope => "Use an app or a token with this scope.",
        P::BeyondItself | P::NeedsSession => "Do this in the console, signed in as a person.",
        P::SecretNotKept => "Rotate the secret to get a new one.",
        P::OtherEmail => "Sign out, then open the invitation's link again.",
        P::LastGlobalAdministrator => "Give the role to somebody else first.",
        P::NotFound => {
            "It may have been deleted, or you are not among those it is shared with. Check the address, or ask whoever \
             gave it to you."
        }
        P::MethodNotAllowed => "Check the call against the API's reference.",
        P::Conflict => "Reload to see the present state, then try again.",
        P::QuotaExceeded => {
            "Delete what is no longer needed. License and subscription shows every limit and its use."
        }
        P::ConnectionPending => "Finish signing in at the provider first.",
        P::ConnectionDisabled => "An owner of the connection can enable it again.",
        P::ConnectionInvalid => "Test the connection to see why. An owner of it can mend it.",
        P::NotInteractive => "Its credentials are in its settings; change them there.",
        P::OtherIdentity => "Use the credentials of the same person, or accept the other one.",
        P::InUse => "Stop what uses it first, then try again.",
        P::PreconditionFailed => "Load what is there now, then make your change again.",
        P::BodyTooLarge => "Send less at once.",
        P::InvalidFields => "Each field that needs another look says why.",
        P::CredentialsRefused => "Check the credentials and try again.",
        P::IdempotencyMismatch => "Use a new key for a new request.",
        P::PreconditionRequired => "Read the thing first and send its ETag in If-Match.",
        P::TooManyRequests => "Wait a little, then try again.",
        P::Internal => {
            "Try again. If it happens again, tell whoever runs this deployment and give them the request's id."
        }
        P::ProviderUnavailable => "The provider may be down or busy. Try again in a few minutes.",
        P::GatewayFailed | P::GatewayOffline => "Look how the gateway is, then try again.",
        P::NotReady => "It may be starting or being updated. Try again in a minute.",
        P::WrongMasterKey => {
            "Whoever runs this deployment must give it the master key that sealed the secrets. Nothing was changed."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(code: P, detail: &str) -> ApiError {
        ApiError::Problem(Box::new(Problem::new(code, detail.to_owned(), "req_1".to_owned())))
    }

    #[test]
    fn every_code_says_what_happened_and_what_to_do() {
        for code in P::ALL {
            assert!(remedy(*code).ends_with('.'), "{}", code.code());
            assert_eq!(title(&problem(*code, "x")), code.title());
            assert!(!text(&problem(*code, "")).is_empty());
        }
    }

    #[test]
    fn the_code_chooses_and_some_codes_let_the_server_speak() {
        assert_eq!(
            text(&problem(P::QuotaExceeded, "1000 of 1000 connections.")),
            "1000 of 1000 connections."
        );
        assert_eq!(text(&problem(P::NotFound, "No row.")), remedy(P::NotFound));
        assert!(line(&ApiError::Offline).starts_with("Drawbridge cannot be reached. Check"));
    }
}
