//! From a request to an answer: routing from the contract's table, authentication, problems, headers, the log.

pub mod authenticate;
pub mod call;
pub mod cookies;
pub mod failure;
pub mod headers;
pub mod idempotency;
pub mod incoming;
pub mod router;
pub mod scope;

mod checks;
mod counting;
mod log;

pub use call::{Call, File, Reply};
pub use failure::Failure;
pub use incoming::{Body, Facts, Incoming};
pub use router::{Answer, Router, Streamed};
pub use scope::Scope;
pub(crate) use scope::{Credential, SessionRow, TenantRow};

use std::rc::Rc;

use drawbridge_domain::id::RequestId;

use crate::new_id;
use crate::ports::{Database, Socket, Stream};
use crate::services::Services;

/// An answer's body.
#[derive(Debug)]
pub enum Outgoing {
    /// All of it.
    Whole(Vec<u8>),
    /// Piece by piece.
    Stream(Stream),
    /// None: this WebSocket is opened.
    Socket(Socket),
}

/// Answers one request. It never fails: what goes wrong becomes a problem.
pub async fn handle(router: &Router, services: &Services, incoming: Incoming) -> http::Response<Outgoing> {
    let started = services.now();
    let Ok(id) = new_id!(services, RequestId) else {
        return headers::bare(500);
    };
    let counted = Rc::new(counting::CountingDatabase::new(Rc::clone(&services.db)));
    let services = Services { db: Rc::clone(&counted) as Rc<dyn Database>, ..services.clone() };
    let facts = incoming.facts(&services.settings, id);
    let mut entry = log::Entry::new(&incoming, &facts);
    let mut beside = Vec::new();
    let mut answer = match router.dispatch(&services, incoming, &facts, &mut entry, &mut beside).await {
        Ok(answer) => answer,
        Err(failure) => {
            entry.failure(&failure);
            failure.into_answer(&facts)
        }
    };
    answer.headers.extend(beside);
    let response = headers::finish(answer, &facts);
    entry.write(&services, response.status().as_u16(), started, counted.round_trips());
    response
}

#[cfg(test)]
mod tests;
