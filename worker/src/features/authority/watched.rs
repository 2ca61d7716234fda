//! The database, watched: a change of what decides about the use of a connection is told to those who keep it, before it
//! is made and after, whoever makes it ([ADR 0017](../../../../docs/adr/0017-uses-without-the-database.md)).
//!
//! What a statement changes is seen from its text, which is fixed when the program is compiled. Where it is not about one
//! connection, which is its second value then, it is taken for a change of all of the tenant's.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use drawbridge_domain::id::{ConnectionId, Id, TenantId};

use super::{Affected, concern};
use crate::ports::{Database, DbError, Pending, Rows, Statement, Value};
use crate::services::Services;

/// How statements begin that change what decides about uses.
const DECIDING: [&str; 12] = [
    "UPDATE connections ",
    "DELETE FROM connections ",
    "UPDATE connection_secrets ",
    "DELETE FROM connection_secrets ",
    "INSERT INTO connection_grants ",
    "DELETE FROM connection_grants ",
    "INSERT INTO group_members ",
    "DELETE FROM group_members ",
    "DELETE FROM groups ",
    "UPDATE gateways ",
    "DELETE FROM gateways ",
    "DELETE FROM users ",
];
/// How those of them begin that change nothing of it: when a connection is checked next, what was told about a gateway,
/// and a look whether it is still there. Of a connection that is pending nothing is kept.
const HARMLESS: [&str; 4] = [
    "UPDATE connections SET check_at = ",
    "DELETE FROM connections WHERE status = 'pending' ",
    "UPDATE gateways SET offline_told = ",
    "UPDATE gateways SET version = version ",
];
/// What makes a connection, of which nobody knows yet.
const MAKING: &str = "INSERT INTO connections ";

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

/// Of which connections statements change what decides about uses, tenant by tenant; `None` stands for all of a tenant's.
fn concerned(statements: &[Statement]) -> BTreeMap<TenantId, BTreeSet<Option<ConnectionId>>> {
    let mut concerned: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    let mut made = BTreeSet::new();
    for statement in statements {
        if statement.sql.starts_with(MAKING) {
            made.extend(connection(statement));
        }
        if !is_deciding(statement.sql) {
            continue;
        }
        let connection = connection(statement);
        if connection.as_ref().is_some_and(|id| made.contains(id)) {
            continue;
        }
        if let Some(tenant) = text(statement, 0).and_then(|id| TenantId::parse(id).ok()) {
            concerned.entry(tenant).or_default().insert(connection);
        }
    }
    concerned
}

fn is_deciding(sql: &str) -> bool {
    let begins = |known: &&str| sql.starts_with(*known);
    DECIDING.iter().any(begins) && !HARMLESS.iter().any(begins)
}

/// The connection that a statement is about.
fn connection(statement: &Statement) -> Option<ConnectionId> {
    text(statement, 1).and_then(|id| ConnectionId::parse(id).ok())
}

fn text(statement: &Statement, place: usize) -> Option<&str> {
    match statement.values.get(place)? {
        Value::Text(text) => Some(text),
        Value::Null | Value::Integer(_) => None,
    }
}

/// What of a statement would not be seen: that it writes a table that decides about uses, where its beginning does not say
/// so, or it does not say of which tenant.
#[cfg(test)]
pub(crate) fn misses(statement: &Statement) -> Option<String> {
    let words: Vec<&str> = statement.sql.split_whitespace().collect();
    let writes = |verb: &[&str]| {
        let known = |table: &str| DECIDING.contains(&format!("{} {table} ", verb.join(" ")).as_str());
        words.windows(verb.len() + 1).any(|at| at.starts_with(verb) && known(at[verb.len()]))
    };
    let deciding = [&["UPDATE"][..], &["DELETE", "FROM"], &["INSERT", "INTO"]].into_iter().any(writes);
    let tenant = text(statement, 0).is_some_and(|id| TenantId::parse(id).is_ok());
    let seen =
        HARMLESS.iter().any(|known| statement.sql.starts_with(known)) || is_deciding(statement.sql) && tenant;
    (deciding && !seen).then(|| statement.sql.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values;

    fn tenant() -> TenantId {
        TenantId::new(1, [1; 10])
    }

    fn on(sql: &'static str, second: &str) -> Statement {
        Statement::of(&tenant(), sql, values![second])
    }

    #[test]
    fn a_statement_says_by_itself_what_it_changes() {
        let (one, other) = (ConnectionId::new(1, [1; 10]), ConnectionId::new(1, [2; 10]));
        let seen = |statements: &[Statement]| {
            let mut all = concerned(statements);
            let found = all.remove(&tenant()).unwrap_or_default();
            assert!(all.is_empty());
            found.into_iter().collect::<Vec<_>>()
        };
        let status = |id: &ConnectionId| on("UPDATE connections SET status = ?3 WHERE id = ?2", id.as_str());
        assert_eq!(
            seen(&[status(&one), status(&other), status(&one)]),
            [Some(one.clone()), Some(other.clone())]
        );
        let group = on("DELETE FROM groups WHERE tenant_id = ?1 AND id = ?2", "grp_1");
        assert_eq!(seen(&[group, status(&one)]), [None, Some(one.clone())]);
        let read = on("SELECT 1 FROM connections WHERE tenant_id = ?1 AND id = ?2", one.as_str());
        let check = on("UPDATE connections SET check_at = ?3 WHERE id = ?2", one.as_str());
        assert_eq!(seen(&[read, check]), []);
        // What is made here, nobody knows yet.
        let made = on("INSERT INTO connections (tenant_id, id) VALUES (?1, ?2)", one.as_str());
        let grant =
            on("INSERT INTO connection_grants (tenant_id, connection_id) VALUES (?1, ?2)", one.as_str());
        assert_eq!(seen(&[made, grant.clone()]), []);
        assert_eq!(seen(&[grant]), [Some(one)]);
    }

    #[test]
    fn a_statement_that_would_not_be_seen_is_found() {
        for sql in [
            "WITH x AS (SELECT 1) UPDATE connections SET status = 1",
            " UPDATE connections SET status = 1 WHERE tenant_id = ?1",
            "INSERT OR REPLACE INTO x SELECT 1; DELETE  FROM groups ",
        ] {
            assert!(misses(&on(sql, "")).is_some(), "{sql}");
        }
        let across = Statement::across("a test", "UPDATE gateways SET name = ?1 ", values!["x"]);
        assert!(misses(&across).is_some(), "of which tenant?");
        for sql in [
            "UPDATE connections SET status = 1 WHERE tenant_id = ?1",
            "DELETE FROM sessions WHERE id IN (SELECT id FROM users )",
            "UPDATE gateways SET offline_told = 1",
        ] {
            assert_eq!(misses(&on(sql, "")), None, "{sql}");
        }
    }
}
