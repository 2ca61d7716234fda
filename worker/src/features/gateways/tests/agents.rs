//! New keys, no new calls, the end of one agent.

use drawbridge_contract::problem::ProblemCode;
use http::Method;
use serde_json::json;

use super::{AGENT, Agent, at, audited, join, link, links, make, ok, read};
use crate::ports::GatewayOrder;
use crate::testing::Harness;

#[test]
fn keys_are_changed_where_agents_are_online_and_confirm_it() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let tenant = browser.tenant();
    let (id, _) = make(&browser, "Berlin");
    let rotate = || browser.send_json(Method::POST, &format!("{}/rotate-key", at(&id)), &json!({}));
    let offline = rotate().problem(ProblemCode::Conflict);
    assert!(offline.detail.contains("online"), "{}", offline.detail);
    let first = join(&harness, &tenant, &id, &AGENT);
    let second = join(&harness, &tenant, &id, &Agent { machine: "GW02", ..AGENT });
    let states = |done: [bool; 2]| vec![link(&harness, &first, done[0]), link(&harness, &second, done[1])];
    links(&harness, &id, states([false, false]));
    rotate().problem(ProblemCode::GatewayFailed);
    links(&harness, &id, states([true, false]));
    let answer = ok(rotate());
    assert_eq!((&answer["rotated"], &answer["asked"]), (&json!(1), &json!(2)));
    let told = |rotated: u32| json!({ "asked": { "after": 2 }, "rotated": { "after": rotated } });
    let records = audited(&harness, "gateway.key_rotated");
    assert_eq!(records, [("refused".to_owned(), told(0)), ("done".to_owned(), told(1))]);
}

#[test]
fn an_agent_is_drained_while_it_is_online() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let tenant = browser.tenant();
    let (id, _) = make(&browser, "Berlin");
    let replica = join(&harness, &tenant, &id, &AGENT);
    let away = join(&harness, &tenant, &id, &Agent { machine: "GW02", linked: false, ..AGENT });
    let drain =
        |of: &str| browser.send_json(Method::POST, &format!("{}/replicas/{of}/drain", at(&id)), &json!({}));
    drain(&away.to_string()).problem(ProblemCode::Conflict);
    drain(&replica.to_string()).problem(ProblemCode::Conflict);
    links(&harness, &id, vec![link(&harness, &replica, false)]);
    ok(drain(&replica.to_string()));
    let drained = GatewayOrder::Drain(replica);
    assert_eq!(harness.gateways.orders.borrow().iter().filter(|(_, order)| *order == drained).count(), 2);
    assert_eq!(audited(&harness, "gateway.replica_drained").len(), 1);
    drain("gwr_0000000001zzzzzzzzzzzzzzzz").problem(ProblemCode::NotFound);
}

#[test]
fn a_removed_agent_has_no_key_and_the_log_says_whether_it_erased_it() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let tenant = browser.tenant();
    let (id, _) = make(&browser, "Berlin");
    let (other, _) = make(&browser, "Bern");
    let replica = join(&harness, &tenant, &id, &AGENT);
    join(&harness, &tenant, &id, &Agent { machine: "GW02", ..AGENT });
    let target = format!("{}/replicas/{replica}", at(&id));
    let elsewhere = format!("{}/replicas/{replica}", at(&other));
    browser.send(Method::DELETE, &elsewhere, Some(b"{}".to_vec())).problem(ProblemCode::NotFound);
    links(&harness, &id, vec![link(&harness, &replica, true)]);
    assert_eq!(browser.send(Method::DELETE, &target, Some(b"{}".to_vec())).status, 204);
    browser.send(Method::DELETE, &target, Some(b"{}".to_vec())).problem(ProblemCode::NotFound);
    links(&harness, &id, Vec::new());
    assert_eq!(read(&browser, &id)["machines"], json!(["GW02"]));
    assert_eq!(
        audited(&harness, "gateway.keys_erased"),
        [(
            "done".to_owned(),
            json!({ "confirmedBy": { "after": ["GW01"] }, "notConfirmedBy": { "after": [] } })
        )]
    );
    let dismissed = (id, GatewayOrder::Dismiss(vec![replica]));
    assert!(harness.gateways.orders.borrow().contains(&dismissed));
}
