//! The keeper: one refresh at a time, tokens that survive everything, patience with a provider that fails.

use std::rc::Rc;

use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::connections::Connection;
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::refresh::{COOL_DOWN, EXHAUSTED};
use drawbridge_domain::time::{HOUR, MINUTE};
use serde_json::{Value, json};

use super::using::run;
use super::{ada, read, signed_in};
use crate::features::connections::keeper;
use crate::testing::{Browser, Harness, Interrupt};

fn fresh(name: &str) -> Value {
    json!({ "access_token": name, "refresh_token": format!("refresh-{name}"), "expires_in": 3600 })
}

fn world() -> (Rc<Harness>, Browser, Connection) {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = signed_in(&harness, &browser, "Contacts");
    harness.outward.asked.borrow_mut().clear();
    (harness, browser, connection)
}

fn body(harness: &Harness, at: usize) -> String {
    String::from_utf8(harness.outward.asked.borrow()[at].body.clone().unwrap()).unwrap()
}

fn list(browser: &Browser, connection: &Connection) -> crate::testing::TestAnswer {
    run(browser, connection, "list-contacts", &json!({})).raw
}

#[test]
fn the_alarm_refreshes_by_the_clock() {
    let (harness, browser, connection) = world();
    let due = connection.details.as_ref().unwrap().next_refresh_at.unwrap();
    harness.clock.advance(due.since(harness.services.now()) - 1);
    harness.keepers.ring();
    assert!(harness.outward.asked.borrow().is_empty(), "not before its time");
    harness.clock.advance(1);
    harness.outward.next_json(200, fresh("second"));
    harness.keepers.ring();
    let after = read(&browser, &connection).ok().details.unwrap();
    assert_eq!(after.next_refresh_at.unwrap().since(harness.services.now()), 45 * MINUTE);
    // And so on, also when the keeper itself begins anew.
    harness.keepers.forget();
    harness.clock.advance(45 * MINUTE);
    harness.outward.next_json(200, fresh("third"));
    harness.keepers.ring();
    assert!(body(&harness, 1).contains("refresh_token=refresh-second"));
}

#[test]
fn the_run_of_every_few_minutes_finds_those_without_an_alarm() {
    let (harness, _, _) = world();
    harness.keepers.notes().iter().for_each(|notes| notes.alarm.set(None));
    harness.clock.advance(50 * MINUTE);
    harness.outward.next_json(200, fresh("second"));
    pollster::block_on(keeper::wake_due(&harness.services)).unwrap();
    assert!(harness.outward.asked.borrow().is_empty(), "the run does not wait for it");
    harness.keepers.ring();
    assert_eq!(harness.outward.asked.borrow().len(), 1);
    pollster::block_on(keeper::wake_due(&harness.services)).unwrap();
    harness.keepers.ring();
    assert_eq!(harness.outward.asked.borrow().len(), 1, "once is enough");
}

#[test]
fn tokens_that_do_not_reach_the_database_are_written_later() {
    let (harness, browser, connection) = world();
    harness.db.query(
        "CREATE TRIGGER broken BEFORE UPDATE ON connection_secrets BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
    );
    harness.clock.advance(HOUR);
    harness.outward.next_json(200, fresh("second"));
    list(&browser, &connection).problem(ProblemCode::Internal);
    assert!(harness.keepers.notes()[0].texts.borrow().contains_key("tokens"));
    for text in harness.keepers.notes()[0].texts.borrow().values() {
        assert!(!text.contains("second"), "a note is sealed: {text}");
    }
    // The process ends here; what it knew is in its notes alone.
    harness.keepers.forget();
    harness.db.query("DROP TRIGGER broken");
    harness.outward.next_json(200, json!({ "items": [] }));
    assert_eq!(list(&browser, &connection).status, 200);
    let asked = harness.outward.asked.borrow();
    assert_eq!(asked.len(), 2, "the provider was asked once");
    assert_eq!(asked[1].headers["authorization"], "Bearer second");
    assert!(!harness.keepers.notes()[0].texts.borrow().contains_key("tokens"));
}

#[test]
fn a_note_of_tokens_that_are_there_already_changes_nothing() {
    let (harness, browser, connection) = world();
    harness.db.query(
        "CREATE TRIGGER broken BEFORE UPDATE ON connection_secrets BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
    );
    harness.clock.advance(HOUR);
    harness.outward.next_json(200, fresh("second"));
    list(&browser, &connection).problem(ProblemCode::Internal);
    harness.db.query("DROP TRIGGER broken");
    // Meanwhile somebody signed in anew.
    harness.db.query("UPDATE connection_secrets SET version = version + 5");
    harness.db.query("UPDATE connections SET next_refresh_at = 1 << 50, token_expires_at = 1 << 50");
    harness.clock.advance(10_000);
    harness.keepers.ring();
    let rows = harness.db.query("SELECT version FROM connection_secrets");
    assert_eq!(rows[0]["version"], 7, "the sign-in's own secrets stay");
    assert!(!harness.keepers.notes()[0].texts.borrow().contains_key("tokens"));
}

#[test]
fn a_provider_that_fails_is_left_alone_for_a_while_and_given_up_after_four_days() {
    let (harness, browser, connection) = world();
    harness.clock.advance(HOUR);
    harness.outward.next_json(503, json!({}));
    list(&browser, &connection).problem(ProblemCode::ProviderUnavailable);
    for _ in 0..20 {
        list(&browser, &connection).problem(ProblemCode::ProviderUnavailable);
    }
    assert_eq!(harness.outward.asked.borrow().len(), 1, "nobody asks during the cool-down");
    assert_eq!(read(&browser, &connection).ok().summary.state.status, Status::Degraded);
    let began = harness.services.now();
    let mut tries = 1;
    while harness.services.now().since(began) < EXHAUSTED {
        harness.clock.advance(COOL_DOWN);
        let before = harness.outward.asked.borrow().len();
        harness.outward.next_json(503, json!({}));
        harness.keepers.ring();
        let asked = harness.outward.asked.borrow().len() - before;
        tries += asked;
        if asked == 0 {
            harness.outward.clear();
        }
    }
    assert!((80..130).contains(&tries), "{tries} in four days");
    harness.clock.advance(2 * HOUR);
    harness.outward.next_json(503, json!({}));
    harness.keepers.ring();
    browser.sign_in("ada@example.com");
    let state = read(&browser, &connection).ok().summary.state;
    assert_eq!((state.status, state.reason), (Status::Invalid, Reason::Expired));
    harness.outward.asked.borrow_mut().clear();
    harness.clock.advance(HOUR);
    harness.keepers.ring();
    assert!(harness.outward.asked.borrow().is_empty(), "given up");
}

#[test]
fn while_the_old_token_is_good_a_failure_disturbs_nobody_and_a_recovery_heals() {
    let (harness, browser, connection) = world();
    harness.clock.advance(46 * MINUTE);
    harness.outward.next_json(503, json!({}));
    harness.outward.next_json(200, json!({ "items": [] }));
    assert_eq!(list(&browser, &connection).status, 200);
    assert_eq!(harness.outward.asked.borrow()[1].headers["authorization"], "Bearer access-token-1");
    assert_eq!(read(&browser, &connection).ok().summary.state.status, Status::Active);
    harness.clock.advance(15 * MINUTE);
    harness.outward.next_json(503, json!({}));
    list(&browser, &connection).problem(ProblemCode::ProviderUnavailable);
    assert_eq!(read(&browser, &connection).ok().summary.state.status, Status::Degraded);
    harness.clock.advance(5 * MINUTE);
    harness.outward.next_json(200, fresh("second"));
    harness.outward.next_json(200, ada());
    harness.keepers.ring();
    assert_eq!(read(&browser, &connection).ok().summary.state.status, Status::Active);
}

#[test]
fn a_refused_grant_is_the_end_at_once() {
    let (harness, browser, connection) = world();
    harness.clock.advance(HOUR);
    harness
        .outward
        .next_json(400, json!({ "error": "invalid_grant", "error_description": "Revoked by Ada" }));
    let problem = list(&browser, &connection).problem(ProblemCode::ConnectionInvalid);
    assert!(problem.detail.contains("Revoked by Ada"));
    let state = read(&browser, &connection).ok().summary.state;
    assert_eq!((state.status, state.reason), (Status::Invalid, Reason::GrantRevoked));
    list(&browser, &connection).problem(ProblemCode::ConnectionInvalid);
    assert_eq!(harness.outward.asked.borrow().len(), 1);
}

#[test]
fn when_the_connection_is_no_more_its_keeper_knows_nothing() {
    let (harness, browser, connection) = world();
    harness.outward.next_json(200, json!({ "items": [] }));
    assert_eq!(list(&browser, &connection).status, 200);
    assert!(!harness.keepers.notes()[0].texts.borrow().is_empty());
    harness.clock.advance(50 * MINUTE);
    harness.db.query("UPDATE connections SET deleted_at = 1");
    harness.keepers.ring();
    assert!(harness.outward.asked.borrow().len() == 1, "what is deleted is not refreshed");
    assert!(!harness.keepers.notes()[0].texts.borrow().is_empty(), "it may come back");
    harness.db.query("DELETE FROM connections");
    keeper::watch(&harness.services, &browser.tenant(), &connection.summary.id);
    assert!(harness.keepers.notes()[0].texts.borrow().is_empty());
    assert_eq!(harness.keepers.notes()[0].alarm.get(), None);
}

/// Calls that the database knows of once all are written.
fn counted(harness: &Harness) -> i64 {
    harness.clock.advance(MINUTE);
    harness.keepers.ring();
    harness.db.query("SELECT SUM(calls) AS calls FROM connection_uses")[0]["calls"].as_i64().unwrap()
}

#[test]
fn uses_that_are_counted_while_the_provider_is_asked_are_not_forgotten() {
    let (harness, browser, connection) = world();
    harness.clock.advance(HOUR);
    let (services, tenant, id) = (harness.services.clone(), browser.tenant(), connection.summary.id.clone());
    harness.outward.next(move |_| {
        // The first is written at once, the second waits a minute.
        keeper::count(&services, &tenant, &id, false);
        keeper::count(&services, &tenant, &id, false);
        Err(crate::ports::OutwardError::TimedOut)
    });
    list(&browser, &connection).problem(ProblemCode::ProviderUnavailable);
    harness.outward.next(|_| Err(crate::ports::OutwardError::TimedOut));
    assert_eq!(counted(&harness), 2);
}

#[test]
fn uses_that_are_counted_while_new_tokens_are_written_are_not_forgotten() {
    let (harness, browser, connection) = world();
    harness.clock.advance(HOUR);
    let (_, interrupt) = Interrupt::browser(&browser);
    let (services, tenant, id) = (harness.services.clone(), browser.tenant(), connection.summary.id.clone());
    interrupt.before("UPDATE connection_secrets", move || {
        keeper::count(&services, &tenant, &id, false);
        keeper::count(&services, &tenant, &id, false);
    });
    harness.keepers.work_with(&harness.variant(|services| services.db = Rc::clone(&interrupt) as _).services);
    harness.outward.next_json(200, fresh("second"));
    harness.keepers.ring();
    assert!(interrupt.done());
    harness.keepers.work_with(&harness.services);
    assert_eq!(counted(&harness), 2);
}
