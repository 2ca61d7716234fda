//! How the database finds what it is asked for: by an index, in every statement of every call.

use std::collections::BTreeMap;

use drawbridge_contract::endpoints::TABLE;
use http::Method;

use super::world::{Whose, World};
use crate::ports::Statement;

/// What may be read whole: it has a handful of rows, or none, whatever the tenants hold.
const SMALL: [&str; 4] = ["CONSTANT ROW", "deployment", "master_key_checks", "json_each"];
/// Parts of statements that are read whole once they are found: each comes from an index range.
const PARTS: [&str; 7] = ["named", "given", "everyone", "many", "few", "found", "large"];

/// All statements of a run of every endpoint by every role, by their text.
fn statements(world: &World) -> BTreeMap<&'static str, Statement> {
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
        "users?sort=-name",
        "users?sort=created",
        "users?sort=-created&search=ada&role=designer&state=active",
        "groups?search=a",
        "connections?sort=-name",
        "connections?sort=created",
        "connections?sort=-created",
        "connections?sort=lastVerified",
        "apps?search=a&endsBefore=2030-01-01T00:00:00Z",
        "tokens?search=a&endsBefore=2030-01-01T00:00:00Z",
        "tokens?user=usr_0000000001zzzzzzzzzzzzzzzz",
        "gateways?sort=-name",
        "gateways?sort=created&status=online",
        "gateways?sort=-created&search=a",
        "gateways?status=offline",
        "audit?actor=system",
        "audit?action=tenant.created",
        "audit?object=x",
        "connections?sort=-lastVerified&search=crm&connector=sandbox-crm&status=pending",
    ] {
        let answer = administrator.send(Method::GET, &format!("/api/v1/{query}"), None);
        assert_eq!(answer.status, 200, "{query}");
    }
    for query in ["email[]=ada@example.com", "id[]=usr_0000000001zzzzzzzzzzzzzzzz&role[]=Designer"] {
        let answer = administrator.send(Method::GET, &format!("/tenants/v1/users?{query}"), None);
        assert_eq!(answer.status, 200, "{query}");
    }
    let batches = world.harness.db.batches.borrow();
    batches.iter().flatten().map(|statement| (statement.sql, statement.clone())).collect()
}

#[test]
fn no_statement_of_a_call_reads_a_table_whole() {
    let world = World::new();
    let statements = statements(&world);
    assert!(statements.len() > 40, "only {}", statements.len());
    for (sql, statement) in &statements {
        for step in world.harness.db.plan(statement) {
            let Some(of) = step.strip_prefix("SCAN ") else { continue };
            let mut small = SMALL.iter().chain(&PARTS);
            let small = small.any(|name| of == *name || of.starts_with(&format!("{name} ")));
            assert!(small || of.starts_with("(subquery-"), "{step} in:\n{sql}");
        }
    }
}

/// What is sorted, and why it is little.
const SORTED: [(&str, &str); 6] = [
    ("FROM named CROSS JOIN users u", "those who were named: 100 at most"),
    ("AS only_owner", "what one user or one group was given, in a dialog: 1000 connections at most"),
    ("SELECT 0 AS place", "the grants of one connection, all of which are answered: 500 at most"),
    ("many AS MATERIALIZED", "the page itself, and up to 1000 members of groups"),
    ("large AS MATERIALIZED", "the page itself, and up to 1000 members of the group"),
    ("WHERE a.email = ?1", "the tenants of one account"),
];

#[test]
fn no_list_is_sorted_to_find_its_page() {
    let world = World::new();
    let mut sorted = std::collections::BTreeSet::new();
    for (sql, statement) in &statements(&world) {
        let plan = world.harness.db.plan(statement);
        let sorts = |step: &String| {
            // What is equal in the index's order may be sorted.
            step.contains("USE TEMP B-TREE FOR") && !step.contains("DISTINCT") && !step.contains("LAST TERM")
        };
        if plan.iter().any(sorts) {
            let known = SORTED.iter().find(|(part, _)| sql.contains(part));
            sorted.insert(known.unwrap_or_else(|| panic!("{plan:#?}\n{sql}")));
        }
    }
    assert!(sorted.len() >= 4, "each of them is still needed: {sorted:?}");
}

#[test]
fn the_list_of_connections_comes_sorted_from_its_index() {
    let world = World::new();
    let statements = statements(&world);
    let lists: Vec<_> = statements.iter().filter(|(sql, _)| sql.contains("ORDER BY c.")).collect();
    assert!(lists.len() >= 8, "six orders of connections, two lists of clients");
    for (sql, statement) in lists {
        let plan = world.harness.db.plan(statement);
        assert!(!plan.iter().any(|step| step.contains("FOR ORDER BY")), "{plan:#?}\n{sql}");
        assert!(plan[0].starts_with("SEARCH c USING") && plan[0].contains("tenant_id=?"), "{plan:#?}\n{sql}");
    }
}

#[test]
fn the_lists_of_users_and_groups_come_sorted_from_their_indexes() {
    let world = World::new();
    let statements = statements(&world);
    for (order, number, index) in [
        ("ORDER BY u.name_key ", 2, "SEARCH u USING INDEX users_by_name"),
        ("ORDER BY u.created_at ", 2, "SEARCH u USING INDEX users_by_created"),
        ("ORDER BY g.name_key, g.id LIMIT ?5", 1, "SEARCH g USING INDEX groups_by_name"),
    ] {
        let lists: Vec<_> = statements.iter().filter(|(sql, _)| sql.contains(order)).collect();
        assert_eq!(lists.len(), number, "{order}");
        for (sql, statement) in lists {
            let plan = world.harness.db.plan(statement);
            assert!(!plan.iter().any(|step| step.contains("FOR ORDER BY")), "{plan:#?}\n{sql}");
            assert!(plan[0].starts_with(index) && plan[0].contains("tenant_id=?"), "{plan:#?}\n{sql}");
        }
    }
}

#[test]
fn what_is_counted_or_filtered_goes_by_the_index_made_for_it() {
    let world = World::new();
    let statements = statements(&world);
    for (part, index) in [
        (
            "AND c.connector = ?2 AND c.id > ?3",
            "oauth_clients_by_connector (tenant_id=? AND connector=? AND id>?)",
        ),
        ("n.oauth_client_id = c.id", "connections_by_client (tenant_id=? AND oauth_client_id=?)"),
        ("WHERE a.email = ?1", "sqlite_autoindex_accounts_2 (email=?)"),
    ] {
        let found: Vec<_> = statements.iter().filter(|(sql, _)| sql.contains(part)).collect();
        assert!(!found.is_empty(), "{part}");
        for (sql, statement) in found {
            let plan = world.harness.db.plan(statement);
            assert!(plan.iter().any(|step| step.contains(index)), "{plan:#?}\n{sql}");
        }
    }
}

#[test]
fn the_session_check_goes_by_unique_keys_only() {
    let world = World::new();
    world.browser(world.administrator()).who_am_i();
    let batches = world.harness.db.batches.borrow();
    let check = batches.iter().flatten().find(|one| one.sql.contains("FROM sessions s")).unwrap();
    for step in world.harness.db.plan(check).iter().filter(|step| !step.contains("SUBQUERY")) {
        assert!(step.starts_with("SEARCH ") && step.contains("=?"), "{step}");
    }
}
