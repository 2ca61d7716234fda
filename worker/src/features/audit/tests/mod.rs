//! Tests of the chain and of the transaction around it.

mod reading;
mod sealing;

use std::rc::Rc;

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::id::TenantId;
use http::Method;
use serde_json::json;

use super::{Actor, ChainEnd, Context, Record, commit};
use crate::features::tenants;
use crate::ports::{Database, DbError, Statement};
use crate::testing::{Browser, Harness, Interrupt, PASSWORD, Sqlite, chain};
use crate::values;

fn client(browser: &Browser, name: &str) -> u16 {
    let body = json!({ "connector": "box", "name": name, "clientId": "id", "clientSecret": "s" });
    browser.send_json(Method::POST, "/api/v1/oauth-clients", &body).status
}

/// All kinds of things, done and refused, in two tenants.
fn mixed_run() -> (Rc<Harness>, Browser) {
    let harness = Harness::new();
    let ada = harness.set_up();
    let (_, eve) = harness.other_tenant();
    for round in 0..5 {
        harness.clock.advance(1);
        assert_eq!(client(&ada, &format!("Ünï \"{round}\" \\ 🚀")), 201);
        assert_eq!(client(&eve, "Eve's"), 201);
        let wrong = json!({ "email": "ada@example.com", "password": "wrong" });
        harness
            .browser()
            .send_json(Method::POST, "/api/v1/session", &wrong)
            .problem(ProblemCode::SignInFailed);
        let right = json!({ "email": "ada@example.com", "password": PASSWORD });
        assert_eq!(harness.browser().send_json(Method::POST, "/api/v1/session", &right).status, 201);
    }
    let made = ada.send_json(Method::POST, "/api/v1/tenants", &json!({ "name": "Third" })).json();
    let switch = format!("/api/v1/tenants/{}/switch", made["id"].as_str().unwrap());
    assert_eq!(ada.send(Method::POST, &switch, None).status, 200);
    assert_eq!(client(&ada, "In the third"), 201);
    (harness, ada)
}

#[test]
fn the_chain_holds_over_a_mixed_run_and_every_change_of_it_shows() {
    let (harness, _) = mixed_run();
    let count = harness.db.query("SELECT 1 FROM audit").len();
    assert!(count > 20);
    assert_eq!(chain::verify(&harness.db), Ok(count));

    for change in [
        "UPDATE audit SET actor_name = 'Somebody' WHERE seq = 2",
        "UPDATE audit SET at = at + 1 WHERE seq = 1",
        "UPDATE audit SET changes = '{}' WHERE seq = 2",
        "UPDATE audit SET hash = previous_hash WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 2",
        "DELETE FROM audit WHERE seq = (SELECT MAX(seq) FROM audit)",
        "UPDATE tenants SET audit_seq = audit_seq - 1",
    ] {
        let (harness, _) = mixed_run();
        harness.db.query("DROP TRIGGER audit_is_not_changed");
        harness.db.query("DROP TRIGGER audit_is_not_deleted");
        harness.db.query(change);
        assert!(chain::verify(&harness.db).is_err(), "{change}");
    }
}

#[test]
fn the_database_refuses_to_change_a_record() {
    let (harness, _) = mixed_run();
    let before = harness.db.dump(&[]);
    for sql in [
        "UPDATE audit SET actor_name = 'x'",
        "UPDATE audit SET seq = seq + 100 WHERE seq = 1",
        "DELETE FROM audit",
    ] {
        let result = pollster::block_on(harness.db.batch(vec![Statement::across("a test", sql, values![])]));
        assert!(
            matches!(&result, Err(DbError::Other(words)) if words.contains("audit records are not")),
            "{result:?}"
        );
    }
    assert!(harness.db.changed_since(&before).is_empty());
}

fn tenant_of(db: &Sqlite) -> (TenantId, ChainEnd) {
    let row = db.query("SELECT id, audit_seq, audit_hash FROM tenants ORDER BY created_at, id").remove(0);
    (serde_json::from_value(row["id"].clone()).unwrap(), serde_json::from_value(row).unwrap())
}

fn rename(tenant: &TenantId) -> Statement {
    Statement::of(tenant, "UPDATE tenants SET name = 'Renamed' WHERE id = ?1", values![])
}

#[test]
fn a_change_that_fails_leaves_no_record_and_a_record_that_fails_no_change() {
    let harness = Harness::new();
    harness.set_up();
    let (tenant, end) = tenant_of(&harness.db);
    let context = || Context { tenant: &tenant, actor: Actor::system(), facts: None, end: end.clone() };
    let record = [Record::done("tenant.changed", "tenant", "x", "x")];
    let before = harness.db.dump(&[]);

    // The change fails: by its guard, by a unique value, by a fault.
    let nobody =
        Statement::of(&tenant, "UPDATE tenants SET name = 'x' WHERE id = ?1 AND version = 99", values![]);
    let twice = tenants::store::add(&tenant, "slug", "name", harness.services.now());
    let broken = Statement::of(&tenant, "UPDATE tenants SET slug = NULL WHERE id = ?1", values![]);
    for (changes, error) in [
        (vec![rename(&tenant), nobody, Statement::must_change()], Some(DbError::Guard)),
        (vec![rename(&tenant), twice], Some(DbError::Unique)),
        (vec![rename(&tenant), broken], None),
    ] {
        let result = pollster::block_on(commit(&harness.services, context(), changes, &record)).map(|_| ());
        assert!(result.is_err() && error.is_none_or(|error| result == Err(error)));
        assert!(harness.db.changed_since(&before).is_empty());
    }

    // The record fails: its tenant is not there.
    let nowhere = TenantId::new(1, [1; 10]);
    let context = Context { tenant: &nowhere, actor: Actor::system(), facts: None, end: ChainEnd::default() };
    let result = pollster::block_on(commit(&harness.services, context, vec![rename(&tenant)], &record));
    assert!(result.is_err());
    assert!(harness.db.changed_since(&before).is_empty());
}
