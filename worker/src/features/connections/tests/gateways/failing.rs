//! What failures say of a connection through a gateway.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::connection::{Reason, Status};
use http::Method;
use serde_json::json;

use super::super::using::run;
use super::super::{read, test};
use super::*;
use crate::features::connections::{check_due, gateway_is_back};
use crate::ports::GatewayAway;

fn state(browser: &Browser, connection: &Connection) -> (Status, Reason) {
    let state = read(browser, connection).ok().summary.state;
    (state.status, state.reason)
}

#[test]
fn a_test_says_what_is_wrong_with_gateway_target_or_login() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, replica) = joined(&harness, &browser, "Berlin");
    let connection = database(&harness, &browser, &gateway, &[replica]);
    for (found, status, reason) in [
        (GatewayFailure::Away(GatewayAway::NotLinked), Status::Degraded, Reason::GatewayOffline),
        (GatewayFailure::Broke("lost".to_owned()), Status::Degraded, Reason::TimedOut),
        (failure(FailureCode::TargetNameUnknown, ""), Status::Degraded, Reason::TargetUnreachable),
        (failure(FailureCode::TargetTls, ""), Status::Degraded, Reason::TargetUnreachable),
        (failure(FailureCode::Deadline, ""), Status::Degraded, Reason::TimedOut),
        (failure(FailureCode::TargetLogin, "28P01"), Status::Invalid, Reason::CredentialsRefused),
        (failure(FailureCode::TargetNotAllowed, ""), Status::Invalid, Reason::TargetNotAllowed),
        (failure(FailureCode::CredentialsMissing, ""), Status::Invalid, Reason::TargetNotAllowed),
        (failure(FailureCode::CredentialsNeeded, ""), Status::Invalid, Reason::TargetNotAllowed),
        (failure(FailureCode::CredentialsUnreadable, ""), Status::Invalid, Reason::PasswordNeeded),
    ] {
        harness.gateways.next_failure(found.clone());
        let after = test(&browser, &connection).ok().summary.state;
        assert_eq!((after.status, after.reason), (status, reason), "{found:?}");
        if let GatewayFailure::Failed(said) = &found {
            let words = after.provider_words.unwrap();
            assert!(words.contains(said.code.words()) && words.contains(&said.detail), "{words}");
        }
        checked(&harness);
        assert_eq!(test(&browser, &connection).ok().summary.state.status, Status::Active);
    }
}

#[test]
fn a_use_of_an_offline_gateway_fails_at_once_and_comes_back_by_itself() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, _) = joined(&harness, &browser, "Berlin");
    let connection = http(&harness, &browser, &gateway);
    let problem =
        run(&browser, &connection, "get", &json!({ "path": "/a" })).raw.problem(ProblemCode::GatewayOffline);
    assert!(
        problem.detail.contains("Berlin") && problem.detail.contains("nothing was sent"),
        "{}",
        problem.detail
    );
    assert_eq!(state(&browser, &connection), (Status::Degraded, Reason::GatewayOffline));
    run(&browser, &connection, "get", &json!({ "path": "/a" })).raw.problem(ProblemCode::GatewayOffline);
    let events = harness.db.query("SELECT reason FROM connection_events ORDER BY id");
    assert_eq!(events.len(), 2, "said once: {events:?}");
    // It is back: the call goes through, and the connection is proved anew.
    harness.gateways.next_http(200, &[], "{}");
    harness.gateways.next_http(200, &[], "fine");
    assert!(run(&browser, &connection, "get", &json!({ "path": "/a" })).ok().done);
    assert_eq!(state(&browser, &connection), (Status::Active, Reason::Proved));
}

#[test]
fn what_found_the_gateway_away_is_looked_at_again_when_it_comes() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, _) = joined(&harness, &browser, "Berlin");
    let connection = http(&harness, &browser, &gateway);
    run(&browser, &connection, "get", &json!({ "path": "/a" })).raw.problem(ProblemCode::GatewayOffline);
    harness.db.query("UPDATE connections SET check_at = 9000000000000");
    let (services, tenant) = (&harness.services, browser.tenant());
    let back = |of: &GatewayId| {
        let statement = gateway_is_back(&tenant, of, services.now());
        pollster::block_on(services.db.batch(vec![statement])).unwrap();
        pollster::block_on(check_due(services)).unwrap()
    };
    assert_eq!(back(&GatewayId::new(0, [1; 10])), 0, "another gateway's coming says nothing");
    harness.gateways.next_http(200, &[], "fine");
    assert_eq!(back(&gateway), 1);
    assert_eq!(state(&browser, &connection), (Status::Active, Reason::Proved));
    assert_eq!(back(&gateway), 0);
}

#[test]
fn a_use_says_of_the_connection_what_is_about_it_and_nothing_of_one_call() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, _) = joined(&harness, &browser, "Berlin");
    let connection = http(&harness, &browser, &gateway);
    for (found, code) in [
        (failure(FailureCode::PathNotAllowed, ""), ProblemCode::GatewayFailed),
        (failure(FailureCode::Deadline, ""), ProblemCode::GatewayFailed),
        (GatewayFailure::Broke("lost".to_owned()), ProblemCode::GatewayFailed),
        (GatewayFailure::Away(GatewayAway::Busy), ProblemCode::GatewayOffline),
    ] {
        harness.gateways.next_failure(found.clone());
        run(&browser, &connection, "post", &json!({ "path": "/a" })).raw.problem(code);
        assert_eq!(state(&browser, &connection), (Status::Active, Reason::Proved), "{found:?}");
    }
    harness.gateways.next_failure(failure(FailureCode::TargetNotAllowed, ""));
    let problem = run(&browser, &connection, "get", &json!({ "path": "/a" }))
        .raw
        .problem(ProblemCode::ConnectionInvalid);
    assert!(problem.detail.contains("configuration"), "{}", problem.detail);
    assert_eq!(state(&browser, &connection), (Status::Invalid, Reason::TargetNotAllowed));
    // From now on nothing is sent, and the reason is said.
    let before = harness.gateways.calls.borrow().len();
    let problem = run(&browser, &connection, "get", &json!({ "path": "/a" }))
        .raw
        .problem(ProblemCode::ConnectionInvalid);
    assert!(problem.detail.contains("does not allow the target"), "{}", problem.detail);
    assert_eq!(harness.gateways.calls.borrow().len(), before);
}

#[test]
fn through_a_disabled_gateway_nothing_goes_whatever_its_links_say() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, _) = joined(&harness, &browser, "Berlin");
    let connection = http(&harness, &browser, &gateway);
    let before = harness.gateways.calls.borrow().len();
    harness.db.query("UPDATE gateways SET disabled = 1");
    harness.gateways.next_http(200, &[], "its agents were not told");
    let problem =
        run(&browser, &connection, "get", &json!({ "path": "/a" })).raw.problem(ProblemCode::GatewayOffline);
    let words = "The gateway “Berlin” is disabled, so nothing was sent. Enable the gateway";
    assert!(problem.detail.starts_with(words), "{}", problem.detail);
    assert_eq!(harness.gateways.calls.borrow().len(), before);
    harness.db.query("UPDATE gateways SET disabled = 0");
    harness.gateways.next_http(200, &[], "fine");
    assert!(run(&browser, &connection, "get", &json!({ "path": "/a" })).ok().done);
}

#[test]
fn what_an_agent_says_is_on_one_line_and_not_long() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, _) = joined(&harness, &browser, "Berlin");
    let connection = http(&harness, &browser, &gateway);
    let detail = format!("no\nway\u{202e}{}", "x".repeat(60_000));
    harness.gateways.next_failure(failure(FailureCode::TargetUnreachable, &detail));
    let problem =
        run(&browser, &connection, "get", &json!({ "path": "/a" })).raw.problem(ProblemCode::GatewayFailed);
    let words = read(&browser, &connection).ok().summary.state.provider_words.unwrap();
    for said in [problem.detail, words] {
        assert!(said.contains("no way x") && said.len() < 600, "{} bytes", said.len());
    }
}

#[test]
fn a_status_that_no_answer_has_is_none() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, _) = joined(&harness, &browser, "Berlin");
    let connection = http(&harness, &browser, &gateway);
    for status in [0, 100, 101, 199, 600, 999, u16::MAX] {
        harness.gateways.next_http(status, &[], "");
        let path = format!("/api/v1/connections/{}/proxy/a", connection.summary.id);
        browser.send(Method::GET, &path, None).problem(ProblemCode::GatewayFailed);
        harness.gateways.next_http(status, &[], "");
        run(&browser, &connection, "get", &json!({ "path": "/a" })).raw.problem(ProblemCode::GatewayFailed);
    }
    assert_eq!(state(&browser, &connection), (Status::Active, Reason::Proved));
}

#[test]
fn a_login_that_is_refused_in_use_is_not_tried_again() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, replica) = joined(&harness, &browser, "Berlin");
    let connection = database(&harness, &browser, &gateway, &[replica]);
    let before = harness.gateways.calls.borrow().len();
    harness.gateways.next_failure(failure(FailureCode::TargetLogin, ""));
    run(&browser, &connection, "tables", &json!({})).raw.problem(ProblemCode::ConnectionInvalid);
    assert_eq!(state(&browser, &connection), (Status::Invalid, Reason::CredentialsRefused));
    assert_eq!(harness.gateways.calls.borrow().len(), before + 1, "another try could lock the account");
}

#[test]
fn a_401_of_an_http_target_leads_to_the_proof() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, _) = joined(&harness, &browser, "Berlin");
    let connection = http(&harness, &browser, &gateway);
    harness.gateways.next_http(401, &[], "");
    harness.gateways.next_http(200, &[], "fine");
    assert_eq!(run(&browser, &connection, "get", &json!({ "path": "/a" })).ok().status, 401);
    assert_eq!(
        state(&browser, &connection),
        (Status::Active, Reason::Proved),
        "it was about this call alone"
    );
    harness.gateways.next_http(401, &[], "");
    harness.gateways.next_http(401, &[], "");
    run(&browser, &connection, "get", &json!({ "path": "/a" })).raw.problem(ProblemCode::ConnectionInvalid);
    assert_eq!(state(&browser, &connection), (Status::Invalid, Reason::CredentialsRefused));
}

#[test]
fn a_disconnected_gateway_makes_its_connections_invalid() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, _) = joined(&harness, &browser, "Berlin");
    let connection = http(&harness, &browser, &gateway);
    let answer = browser.send(Method::DELETE, &format!("/api/v1/gateways/{gateway}"), None);
    assert_eq!(answer.status, 204, "{}", answer.text());
    assert_eq!(state(&browser, &connection), (Status::Invalid, Reason::GatewayDisconnected));
    let problem = run(&browser, &connection, "get", &json!({ "path": "/a" }))
        .raw
        .problem(ProblemCode::ConnectionInvalid);
    assert!(problem.detail.contains("disconnected"), "{}", problem.detail);
    // Tested all the same, it says so still.
    assert_eq!(test(&browser, &connection).ok().summary.state.reason, Reason::GatewayDisconnected);
    let details = read(&browser, &connection).ok().details.unwrap();
    assert_eq!(details.gateway_name, None);
}
