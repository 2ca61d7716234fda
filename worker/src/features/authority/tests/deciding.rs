//! Which statements are seen to change what decides about uses.

use drawbridge_domain::id::{ConnectionId, Id, TenantId};

use crate::features::authority::store::{concerned, misses};
use crate::ports::Statement;
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
    assert_eq!(seen(&[status(&one), status(&other), status(&one)]), [Some(one.clone()), Some(other.clone())]);
    let group = on("DELETE FROM groups WHERE tenant_id = ?1 AND id = ?2", "grp_1");
    assert_eq!(seen(&[group, status(&one)]), [None, Some(one.clone())]);
    let read = on("SELECT 1 FROM connections WHERE tenant_id = ?1 AND id = ?2", one.as_str());
    let check = on("UPDATE connections SET check_at = ?3 WHERE id = ?2", one.as_str());
    assert_eq!(seen(&[read, check]), []);
    // What is made here, nobody knows yet.
    let made = on("INSERT INTO connections (tenant_id, id) VALUES (?1, ?2)", one.as_str());
    let grant = on("INSERT INTO connection_grants (tenant_id, connection_id) VALUES (?1, ?2)", one.as_str());
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
