//! The database, watched: a change of what decides about the use of a connection is told to those who keep it, before it
//! is made and after, whoever makes it ([ADR 0017](../../../../docs/adr/0017-uses-without-the-database.md)).
//!
//! What a statement changes is seen from its text, which is fixed when the program is compiled (`store/deciding.rs`).

use std::collections::BTreeSet;
use std::rc::Rc;

use drawbridge_domain::id::{ConnectionId, TenantId};

use super::store::concerned;
use super::{Affected, concern};
use crate::ports::{Database, DbError, Pending, Rows, Statement};
use crate::services::Services;

/// The services, with their database watched.
pub fn watched(services: Services) -> Services {
    let db = Rc::new(Watched(services.clone()));
    Services { db, ..services }
}

/// The services with the bare database.
struct Watched(Services);

impl Database for Watched {
    fn batch(&self, statements: Vec<Statement>) -> Pending<'_, Result<Vec<Rows>, DbError>> {
        carry_out(&self.0, concerned(&statements).into_iter().collect(), statements)
    }

    fn rows_read(&self) -> usize {
        self.0.db.rows_read()
    }
}

/// A tenant, and what of it statements change.
type Changed = (TenantId, BTreeSet<Option<ConnectionId>>);

/// Carries statements out while all know who must.
fn carry_out(
    services: &Services,
    mut changed: Vec<Changed>,
    statements: Vec<Statement>,
) -> Pending<'_, Result<Vec<Rows>, DbError>> {
    let Some((tenant, connections)) = changed.pop() else { return services.db.batch(statements) };
    let affected = |one: Option<ConnectionId>| one.map_or(Affected::Uses, Affected::Use);
    let affected: Vec<_> = connections.into_iter().map(affected).collect();
    Box::pin(async move {
        let write = |all| carry_out(services, changed, all);
        concern::told(services, &tenant, &affected, statements, write).await
    })
}
