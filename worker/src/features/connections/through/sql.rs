//! A question to a gateway's database.

use drawbridge_contract::link::messages::CallKind;
use drawbridge_contract::link::sql::SqlFault;
use serde_json::{Value, json};

use super::{On, Question, Route};
use crate::ports::{GatewayFailure, OutwardBody};
use crate::services::Services;

/// The question whether the database takes the login.
pub(in super::super) const CHECK: &[u8] = br#"{"check":{}}"#;

/// What a database answered, told as HTTP would.
pub(in super::super) struct Answered {
    pub(in super::super) status: u16,
    /// The result; or, where there is none, what the database has against the question.
    pub(in super::super) body: Vec<u8>,
}

/// Why there is no answer.
pub(in super::super) enum Unanswered {
    Gateway(GatewayFailure),
    TooLarge,
}

/// Asks it, and reads the answer whole.
pub(in super::super) async fn ask(
    services: &Services,
    on: On<'_>,
    route: &Route,
    question: Vec<u8>,
    (safe, deadline, most): (bool, u32, usize),
) -> Result<Answered, Unanswered> {
    let body = OutwardBody::Whole(question);
    let question = Question { kind: CallKind::Sql, http: None, body, safe, deadline };
    let answer = route.ask(services, on, question).await.map_err(Unanswered::Gateway)?;
    if let Some(error) = answer.head.sql.and_then(|head| head.error) {
        let said = json!({ "error": { "fault": error.fault, "code": error.code, "words": error.words } });
        return Ok(Answered { status: status(error.fault), body: said.to_string().into_bytes() });
    }
    let broke = |cause| Unanswered::Gateway(GatewayFailure::Broke(cause));
    match answer.body.read(most).await.map_err(broke)? {
        Ok(body) => Ok(Answered { status: 200, body }),
        Err(_) => Err(Unanswered::TooLarge),
    }
}

/// The status that says the same of an HTTP call.
fn status(fault: SqlFault) -> u16 {
    match fault {
        SqlFault::Question | SqlFault::Value => 422,
        SqlFault::NotFound => 404,
        SqlFault::NotAllowed => 403,
        SqlFault::Constraint | SqlFault::Conflict => 409,
        SqlFault::Limit => 413,
        SqlFault::Refused => 400,
    }
}

/// A body as JSON, where it is some.
pub(in super::super) fn parsed(answered: &Answered) -> Option<Value> {
    crate::json::parse(&answered.body).ok()
}
