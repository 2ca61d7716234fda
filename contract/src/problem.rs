//! Errors as `application/problem+json` (RFC 9457) with a closed list of codes.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:literal, $title:literal;)+) => {
        /// What went wrong: the closed list of codes. Texts are chosen by it, never by matching words.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
        pub enum ProblemCode {
            $($(#[$doc])* #[cfg_attr(feature = "openapi", schemars(rename = $code))] $name,)+
        }

        drawbridge_domain::coded!(ProblemCode);

        impl ProblemCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code as it stands in JSON.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// The code that a word stands for.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.code() == code)
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status),+ }
            }

            /// What happened, in words, the same for every problem with this code.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }
        }
    };
}

codes! {
    /// The request cannot be read: bad encoding, bad path or query.
    BadRequest = "bad_request", 400, "The request could not be read";
    /// The body is no JSON.
    NotJson = "not_json", 400, "The body is not JSON";
    /// Nobody is signed in.
    Unauthenticated = "unauthenticated", 401, "You are not signed in";
    /// Email or password is wrong; which one is not said.
    SignInFailed = "sign_in_failed", 401, "Email or password is wrong";
    /// A change was asked for from another site.
    CrossSite = "cross_site", 403, "The request came from another site";
    /// The set-up code is wrong.
    SetupCodeWrong = "setup_code_wrong", 403, "The set-up code is wrong";
    /// The caller's role does not reach.
    NeedsRole = "needs_role", 403, "Your role does not allow this";
    /// Only an owner of the connection may.
    NeedsOwner = "needs_owner", 403, "Only an owner of the connection can do this";
    /// The session is good for one tenant only, and this concerns the account or what keeps it.
    NeedsPassword = "needs_password", 403, "Sign in with your password for this";
    /// Only the one whose token it is may.
    NotYours = "not_yours", 403, "This belongs to somebody else";
    /// The app or token that asks lacks a scope.
    InsufficientScope = "insufficient_scope", 403, "A scope is missing for this";
    /// The app or token that asks would give, or get hold of, more than it is itself.
    BeyondItself = "beyond_itself", 403, "An app or a token cannot give more than it has";
    /// What asks is an app or a token, and this is for people who are signed in.
    NeedsSession = "needs_session", 403, "This needs a signed-in person";
    /// The invitation is for somebody else than the one who is signed in.
    OtherEmail = "other_email", 403, "This invitation is for somebody else";
    /// There is no such thing, or the caller may not know of it.
    NotFound = "not_found", 404, "Not found";
    /// The path exists, not with this method.
    MethodNotAllowed = "method_not_allowed", 405, "This method is not allowed here";
    /// The thing is not in a state in which this can be done.
    Conflict = "conflict", 409, "This cannot be done in the present state";
    /// The tenant would have no active Global administrator left.
    LastGlobalAdministrator = "last_global_administrator", 409, "A tenant keeps a Global administrator";
    /// A limit of the tenant is reached.
    QuotaExceeded = "quota_exceeded", 409, "A limit of the tenant is reached";
    /// The connection's making is not finished.
    ConnectionPending = "connection_pending", 409, "The connection is not finished yet";
    /// The connection is switched off.
    ConnectionDisabled = "connection_disabled", 409, "The connection is disabled";
    /// The provider does not accept the connection's credentials.
    ConnectionInvalid = "connection_invalid", 409, "The connection does not work";
    /// The connection signs in without a browser.
    NotInteractive = "not_interactive", 409, "This connection has no sign-in at the provider";
    /// The credentials are somebody else's than before.
    OtherIdentity = "other_identity", 409, "These credentials are somebody else's";
    /// The secret was told once and is not kept.
    SecretNotKept = "secret_not_kept", 409, "The secret is not kept";
    /// Something still uses the thing.
    InUse = "in_use", 409, "Something still uses this";
    /// Another change came first.
    PreconditionFailed = "precondition_failed", 412, "Somebody else changed this meanwhile";
    /// The body is too large.
    BodyTooLarge = "body_too_large", 413, "The body is too large";
    /// The body's media type is not JSON.
    UnsupportedMediaType = "unsupported_media_type", 415, "The body must be application/json";
    /// Some fields are wrong; `fields` says which.
    InvalidFields = "invalid_fields", 422, "Some fields need another look";
    /// The provider refused the credentials.
    CredentialsRefused = "credentials_refused", 422, "The provider does not accept these credentials";
    /// The key was used before for another request.
    IdempotencyMismatch = "idempotency_mismatch", 422, "This Idempotency-Key was used for another request";
    /// The call must say which version it changes.
    PreconditionRequired = "precondition_required", 428, "The request must carry If-Match";
    /// Too many tries; `Retry-After` says how long to wait.
    TooManyRequests = "too_many_requests", 429, "Too many tries";
    /// A fault of ours.
    Internal = "internal", 500, "Something went wrong on our side";
    /// The provider could not be reached or answered nonsense.
    ProviderUnavailable = "provider_unavailable", 502, "The provider did not give a usable answer";
    /// A gateway or its target could not do what it was asked.
    GatewayFailed = "gateway_failed", 502, "The gateway could not carry this out";
    /// No agent of the gateway is there to take the call.
    GatewayOffline = "gateway_offline", 503, "The gateway is offline";
    /// The service is not ready.
    NotReady = "not_ready", 503, "Drawbridge is not ready";
    /// The master key given is not the one that sealed the secrets.
    WrongMasterKey = "wrong_master_key", 503, "The master key is not the right one";
}

/// What is wrong with one field of the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct FieldProblem {
    /// The field, as a path with dots: `name`, `settings.subdomain`.
    pub path: String,
    /// What is wrong, for a program.
    pub code: String,
    /// What is wrong and what would be right, for a person.
    pub message: String,
}

/// An error answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Problem {
    /// An address that names the kind of problem.
    pub r#type: String,
    /// What happened, the same for every problem with this code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened in this case, and what to do.
    pub detail: String,
    /// What happened, for a program.
    pub code: ProblemCode,
    /// The request, as `X-Request-Id` and the logs have it.
    pub request_id: String,
    /// The fields that are wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
    /// The scope that is missing, with `insufficient_scope`; `full`: all that there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_scope: Option<String>,
    /// The scopes that the caller holds, with `insufficient_scope`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
}

impl Problem {
    /// A problem with nothing but its code, detail and request.
    pub fn new(code: ProblemCode, detail: String, request_id: String) -> Self {
        Self {
            r#type: format!("/problems/{}", code.code()),
            title: code.title().to_owned(),
            status: code.status(),
            detail,
            code,
            request_id,
            fields: Vec::new(),
            required_scope: None,
            scopes: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_their_json_and_differ() {
        let mut seen = std::collections::BTreeSet::new();
        for code in ProblemCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.code());
            assert!(seen.insert(code.code()), "{} twice", code.code());
            assert!((400..600).contains(&code.status()));
        }
    }
}
