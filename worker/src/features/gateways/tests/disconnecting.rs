//! The end of a gateway, and what becomes of the connections through it.

use std::rc::Rc;

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::id::{ConnectionEventId, GatewayId, Id};
use drawbridge_domain::time::MINUTE;
use http::Method;
use serde_json::{Value as Json, json};

use super::{AGENT, Agent, at, audited, join, link, links, make, ok};
use crate::ports::GatewayOrder;
use crate::testing::{Browser, Harness};

/// A connection that goes through a gateway, as making one writes it.
fn connect(harness: &Rc<Harness>, browser: &Browser, gateway: &GatewayId, name: &str, state: &str) -> String {
    let (tenant, user) = (browser.tenant(), browser.who_am_i().user.id);
    let number =
        harness.db.query("SELECT COUNT(*) AS number FROM connections")[0]["number"].as_i64().unwrap();
    let id = format!("con_0000000001{number:016}");
    let (status, reason, deleted) = match state {
        "deleted" => ("active", "proved", "1"),
        "disabled" => ("disabled", "switched_off", "NULL"),
        "invalid" => ("invalid", "credentials_refused", "NULL"),
        status => (status, "proved", "NULL"),
    };
    harness.db.query(&format!(
        "INSERT INTO connections (tenant_id, id, name, name_key, connector, auth, settings, status, reason, status_since,
           created_by, created_at, deleted_at, deleted_by, destroy_at)
         VALUES ('{tenant}', '{id}', '{name}', lower('{name}'), 'sandbox-crm', 'api-key',
           '{{\"gateway\":\"{gateway}\",\"target\":\"SQL01\"}}', '{status}', '{reason}', 1, '{user}', 1, {deleted},
           iif({deleted} IS NULL, NULL, '{user}'), {deleted})"
    ));
    id
}

fn disconnect(browser: &Browser, id: &GatewayId) -> u16 {
    browser.send(Method::DELETE, &at(id), Some(b"{}".to_vec())).status
}

#[test]
fn its_connections_are_listed_by_name_and_page() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let ((id, _), (other, _)) = (make(&browser, "Berlin"), make(&browser, "Bern"));
    for (name, state) in [("Orders", "active"), ("archive", "deleted"), ("Billing", "invalid")] {
        connect(&harness, &browser, &id, name, state);
    }
    connect(&harness, &browser, &other, "Elsewhere", "active");
    let target = format!("{}/connections", at(&id));
    let first = ok(browser.send(Method::GET, &format!("{target}?pageSize=2"), None));
    let names = |page: &Json| {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|item| item["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&first), ["archive", "Billing"]);
    assert!(first["items"][0]["deleted"].is_object());
    let next = format!("{target}?cursor={}", first["nextCursor"].as_str().unwrap());
    assert_eq!(names(&ok(browser.send(Method::GET, &next, None))), ["Orders"]);
    assert_eq!(names(&ok(browser.send(Method::GET, &format!("{target}?status=invalid"), None))), ["Billing"]);
    assert_eq!(ok(browser.send(Method::GET, &at(&id), None))["connections"], json!(3));
    let (_, eve) = harness.other_tenant();
    eve.send(Method::GET, &target, None).problem(ProblemCode::NotFound);
}

#[test]
fn a_disconnected_gateway_is_gone_and_its_connections_are_invalid() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let tenant = browser.tenant();
    let ((id, _), (other, _)) = (make(&browser, "Berlin"), make(&browser, "Bern"));
    let confirms = join(&harness, &tenant, &id, &AGENT);
    harness.clock.advance(1);
    join(&harness, &tenant, &id, &Agent { machine: "GW02", linked: false, ..AGENT });
    links(&harness, &id, vec![link(&harness, &confirms, true)]);
    let cut: Vec<String> =
        (0..25).map(|number| connect(&harness, &browser, &id, &format!("Cut {number}"), "active")).collect();
    let kept = [("Off", "disabled"), ("Refused", "invalid"), ("Gone", "deleted")]
        .map(|(name, state)| (connect(&harness, &browser, &id, name, state), state));
    let elsewhere = connect(&harness, &browser, &other, "Elsewhere", "active");
    assert_eq!(disconnect(&browser, &id), 204);
    assert_eq!(disconnect(&browser, &id), 404);
    for table in ["gateway_replicas", "gateway_codes"] {
        let rows = harness.db.query(&format!("SELECT 1 FROM {table} WHERE gateway_id = '{id}'"));
        assert!(rows.is_empty(), "{table}");
    }
    let state = |id: &str| {
        let sql = format!("SELECT status, reason, version FROM connections WHERE id = '{id}'");
        harness.db.query(&sql)[0].clone()
    };
    for id in &cut {
        assert_eq!(state(id), json!({ "status": "invalid", "reason": "gateway_disconnected", "version": 2 }));
        let events =
            harness.db.query(&format!("SELECT id FROM connection_events WHERE connection_id = '{id}'"));
        assert_eq!(events.len(), 1);
        assert!(ConnectionEventId::parse(events[0]["id"].as_str().unwrap()).is_ok(), "{events:?}");
        let page = ok(browser.send(Method::GET, &format!("/api/v1/connections/{id}"), None));
        assert_eq!(page["state"]["reason"], json!("gateway_disconnected"));
    }
    for (id, before) in &kept {
        assert_ne!(state(id)["reason"], json!("gateway_disconnected"), "{before}");
    }
    assert_eq!(state(&elsewhere)["status"], json!("active"));
    assert_eq!(
        audited(&harness, "connection.status_changed").len(),
        25,
        "one each, so that webhooks hear of each"
    );
    assert_eq!(
        audited(&harness, "gateway.disconnected"),
        [(
            "done".to_owned(),
            json!({
                "name": { "before": "Berlin" }, "machines": { "before": ["GW01", "GW02"] }, "connections": { "before": 28 },
            })
        )]
    );
    assert_eq!(
        audited(&harness, "gateway.keys_erased"),
        [(
            "done".to_owned(),
            json!({ "confirmedBy": { "after": ["GW01"] }, "notConfirmedBy": { "after": ["GW02"] } })
        )]
    );
    assert!(harness.gateways.orders.borrow().contains(&(id, GatewayOrder::Disconnect)));
}

#[test]
fn nobody_confirms_what_nobody_heard() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (id, _) = make(&browser, "Berlin");
    join(&harness, &browser.tenant(), &id, &Agent { linked: false, ..AGENT });
    assert_eq!(disconnect(&browser, &id), 204);
    assert_eq!(audited(&harness, "gateway.keys_erased")[0].0, "refused");
    let (fresh, _) = make(&browser, "Fresh");
    assert_eq!(disconnect(&browser, &fresh), 204);
    assert_eq!(audited(&harness, "gateway.keys_erased").len(), 1, "no agent, no key");
}

/// The scheduled run of every five minutes.
fn upkeep(harness: &Rc<Harness>) {
    pollster::block_on(crate::features::upkeep::often(&harness.services));
}

#[test]
fn what_a_process_leaves_behind_that_breaks_between_two_batches_is_recorded_by_upkeep() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (id, _) = make(&browser, "Berlin");
    let replica = join(&harness, &browser.tenant(), &id, &Agent { linked: false, ..AGENT });
    let mut cut: Vec<String> =
        (0..45).map(|number| connect(&harness, &browser, &id, &format!("Cut {number}"), "active")).collect();
    // The second batch fails, and so does whatever comes after it.
    harness.db.script(
        "CREATE TRIGGER breaks BEFORE DELETE ON gateway_cuts WHEN (SELECT COUNT(*) FROM gateway_cuts) <= 25
         BEGIN SELECT RAISE(ABORT, 'the process is gone'); END;
         CREATE TRIGGER breaks_too BEFORE DELETE ON gateway_farewells
         BEGIN SELECT RAISE(ABORT, 'the process is gone'); END;",
    );
    assert_eq!(disconnect(&browser, &id), 204);
    let invalid = "SELECT 1 FROM connections WHERE status = 'invalid' AND reason = 'gateway_disconnected'";
    assert_eq!(harness.db.query(invalid).len(), 45, "all at once, whatever is recorded");
    assert_eq!(audited(&harness, "connection.status_changed").len(), 20);
    assert!(audited(&harness, "gateway.keys_erased").is_empty());
    // Its agent confirmed it after whoever had asked was gone.
    harness
        .db
        .script("DROP TRIGGER breaks; DROP TRIGGER breaks_too; UPDATE gateway_farewells SET erased = 1");
    upkeep(&harness);
    assert_eq!(audited(&harness, "connection.status_changed").len(), 20, "it may still be under way");
    harness.clock.advance(2 * MINUTE);
    upkeep(&harness);
    upkeep(&harness);
    let recorded =
        "SELECT object_id FROM audit WHERE action = 'connection.status_changed' ORDER BY object_id";
    let recorded: Vec<_> =
        harness.db.query(recorded).iter().map(|row| row["object_id"].as_str().unwrap().to_owned()).collect();
    cut.sort();
    assert_eq!(recorded, cut, "each once");
    assert_eq!(
        audited(&harness, "gateway.keys_erased"),
        [(
            "done".to_owned(),
            json!({ "confirmedBy": { "after": ["GW01"] }, "notConfirmedBy": { "after": [] } })
        )]
    );
    let dismissed = (id, GatewayOrder::Dismiss(vec![replica]));
    assert_eq!(
        harness.gateways.orders.borrow().iter().filter(|order| **order == dismissed).count(),
        1,
        "told again"
    );
}
