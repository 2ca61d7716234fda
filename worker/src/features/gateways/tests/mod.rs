//! Tests of the feature, through the router.

mod agents;
mod disconnecting;
mod keeping;
mod listing;

use std::rc::Rc;

use drawbridge_contract::link::messages::{Report, TargetReport};
use drawbridge_contract::link::{FailureCode, TargetState};
use drawbridge_domain::gateway::target::TargetKind;
use drawbridge_domain::id::{GatewayId, Id, ReplicaId, TenantId};
use http::Method;
use serde_json::{Value as Json, json};

use crate::new_id;
use crate::ports::{GatewayState, LinkState};
use crate::testing::{Browser, Harness, TestAnswer};

const ALL: &str = "/api/v1/gateways";

#[track_caller]
fn ok(answer: TestAnswer) -> Json {
    assert!(answer.status < 300, "{} {}", answer.status, answer.text());
    answer.json()
}

/// Makes a gateway; its id and its code.
#[track_caller]
fn make(browser: &Browser, name: &str) -> (GatewayId, String) {
    let made = ok(browser.send_json(Method::POST, ALL, &json!({ "name": name })));
    let id = GatewayId::parse(made["gateway"]["id"].as_str().unwrap()).unwrap();
    (id, made["code"].as_str().unwrap().to_owned())
}

fn at(id: &GatewayId) -> String {
    format!("{ALL}/{id}")
}

#[track_caller]
fn read(browser: &Browser, id: &GatewayId) -> Json {
    ok(browser.send(Method::GET, &at(id), None))
}

/// An agent that has joined.
struct Agent<'a> {
    machine: &'a str,
    version: &'a str,
    linked: bool,
    targets: Json,
}

const AGENT: Agent<'static> = Agent { machine: "GW01", version: "2.3.0", linked: true, targets: Json::Null };

/// Has an agent join, as the link writes it down.
fn join(harness: &Rc<Harness>, tenant: &TenantId, gateway: &GatewayId, agent: &Agent<'_>) -> ReplicaId {
    let services = &harness.services;
    let (id, now) = (new_id!(services, ReplicaId).unwrap(), services.now().millis());
    let Agent { machine, version, linked, targets } = agent;
    let (since, seen) = if *linked { (now.to_string(), now) } else { ("NULL".to_owned(), now - 60_000) };
    let targets = if targets.is_null() { json!([]) } else { targets.clone() };
    let failing = targets.as_array().unwrap().iter().filter(|target| target["state"] == "failing").count();
    harness.db.query(&format!(
        "INSERT INTO gateway_replicas (tenant_id, gateway_id, id, public_key, machine, platform, agent_version, created_at,
           targets, calls, bytes_in)
         VALUES ('{tenant}', '{gateway}', '{id}', '{id}', '{machine}', 'linux/x86_64', '{version}', {now}, '{targets}',
           7, 70)"
    ));
    harness.db.query(&format!(
        "UPDATE gateway_replicas SET linked_since = {since}, last_seen_at = {seen}, failing = {failing} WHERE id = '{id}'"
    ));
    id
}

/// What the hub says of a link.
fn link(harness: &Rc<Harness>, replica: &ReplicaId, done: bool) -> LinkState {
    let now = harness.services.now();
    let (replica, report) = (replica.clone(), None);
    LinkState { replica, since: now, heard: now, draining: false, under_way: 0, report, done }
}

fn links(harness: &Rc<Harness>, gateway: &GatewayId, links: Vec<LinkState>) {
    harness.gateways.states.borrow_mut().insert(gateway.clone(), GatewayState { links });
}

/// A report with one target that fails.
fn failing() -> Report {
    let target = TargetReport {
        name: "SQL01".to_owned(),
        kind: TargetKind::SqlServer,
        state: TargetState::Failing,
        reason: Some(FailureCode::TargetUnreachable),
        credentials: None,
    };
    Report { targets: vec![target], round_trip: Some(12), calls: 9, failed: 1, bytes_in: 90, bytes_out: 900 }
}

/// The changes of the records of one action, in order, with their outcomes.
fn audited(harness: &Harness, action: &str) -> Vec<(String, Json)> {
    let sql = format!("SELECT outcome, changes FROM audit WHERE action = '{action}' ORDER BY seq");
    let rows = harness.db.query(&sql);
    let read = |row: &Json| {
        let changes = serde_json::from_str(row["changes"].as_str().unwrap()).unwrap();
        (row["outcome"].as_str().unwrap().to_owned(), changes)
    };
    rows.iter().map(read).collect()
}
