//! Joining with a code, and leaving.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::id::Id;
use drawbridge_domain::time::MINUTE;
use http::Method;
use serde_json::json;

use super::{World, enrol, enrolment, joined, key, made, public};
use crate::ports::GatewayOrder;
use crate::testing::TestAnswer;

fn leave(world: &World, body: &serde_json::Value) -> TestAnswer {
    let machine = world.harness.browser();
    machine.with("origin", "");
    machine.send_json(Method::POST, "/gateway/v1/leave", body)
}

#[test]
fn a_machine_joins_with_a_code_once() {
    let world = World::new();
    assert_eq!(world.status().0, "awaitingSetup");
    let body = enrolment(&key(1), &world.code);
    let answer = enrol(&world.harness, &body);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!((&answer.json()["name"], &answer.json()["tenant"]), (&json!("Berlin"), &json!("Acme")));
    assert_eq!(world.status().0, "offline");
    let row =
        world.row("SELECT public_key, machine, platform, agent_version, linked_since FROM gateway_replicas");
    assert_eq!(row["public_key"], public(&key(1)));
    assert_eq!((&row["machine"], &row["linked_since"]), (&json!("GW01"), &json!(null)));
    assert_eq!(world.events(), ["joined"]);
    let record =
        world.row("SELECT actor_type, address, changes FROM audit WHERE action = 'gateway.replica_joined'");
    assert_eq!((&record["actor_type"], &record["address"]), (&json!("system"), &json!("192.0.2.7")));
    assert!(record["changes"].as_str().unwrap().contains("GW01"));

    let again = enrol(&world.harness, &enrolment(&key(2), &world.code)).problem(ProblemCode::Conflict);
    assert!(again.detail.contains("used already"), "{}", again.detail);
    assert_eq!(world.row("SELECT COUNT(*) AS n FROM gateway_replicas")["n"], 1);
}

#[test]
fn a_code_ends_after_ten_minutes() {
    let world = World::new();
    world.harness.clock.advance(10 * MINUTE);
    let late = enrol(&world.harness, &enrolment(&key(1), &world.code)).problem(ProblemCode::Conflict);
    assert!(late.detail.contains("10 minutes"), "{}", late.detail);
    assert_eq!(world.status().0, "awaitingSetup");
}

#[test]
fn whoever_guesses_codes_has_to_wait_and_others_do_not() {
    let world = World::new();
    let mut waits = 0;
    for guess in 0..12 {
        let answer = enrol(&world.harness, &enrolment(&key(1), &format!("0000-0000-{guess:04}")));
        if answer.status == 429 {
            answer.problem(ProblemCode::TooManyRequests);
            waits += 1;
        } else {
            answer.problem(ProblemCode::NotFound);
        }
    }
    assert!(waits > 4, "{waits} of 12 guesses had to wait");
    enrol(&world.harness, &enrolment(&key(1), &world.code)).problem(ProblemCode::TooManyRequests);
    let elsewhere = world.harness.browser();
    elsewhere.with("origin", "").with("cf-connecting-ip", "198.51.100.9");
    let answer = elsewhere.send_json(Method::POST, "/gateway/v1/enroll", &enrolment(&key(1), &world.code));
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[test]
fn what_is_wrong_with_a_machine_is_told_and_the_code_stays_good() {
    let world = World::new();
    let good = enrolment(&key(1), &world.code);
    let with = |name: &str, value: serde_json::Value| {
        let mut body = good.clone();
        body[name] = value;
        world.harness.db.query("DELETE FROM throttles");
        enrol(&world.harness, &body)
    };
    let wrong = |name: &str, value: &str| {
        let codes = with(name, json!(value)).field_codes();
        assert_eq!(codes[0].0, name, "{value}");
    };
    wrong("key", "00");
    wrong("key", &"G".repeat(64));
    wrong("signature", "x");
    wrong("signature", &"0".repeat(128));
    wrong("version", "newest");
    wrong("machine", "");
    wrong("machine", "a\u{7}b");
    wrong("machine", "a\u{202e}b");
    wrong("machine", &"a".repeat(254));
    wrong("platform", &"a".repeat(65));
    // Another key, and bytes that are no key at all, have not signed it.
    for other in [public(&key(2)), "f".repeat(64)] {
        assert_eq!(with("key", json!(other)).field_codes()[0].0, "signature");
    }
    with("version", json!("1.9.9")).problem(ProblemCode::Conflict);
    with("code", json!("no code")).problem(ProblemCode::NotFound);
    with("more", json!(1)).problem(ProblemCode::InvalidFields);
    world.harness.db.query("DELETE FROM throttles");
    assert_eq!(enrol(&world.harness, &good).status, 200);
}

#[test]
fn a_signature_for_another_server_is_worth_nothing() {
    let world = World::new();
    let (code, key) = (world.code.replace('-', ""), key(1));
    let text = drawbridge_contract::link::proof::Enrolling {
        server: "https://evil.example",
        code: &code,
        key: &key.verifying_key().to_bytes(),
    }
    .text();
    let mut body = enrolment(&key, &world.code);
    body["signature"] = json!(super::signed(&key, &text));
    let answer = enrol(&world.harness, &body);
    let problem = answer.problem(ProblemCode::InvalidFields);
    assert!(problem.fields[0].message.contains("https://drawbridge.example"), "{problem:?}");
}

#[test]
fn a_gateway_has_sixteen_machines_at_most() {
    let world = World::new();
    joined(&world.harness, &world.code, 1);
    let code = world.new_code();
    world.harness.db.query("UPDATE gateways SET replicas = 16");
    let full = enrol(&world.harness, &enrolment(&key(2), &code)).problem(ProblemCode::Conflict);
    assert!(full.detail.contains("16"), "{}", full.detail);
}

#[test]
fn a_machine_leaves_and_its_key_is_worth_nothing() {
    let world = World::new();
    let machine = joined(&world.harness, &world.code, 1);
    let now = world.now().millis();
    let mut forged = machine.leaving(now);
    forged["signature"] = json!("0".repeat(128));
    let refused = leave(&world, &forged).problem(ProblemCode::NotFound);
    let mut unknown = machine.leaving(now);
    unknown["gateway"] = json!(made(&world.admin, "Other").0.as_str());
    assert_eq!(
        leave(&world, &unknown).problem(ProblemCode::NotFound).detail,
        refused.detail,
        "the same words"
    );
    for old in [now - 6 * MINUTE, now + 6 * MINUTE, i64::MIN, i64::MAX, now.wrapping_sub(i64::MIN)] {
        leave(&world, &machine.leaving(old)).problem(ProblemCode::NotFound);
    }
    leave(&world, &json!({"gateway": 1})).problem(ProblemCode::InvalidFields);

    assert_eq!(leave(&world, &machine.leaving(now)).status, 204);
    assert_eq!(world.row("SELECT COUNT(*) AS n FROM gateway_replicas")["n"], 0);
    let orders = world.harness.gateways.orders.borrow().clone();
    let dismiss = (world.gateway.clone(), GatewayOrder::Dismiss(vec![machine.replica.clone()]));
    assert_eq!(orders.last(), Some(&dismiss));
    let record = world.row("SELECT changes FROM audit WHERE action = 'gateway.replica_left'");
    assert!(record["changes"].as_str().unwrap().contains("GW01"));
    leave(&world, &machine.leaving(now)).problem(ProblemCode::NotFound);
}
