//! How the database finds what it is asked for: by an index, in every statement of every call.

use std::collections::BTreeSet;

use drawbridge_contract::endpoints::TABLE;

use super::world::{Whose, World};
use crate::testing::Sqlite;

/// What may be read whole: it has a handful of rows, or none, whatever the tenants hold.
const SMALL: [&str; 4] = ["CONSTANT ROW", "deployment", "master_key_checks", "json_each"];

/// All statements of a run of every endpoint by every role.
fn statements(world: &World) -> BTreeSet<&'static str> {
    for info in TABLE {
        for person in &world.people {
            for whose in Whose::ALL {
                if let Some(target) = world.target(info, whose, person) {
                    let success = whose == Whose::Own && World::may(info, person.role);
                    world.call(&world.browser(person), info, &target, success);
                }
            }
        }
    }
    let administrator = world.browser(world.administrator());
    for query in [
        "oauth-clients?connector=box",
        "connections?sort=-name",
        "connections?sort=created",
        "connections?sort=-created",
        "connections?sort=lastVerified",
        "connections?sort=-lastVerified&search=crm&connector=sandbox-crm&status=pending",
    ] {
        assert_eq!(
            administrator.send(http::Method::GET, &format!("/api/v1/{query}"), None).status,
            200,
            "{query}"
        );
    }
    let batches = world.harness.db.batches.borrow();
    batches.iter().flatten().map(|statement| statement.sql).collect()
}

fn plan(db: &Sqlite, sql: &str) -> Vec<String> {
    let rows = db.query(&format!("EXPLAIN QUERY PLAN {sql}"));
    rows.iter().map(|row| row["detail"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn no_statement_of_a_call_reads_a_table_whole() {
    let world = World::new();
    let statements = statements(&world);
    assert!(statements.len() > 40, "only {}", statements.len());
    for sql in &statements {
        for step in plan(&world.harness.db, sql) {
            let Some(of) = step.strip_prefix("SCAN ") else { continue };
            let small = SMALL.iter().any(|name| of == *name || of.starts_with(&format!("{name} ")));
            assert!(small, "{step} in:\n{sql}");
        }
    }
}

#[test]
fn the_list_of_connections_comes_sorted_from_its_index() {
    let world = World::new();
    for sql in statements(&world).iter().filter(|sql| sql.contains("ORDER BY c.")) {
        let plan = plan(&world.harness.db, sql);
        assert!(!plan.iter().any(|step| step.contains("USE TEMP B-TREE FOR ORDER BY")), "{plan:#?}\n{sql}");
        assert!(plan[0].contains("USING INDEX") && plan[0].contains("tenant_id=?"), "{plan:#?}\n{sql}");
    }
}

#[test]
fn the_session_check_goes_by_unique_keys_only() {
    let world = World::new();
    world.browser(world.administrator()).who_am_i();
    let batches = world.harness.db.batches.borrow();
    let check =
        batches.iter().flatten().map(|one| one.sql).find(|sql| sql.contains("FROM sessions s")).unwrap();
    for step in plan(&world.harness.db, check).iter().filter(|step| !step.contains("SUBQUERY")) {
        assert!(step.starts_with("SEARCH ") && step.contains("=?"), "{step}");
    }
}
