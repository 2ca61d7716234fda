//! Editing a connection through a gateway, and what mends one that does not work.

use drawbridge_contract::endpoints as api;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::life::{ChangeConnection, ChangeEffect, ChangedConnection};
use drawbridge_domain::connection::{Reason, Status};

use super::super::using::run;
use super::super::{path, read, test};
use super::*;
use crate::ports::GatewayAway;
use crate::testing::Typed;

fn change(browser: &Browser, connection: &Connection, body: &ChangeConnection) -> Typed<ChangedConnection> {
    let raw = read(browser, connection).raw;
    browser.with("if-match", raw.header("etag").unwrap());
    browser.call::<api::ChangeConnectionSettings>(&path(connection), &Nothing {}, body)
}

fn moved(gateway: &GatewayId, target: &str) -> ChangeConnection {
    let settings =
        [("gateway".to_owned(), gateway.to_string()), ("target".to_owned(), target.to_owned())].into();
    ChangeConnection { settings, ..ChangeConnection::default() }
}

#[test]
fn another_target_or_gateway_needs_the_credentials_again() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, replica) = joined(&harness, &browser, "Berlin");
    let (other, theirs) = joined(&harness, &browser, "Bern");
    let connection = database(&harness, &browser, &gateway, std::slice::from_ref(&replica));
    for to in [moved(&gateway, "invoices"), moved(&other, "orders")] {
        let codes = change(&browser, &connection, &to).raw.field_codes();
        assert_eq!(codes, [("sealed".to_owned(), "missing".to_owned())]);
    }
    // Boxes of the machines of the gateway before are none for this one.
    let wrong = ChangeConnection { sealed: vec![sealed_for(&replica)], ..moved(&other, "orders") };
    let codes = change(&browser, &connection, &wrong).raw.field_codes();
    assert_eq!(codes, [("sealed.0.replica".to_owned(), "unknown_value".to_owned())]);
    checked(&harness);
    let right = ChangeConnection { sealed: vec![sealed_for(&theirs)], ..moved(&other, "orders") };
    let changed = change(&browser, &connection, &right).ok();
    assert_eq!(changed.effect, ChangeEffect::Proved);
    let details = changed.connection.details.unwrap();
    assert_eq!((details.gateway_name.as_deref(), details.sealed_to), (Some("Bern"), vec![theirs.clone()]));
    let calls = harness.gateways.calls.borrow();
    let last = calls.last().unwrap();
    assert_eq!((&last.gateway, last.boxes.keys().collect::<Vec<_>>()), (&other, vec![&theirs]));
    let told = harness.db.query("SELECT changes FROM audit WHERE action = 'connection.changed'");
    let told = told[0]["changes"].as_str().unwrap();
    assert!(told.contains("settings.gateway") && told.contains("credentials.sealed"), "{told}");
    assert!(!told.contains(&sealed_for(&theirs).sealed));
}

#[test]
fn a_name_changes_without_the_gateway_and_what_is_refused_changes_nothing() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, replica) = joined(&harness, &browser, "Berlin");
    let connection = database(&harness, &browser, &gateway, std::slice::from_ref(&replica));
    let before = harness.gateways.calls.borrow().len();
    let body = ChangeConnection { name: Some("Bills".to_owned()), ..ChangeConnection::default() };
    assert_eq!(change(&browser, &connection, &body).ok().effect, ChangeEffect::Saved);
    assert_eq!(harness.gateways.calls.borrow().len(), before);
    harness.gateways.next_failure(failure(FailureCode::TargetLogin, ""));
    let sealed = vec![SealedFor { sealed: base64url(&[9; 90]), ..sealed_for(&replica) }];
    let body = ChangeConnection { sealed, ..ChangeConnection::default() };
    change(&browser, &connection, &body).raw.problem(ProblemCode::CredentialsRefused);
    checked(&harness);
    assert_eq!(test(&browser, &connection).ok().summary.state.status, Status::Active);
    let calls = harness.gateways.calls.borrow();
    assert_eq!(
        calls.last().unwrap().boxes[&replica],
        sealed_for(&replica).sealed,
        "the boxes before are there still"
    );
}

#[test]
fn machines_without_a_box_are_served_by_the_others_until_none_is_left() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, old) = joined(&harness, &browser, "Berlin");
    let connection = database(&harness, &browser, &gateway, std::slice::from_ref(&old));
    let new = join(&harness, &browser.tenant(), &gateway);
    // The one with a box is there still, and offline.
    harness.gateways.next_failure(GatewayFailure::Away(GatewayAway::NoBox));
    let state = test(&browser, &connection).ok().summary.state;
    assert_eq!((state.status, state.reason), (Status::Degraded, Reason::GatewayOffline));
    assert!(state.provider_words.unwrap().contains("offline"));
    // It left.
    harness.db.query(&format!("DELETE FROM gateway_replicas WHERE id = '{old}'"));
    harness.gateways.next_failure(GatewayFailure::Away(GatewayAway::NoBox));
    let problem =
        run(&browser, &connection, "tables", &json!({})).raw.problem(ProblemCode::ConnectionInvalid);
    assert!(
        problem.detail.contains("Enter the password again: the gateway has new machines."),
        "{}",
        problem.detail
    );
    let state = read(&browser, &connection).ok().summary.state;
    assert_eq!((state.status, state.reason), (Status::Invalid, Reason::PasswordNeeded));
    // The password, entered again, mends it.
    checked(&harness);
    let body = ChangeConnection { sealed: vec![sealed_for(&new)], ..ChangeConnection::default() };
    let changed = change(&browser, &connection, &body).ok();
    assert_eq!(changed.connection.summary.state.status, Status::Active);
    assert_eq!(changed.connection.details.unwrap().sealed_to, [new]);
}

#[test]
fn a_connection_is_moved_away_from_a_gateway_that_was_disconnected() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, _) = joined(&harness, &browser, "Berlin");
    let (other, _) = joined(&harness, &browser, "Bern");
    let connection = http(&harness, &browser, &gateway);
    let gone = browser.send(Method::DELETE, &format!("/api/v1/gateways/{gateway}"), None);
    assert_eq!(gone.status, 204);
    harness.gateways.next_http(200, &[], "fine");
    let changed = change(&browser, &connection, &moved(&other, "intranet")).ok();
    let state = changed.connection.summary.state;
    assert_eq!((state.status, state.reason), (Status::Active, Reason::Proved));
    assert_eq!(changed.connection.summary.id, connection.summary.id);
}
