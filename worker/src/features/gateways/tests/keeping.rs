//! Making, renaming, switching off and on, and codes.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::gateway::code::{LIFE, normalise};
use drawbridge_domain::id::Id;
use drawbridge_domain::role::Role;
use drawbridge_domain::time::MINUTE;
use http::Method;
use serde_json::{Value as Json, json};

use super::{AGENT, ALL, Agent, at, audited, join, make, ok, read};
use crate::encoding::hashed;
use crate::ports::GatewayOrder;
use crate::testing::Harness;

#[test]
fn a_code_is_told_once_and_only_its_hash_is_kept() {
    let harness = Harness::new();
    let browser = harness.set_up();
    browser.with("idempotency-key", "one");
    let answer = browser.send_json(Method::POST, ALL, &json!({ "name": "  Berlin " }));
    assert_eq!((answer.status, answer.header("etag")), (201, Some("\"v1\"")));
    let first = answer.json();
    let code = first["code"].as_str().unwrap();
    let normal = normalise(code).unwrap();
    assert_eq!(
        (&first["gateway"]["name"], &first["gateway"]["status"]),
        (&json!("Berlin"), &json!("awaitingSetup"))
    );
    let until = harness.services.now().plus(LIFE).to_string();
    assert_eq!(first["gateway"]["codeUntil"], json!(until));
    let again = ok(browser.send_json(Method::POST, ALL, &json!({ "name": "  Berlin " })));
    assert_eq!((&again["gateway"], &again["code"]), (&first["gateway"], &Json::Null), "the same one, untold");
    browser.plain();
    let kept = harness.db.query("SELECT * FROM gateway_codes");
    assert_eq!((kept.len(), &kept[0]["hash"]), (1, &json!(hashed(&normal))));
    let dump = format!("{:?}", harness.db.dump(&[]));
    assert!(!dump.contains(code) && !dump.contains(&normal), "nowhere");
    assert_eq!(audited(&harness, "gateway.created")[0].1, json!({ "name": { "after": "Berlin" } }));
}

#[test]
fn a_new_code_ends_the_one_before_and_a_full_gateway_gets_none() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (id, first) = make(&browser, "Berlin");
    harness.clock.advance(11 * MINUTE);
    assert_eq!(read(&browser, &id)["codeUntil"], Json::Null, "its ten minutes are over");
    let target = format!("{}/code", at(&id));
    let made = ok(browser.send_json(Method::POST, &target, &json!({})));
    let code = made["code"].as_str().unwrap();
    assert_ne!(code, first);
    assert_eq!(read(&browser, &id)["codeUntil"], made["gateway"]["codeUntil"]);
    let kept = harness.db.query("SELECT hash FROM gateway_codes");
    assert_eq!(kept, [json!({ "hash": hashed(&normalise(code).unwrap()) })]);
    for machine in 0..16 {
        let agent = Agent { machine: &format!("GW{machine}"), ..AGENT };
        join(&harness, &browser.tenant(), &id, &agent);
    }
    let problem = browser.send_json(Method::POST, &target, &json!({})).problem(ProblemCode::Conflict);
    assert!(problem.detail.contains("16 machines"), "{}", problem.detail);
}

#[test]
fn bad_names_are_told_and_the_limit_is_kept() {
    let harness = Harness::new();
    let browser = harness.set_up();
    for (name, code) in
        [(json!(" "), "missing"), (json!("a<b"), "forbidden_character"), (json!("x".repeat(61)), "too_long")]
    {
        let codes = browser.send_json(Method::POST, ALL, &json!({ "name": name })).field_codes();
        assert_eq!(codes, [("name".to_owned(), code.to_owned())]);
    }
    for number in 0..100 {
        make(&browser, &format!("Gateway {number}"));
    }
    browser.send_json(Method::POST, ALL, &json!({ "name": "One more" })).problem(ProblemCode::QuotaExceeded);
    let usage = ok(browser.send(Method::GET, "/api/v1/tenant/usage", None));
    let gateways = usage["limits"].as_array().unwrap().iter().find(|limit| limit["limited"] == "gateways");
    assert_eq!(gateways, Some(&json!({ "limited": "gateways", "used": 100, "most": 100 })));
}

#[test]
fn a_name_is_changed_in_the_version_that_was_read() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (id, _) = make(&browser, "Berlin");
    browser.with("if-match", "\"v1\"");
    let answer = browser.send_json(Method::PATCH, &at(&id), &json!({ "name": "Bern" }));
    assert_eq!((answer.status, answer.header("etag")), (200, Some("\"v2\"")));
    assert_eq!(answer.json(), read(&browser, &id));
    browser
        .send_json(Method::PATCH, &at(&id), &json!({ "name": "Basel" }))
        .problem(ProblemCode::PreconditionFailed);
    browser.with("if-match", "\"v2\"");
    let same = browser.send_json(Method::PATCH, &at(&id), &json!({ "name": "Bern" }));
    assert_eq!(same.header("etag"), Some("\"v2\""), "nothing is new");
    assert_eq!(audited(&harness, "gateway.changed").len(), 1);
}

#[test]
fn switching_off_is_told_to_the_hub_and_done_once() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (id, _) = make(&browser, "Berlin");
    let turn = |what: &str| browser.send_json(Method::POST, &format!("{}/{what}", at(&id)), &json!({}));
    turn("enable").problem(ProblemCode::Conflict);
    assert_eq!(ok(turn("disable"))["status"], json!("disabled"));
    turn("disable").problem(ProblemCode::Conflict);
    assert_eq!(*harness.gateways.orders.borrow(), [(id.clone(), GatewayOrder::Disable)]);
    assert_eq!(ok(turn("enable"))["status"], json!("awaitingSetup"));
    assert_eq!(audited(&harness, "gateway.disabled").len() + audited(&harness, "gateway.enabled").len(), 2);
}

#[test]
fn designers_choose_a_gateway_and_see_no_more_of_it() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let (id, _) = make(&ada, "Berlin");
    let targets = json!([{ "name": "SQL01", "kind": "sqlserver", "state": "reachable" }]);
    let replica = join(&harness, &ada.tenant(), &id, &Agent { targets, ..AGENT });
    harness.db.query(&format!("UPDATE gateway_replicas SET sealing_key = 'ab' WHERE id = '{replica}'"));
    let (_, grace) = harness.add_user(&ada.tenant(), Role::Designer, "grace@example.com");
    for refused in
        [ALL.to_owned(), at(&id), format!("{}/events", at(&id)), format!("{}/connections", at(&id))]
    {
        grace.send(Method::GET, &refused, None).problem(ProblemCode::NeedsRole);
    }
    let choices = ok(grace.send(Method::GET, "/api/v1/gateway-choices", None));
    let berlin = json!({ "id": id, "name": "Berlin", "status": "online" });
    assert_eq!(choices, json!({ "items": [berlin] }));
    let found = ok(grace.send(Method::GET, &format!("{}/targets", at(&id)), None));
    assert_eq!(
        found,
        json!({
            "gateway": berlin,
            "items": [{ "name": "SQL01", "kind": "sqlserver", "finding": "reachable", "replicas": 1 }],
            "sealing": [{ "replica": replica.as_str(), "key": "ab" }],
        })
    );
}
