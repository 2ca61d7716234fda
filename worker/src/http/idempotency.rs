//! `Idempotency-Key`: a creating call that is sent twice is carried out once, and answered alike both times.
//!
//! The answer is recorded in the same batch as what it answers for, under a key that is unique per caller, so
//! that of two calls at the same moment only one can succeed.

use drawbridge_contract::endpoint::Info;
use drawbridge_contract::problem::ProblemCode;

use super::call::Beside;
use super::{Answer, Failure, Incoming, Scope};
use crate::encoding::{base64url, sha256};
use crate::ports::Statement;
use crate::services::Services;

mod store;
pub(crate) use store::forget_old;

/// The key of a call, with what was asked under it.
#[derive(Debug, Clone)]
pub struct Key {
    key: String,
    request_hash: String,
}

impl Key {
    /// The key in a request, if there is one.
    pub(super) fn read(
        incoming: &Incoming,
        scope: &Scope,
        info: &Info,
        body: &[u8],
    ) -> Result<Option<Self>, Failure> {
        if !incoming.headers.contains_key("idempotency-key") {
            return Ok(None);
        }
        let key = incoming.header("idempotency-key").unwrap_or_default();
        if key.is_empty() || key.len() > 255 || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            let detail = "An Idempotency-Key is 1 to 255 visible ASCII characters, sent once.";
            return Err(Failure::new(ProblemCode::BadRequest, detail));
        }
        // The body can hold secrets: its hash is bound to the caller, so that equal ones do not look alike.
        let seed =
            [info.name.as_bytes(), b"\n", scope.caller().as_bytes(), b"\n", key.as_bytes(), b"\n", body];
        Ok(Some(Self { key: key.to_owned(), request_hash: base64url(&sha256(&seed.concat())) }))
    }

    /// The answer that was given under this key before.
    pub(super) async fn replay(
        &self,
        services: &Services,
        scope: &Scope,
        info: &Info,
    ) -> Result<Option<Answer>, Failure> {
        let Some(known) = store::find(services, scope, &self.key).await? else { return Ok(None) };
        if known.request_hash != self.request_hash {
            let detail = "Send another Idempotency-Key: this one belongs to a request with another content.";
            return Err(Failure::new(ProblemCode::IdempotencyMismatch, detail));
        }
        Ok(Some(
            Beside { version: known.version, ..Beside::default() }
                .answer(info, known.answer.into_bytes())
                .with("idempotent-replayed", "true"),
        ))
    }

    /// The statement that records an answer; it belongs in the batch that makes what is answered.
    pub fn remember(
        &self,
        services: &Services,
        scope: &Scope,
        answer: String,
        version: Option<i64>,
    ) -> Statement {
        store::remember(scope, services.now(), &self.key, &self.request_hash, answer, version)
    }
}
