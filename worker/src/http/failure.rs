//! What goes wrong, with a public part and an internal cause; the one place that makes problems of it.

use drawbridge_contract::problem::{FieldProblem, Problem, ProblemCode};
use drawbridge_domain::id::Id;
use drawbridge_domain::limits::Limited;
use drawbridge_domain::scopes::{ApiScope, ApiScopes};
use drawbridge_domain::text::TextFault;
use drawbridge_domain::user::UserRefusal;

use super::{Answer, Facts};
use crate::features::authority::Quota;
use crate::json::{Fault, Kind};
use crate::ports::{DbError, RandomFailed};
use crate::vault::SealError;

/// A request that does not succeed.
#[derive(Debug)]
pub struct Failure {
    /// What the caller is told, for programs.
    pub code: ProblemCode,
    detail: String,
    fields: Vec<FieldProblem>,
    retry_after: Option<i64>,
    more: Option<Box<More>>,
    cause: Option<String>,
}

/// What only a few failures tell.
#[derive(Debug)]
enum More {
    /// The challenge (RFC 9110 §11.6.1) where it says more than that credentials are needed.
    Challenge(Challenge),
    /// How many calls are left.
    Quota(Quota),
}

/// Why a bearer token did not do (RFC 6750 §3.1).
#[derive(Debug)]
enum Challenge {
    /// The request is no good one; 400.
    InvalidRequest,
    /// The token is no good one, or not any more; which is not told.
    InvalidToken,
    /// The token lacks a scope.
    InsufficientScope { needed: Option<ApiScope>, held: ApiScopes },
}

const REALM: &str = "Bearer realm=\"drawbridge\"";

impl Challenge {
    fn words(&self) -> String {
        match self {
            Self::InvalidRequest => format!("{REALM}, error=\"invalid_request\""),
            Self::InvalidToken => format!("{REALM}, error=\"invalid_token\""),
            Self::InsufficientScope { needed, .. } => {
                let scope = needed.map_or_else(|| ApiScopes::FULL.to_string(), |scope| scope.to_string());
                format!("{REALM}, error=\"insufficient_scope\", scope=\"{scope}\"")
            }
        }
    }
}

impl Failure {
    /// A failure with words about this case and what to do.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), fields: Vec::new(), retry_after: None, more: None, cause: None }
    }

    /// A fault of ours; the cause goes to the log only.
    pub fn internal(cause: impl Into<String>) -> Self {
        let detail =
            "Nothing was changed. Try again; if it happens again, tell your administrator the request id.";
        Self::new(ProblemCode::Internal, detail).because(cause)
    }

    /// There is no such thing, or the caller may not know of it: the same words for both.
    pub fn not_found(what: &str) -> Self {
        Self::new(ProblemCode::NotFound, format!("There is no such {what}, or you have no access to it."))
    }

    fn challenged(mut self, challenge: Challenge) -> Self {
        self.more = Some(Box::new(More::Challenge(challenge)));
        self
    }

    /// The way in which a bearer token was sent is none.
    pub fn bad_bearer(detail: &str) -> Self {
        Self::new(ProblemCode::BadRequest, detail).challenged(Challenge::InvalidRequest)
    }

    /// A bearer token that is not good. The same words whatever is wrong with it.
    pub fn bad_token() -> Self {
        let detail = "The token is not good: it is mistyped, unknown, expired, revoked, its user or app may not be used \
                      now, or it is not for this address. Look at it under Settings → Apps and tokens.";
        Self::new(ProblemCode::Unauthenticated, detail).challenged(Challenge::InvalidToken)
    }

    /// The app or token lacks a scope; `None`: it lacks one of all that there are.
    pub fn insufficient_scope(needed: Option<ApiScope>, held: ApiScopes) -> Self {
        let what = needed.map_or("full access".to_owned(), |scope| format!("the scope {scope}"));
        let detail = format!(
            "This needs {what}, which the app or token does not have. Whoever owns it can give it under Settings → \
             Apps and tokens, or make another."
        );
        Self::new(ProblemCode::InsufficientScope, detail)
            .challenged(Challenge::InsufficientScope { needed, held })
    }

    /// An app or a token asks for what only a signed-in person can do.
    pub fn needs_session() -> Self {
        Self::new(
            ProblemCode::NeedsSession,
            "This is for people who are signed in with a browser; an app or a personal access token cannot do it.",
        )
    }

    /// Too many calls of one app or token; wait that many milliseconds.
    pub fn over_rate(wait: i64, quota: Option<Quota>) -> Self {
        let mut failure = Self::too_many(wait);
        let Some(quota) = quota else { return failure };
        failure.more = Some(Box::new(More::Quota(quota)));
        failure.detail = format!(
            "This app or token has made as many calls as it may. Wait {} seconds, then go on more slowly.",
            failure.retry_after.unwrap_or_default()
        );
        failure
    }

    /// Who must be told of a change before it is made, or who decides about apps and tokens, does not answer.
    pub fn no_authority(cause: impl Into<String>) -> Self {
        let detail = "What decides about apps and tokens does not answer. Look whether your change was made, and try again soon.";
        Self::new(ProblemCode::NotReady, detail).because(cause)
    }

    /// Too many tries; wait that many milliseconds.
    pub fn too_many(wait: i64) -> Self {
        let seconds = (wait + 999) / 1000;
        let mut failure = Self::new(
            ProblemCode::TooManyRequests,
            format!("There were too many tries. Wait {seconds} seconds, then try again."),
        );
        failure.retry_after = Some(seconds);
        failure
    }

    /// A limit of the tenant is reached.
    pub fn quota(limited: Limited) -> Self {
        let (most, name) = (limited.most(), limited.name());
        Self::new(
            ProblemCode::QuotaExceeded,
            format!(
                "{name}: {most} of {most} are in use. Remove some that are not needed any more, then try again."
            ),
        )
    }

    /// Bad fields.
    pub fn fields(fields: Vec<FieldProblem>) -> Self {
        let mut failure = Self::new(ProblemCode::InvalidFields, "Correct the fields named, then send again.");
        failure.fields = fields;
        failure
    }

    /// One bad field.
    pub fn field(path: &str, code: &str, message: impl Into<String>) -> Self {
        Self::fields(vec![FieldProblem { path: path.into(), code: code.into(), message: message.into() }])
    }

    /// JSON that was sent and is not as it should be.
    pub fn sent(fault: &Fault) -> Self {
        let (code, message) = match fault.kind() {
            Kind::NotJson => {
                return Self::new(ProblemCode::NotJson, "Send one JSON value, encoded as UTF-8.");
            }
            Kind::Unknown => ("unknown_field", "There is no such field here."),
            Kind::Missing => ("missing", "Fill this in."),
            Kind::Repeated => ("repeated", "Send this field once."),
            Kind::UnknownWord => ("unknown_value", "This is none of the values that are possible here."),
            Kind::WrongType => ("wrong_type", "This is of the wrong type."),
            Kind::BadValue => ("bad_value", "This value is not possible here."),
        };
        let path: String = fault.path().chars().filter(|c| !c.is_control()).take(200).collect();
        Self::field(&path, code, message)
    }

    /// Adds a cause for the log.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The words about this case.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The cause for the log.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The problem, as an answer.
    pub fn into_answer(self, facts: &Facts) -> Answer {
        let mut problem = Problem::new(self.code, self.detail, facts.id.as_str().to_owned());
        problem.fields = self.fields;
        let more = self.more.as_deref();
        if let Some(More::Challenge(Challenge::InsufficientScope { needed, held })) = more {
            problem.required_scope = Some(needed.map_or("full".to_owned(), |scope| scope.to_string()));
            problem.scopes = held.iter().map(|scope| scope.to_string()).collect();
        }
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut answer = Answer::new(self.code.status(), "application/problem+json", body);
        if let Some(seconds) = self.retry_after {
            answer = answer.with("retry-after", &seconds.to_string());
        }
        // RFC 9110 §11.6.1 asks for a challenge; this one makes no browser ask for a password. Without credentials it
        // has no error (RFC 6750 §3.1).
        match more {
            Some(More::Challenge(challenge)) => answer.with("www-authenticate", &challenge.words()),
            Some(More::Quota(quota)) => {
                quota.headers().iter().fold(answer, |answer, (name, value)| answer.with(name, value))
            }
            None if self.code == ProblemCode::Unauthenticated => answer.with("www-authenticate", REALM),
            None => answer,
        }
    }
}

/// Collects what is wrong with the fields of a request, so that all of it is told at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<FieldProblem>);

impl Faults {
    /// Notes a fault of a field.
    pub fn add(&mut self, path: &str, code: &str, message: impl Into<String>) {
        self.0.push(FieldProblem { path: path.into(), code: code.into(), message: message.into() });
    }

    /// The checked text, or its preset with the fault noted.
    pub fn text<T: Default>(&mut self, path: &str, checked: Result<T, TextFault>) -> T {
        checked.unwrap_or_else(|fault| {
            self.add(path, fault.code(), fault.to_string());
            T::default()
        })
    }

    /// Fails when anything was noted.
    pub fn check(self) -> Result<(), Failure> {
        if self.0.is_empty() { Ok(()) } else { Err(Failure::fields(self.0)) }
    }
}

impl From<DbError> for Failure {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Guard => Self::new(
                ProblemCode::Conflict,
                "Somebody else changed this at the same moment. Look at it again, then try again.",
            ),
            DbError::NoneLeft => {
                Self::new(ProblemCode::LastGlobalAdministrator, UserRefusal::LastGlobalAdministrator.words())
            }
            DbError::Unique => Self::new(ProblemCode::Conflict, "This exists already."),
            DbError::Limit => Self::new(ProblemCode::QuotaExceeded, "A limit of your tenant is reached."),
            DbError::ChainMoved => Self::internal("the audit chain moved"),
            DbError::NotTold(cause) => Self::no_authority(cause),
            DbError::Other(message) => Self::internal(message),
        }
    }
}

impl From<RandomFailed> for Failure {
    fn from(_: RandomFailed) -> Self {
        Self::internal("no random bytes")
    }
}

impl From<SealError> for Failure {
    fn from(_: SealError) -> Self {
        Self::internal("a secret could not be sealed")
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::internal(format!("JSON of ours: {fault}"))
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(format!("JSON of ours: {error}"))
    }
}
