//! Tests, redelivery, switching off, full queues, forgetting, and a new master key.

use std::rc::Rc;

use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::webhooks::WebhookDelivery;
use drawbridge_domain::time::{DAY, MINUTE};
use drawbridge_domain::webhook::{DeliveryState, LOG_MOST};
use http::Method;
use serde_json::json;

use super::{answers, asked, audited, deliveries, invite, make, read, run};
use crate::features::upkeep;
use crate::testing::{Browser, Harness, TestAnswer, chain};

fn delivery(answer: &TestAnswer) -> WebhookDelivery {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    serde_json::from_slice(&answer.body).unwrap()
}

fn redeliver(browser: &Browser, at: &str, old: &WebhookDelivery) -> TestAnswer {
    browser.send_json(Method::POST, &format!("{at}/deliveries/{}/redeliver", old.id), &json!({}))
}

#[test]
fn a_test_is_sent_once_and_its_answer_told() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, _) = make(&browser);
    answers(&harness, 404, "no such page");
    let failed = delivery(&browser.send_json(Method::POST, &format!("{at}/test"), &json!({})));
    assert_eq!(
        (failed.state, failed.next_at, failed.event.as_str()),
        (DeliveryState::Failed, None, "webhook.test")
    );
    assert_eq!(failed.attempts[0].answer, "no such page");
    assert!(failed.body.contains("\"type\":\"webhook.test\""), "{}", failed.body);
    assert!(read(&browser, &at).get("failingSince").is_none(), "a test is no event");
    answers(&harness, 200, "");
    let arrived = delivery(&browser.send_json(Method::POST, &format!("{at}/test"), &json!({})));
    assert_eq!(arrived.state, DeliveryState::Delivered);
    assert_ne!(arrived.message, failed.message);
    assert_eq!(audited(&harness, "webhook.tested").len(), 2);
}

#[test]
fn a_message_is_delivered_again_under_its_id() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, _) = make(&browser);
    answers(&harness, 200, "first");
    invite(&browser, "a@example.com");
    let first = deliveries(&browser, &at).remove(0);
    harness.clock.advance(1);
    answers(&harness, 500, "second");
    let again = delivery(&redeliver(&browser, &at, &first));
    assert_eq!((again.message.as_str(), &again.body), (first.message.as_str(), &first.body));
    assert_eq!((again.state, again.attempts.len()), (DeliveryState::Pending, 1), "tried as any other");
    assert_ne!(again.id, first.id);
    // One that waits has its next attempt now.
    answers(&harness, 500, "third");
    let hurried = delivery(&redeliver(&browser, &at, &again));
    assert_eq!((&hurried.id, hurried.attempts.len(), hurried.state), (&again.id, 2, DeliveryState::Pending));
    // Not while an attempt is under way.
    harness.db.query("UPDATE webhook_deliveries SET attempts = 3 WHERE attempts = 2");
    redeliver(&browser, &at, &again).problem(ProblemCode::Conflict);
    harness.db.query("UPDATE webhook_deliveries SET attempts = 2 WHERE attempts = 3");
    let (_, stranger) = harness.other_tenant();
    redeliver(&stranger, &at, &first).problem(ProblemCode::NotFound);
    let list = deliveries(&browser, &at);
    assert_eq!(list, [hurried, first.clone()], "newest first");
    let page = browser.send(Method::GET, &format!("{at}/deliveries?pageSize=1"), None).json();
    let cursor = page["nextCursor"].as_str().unwrap();
    let rest = browser.send(Method::GET, &format!("{at}/deliveries?cursor={cursor}"), None).json();
    assert_eq!(rest["items"], json!([first]));
    assert!(rest.get("nextCursor").is_none());
    let bad = browser.send(Method::GET, &format!("{at}/deliveries?cursor=x"), None);
    assert_eq!(bad.field_codes()[0].1, "bad_cursor");
}

#[test]
fn an_endpoint_that_is_gone_is_switched_off_with_what_waits() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, _) = make(&browser);
    answers(&harness, 500, "");
    invite(&browser, "a@example.com");
    answers(&harness, 410, "");
    invite(&browser, "b@example.com");
    let seen = read(&browser, &at);
    assert_eq!((&seen["enabled"], &seen["disabledBecause"]), (&json!(false), &json!("gone")));
    let all = deliveries(&browser, &at);
    assert!(all.iter().all(|one| one.state == DeliveryState::Failed && one.next_at.is_none()), "{all:?}");
    let told = audited(&harness, "webhook.disabled");
    assert_eq!(
        told,
        [json!({ "enabled": { "before": true, "after": false }, "reason": { "after": "gone" } })]
    );
    let actor = &harness.db.query("SELECT actor_type FROM audit WHERE action = 'webhook.disabled'")[0];
    assert_eq!(actor["actor_type"], "system");
    assert!(chain::verify(&harness.db).is_ok());
    let before = asked(&harness);
    invite(&browser, "c@example.com");
    assert_eq!(asked(&harness), before, "it is told nothing any more");
    redeliver(&browser, &at, &all[0]).problem(ProblemCode::Conflict);
}

#[test]
fn an_endpoint_that_takes_nothing_for_days_is_switched_off() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, _) = make(&browser);
    invite(&browser, "a@example.com");
    harness.clock.advance(2 * DAY);
    let browser = harness.browser_of("ada@example.com");
    invite(&browser, "b@example.com");
    run(&harness);
    assert_eq!(read(&browser, &at)["enabled"], true, "two days are not enough");
    harness.clock.advance(DAY + 1);
    let browser = harness.browser_of("ada@example.com");
    harness.db.query("UPDATE webhook_deliveries SET attempts = 7, next_at = 1 WHERE state = 'pending'");
    run(&harness);
    let seen = read(&browser, &at);
    assert_eq!((&seen["enabled"], &seen["disabledBecause"]), (&json!(false), &json!("failing")));
    assert_eq!(audited(&harness, "webhook.disabled").len(), 1);
    browser.with("if-match", "\"v2\"");
    let on = browser.send_json(Method::PATCH, &at, &json!({ "enabled": true })).json();
    assert_eq!((&on["enabled"], on.get("failingSince")), (&json!(true), None), "it begins anew");
}

#[test]
fn a_failing_endpoint_is_asked_once_a_run() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, _) = make(&browser);
    for email in ["a@example.com", "b@example.com", "c@example.com"] {
        invite(&browser, email);
    }
    harness.clock.advance(MINUTE);
    let before = asked(&harness);
    run(&harness);
    assert_eq!(asked(&harness), before + 1);
    assert!(deliveries(&browser, &at).iter().all(|one| one.state == DeliveryState::Pending));
}

#[test]
fn a_full_queue_drops_and_says_so_and_old_deliveries_are_forgotten() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, _) = make(&browser);
    harness.db.query(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000)
         INSERT INTO webhook_deliveries (tenant_id, webhook_id, id, message_id, event, body, state, next_at, created_at)
         SELECT tenant_id, id, 'whd_' || x, 'x', 'user.invited', '{}', 'pending', 9000000000000, 9000000000000
         FROM webhooks, n",
    );
    let before = asked(&harness);
    invite(&browser, "a@example.com");
    assert_eq!(asked(&harness), before);
    let dropped = harness.db.query("SELECT id, next_at FROM webhook_deliveries WHERE state = 'dropped'");
    assert_eq!((dropped.len(), &dropped[0]["next_at"]), (1, &json!(null)));
    let test = browser.send_json(Method::POST, &format!("{at}/test"), &json!({}));
    test.problem(ProblemCode::QuotaExceeded);
    harness.clock.advance(30 * DAY);
    pollster::block_on(upkeep::run(&harness.services));
    let left = harness.db.query("SELECT state, COUNT(*) AS number FROM webhook_deliveries GROUP BY state");
    assert_eq!(left, [json!({ "state": "pending", "number": 1000 })]);
}

#[test]
fn of_a_long_log_the_newest_are_kept_and_what_waits() {
    let harness = Harness::new();
    let browser = harness.set_up();
    make(&browser);
    make(&browser);
    let fill = |many: u32, webhook: u32, first: u32, next_at: &str| {
        harness.db.query(&format!(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {many})
             INSERT INTO webhook_deliveries
               (tenant_id, webhook_id, id, message_id, event, body, state, next_at, created_at)
             SELECT tenant_id, id, 'whd_' || printf('%06d', x + {first}), 'x', 'user.invited', '{{}}', 'delivered',
               {next_at}, 9000000000000
             FROM (SELECT * FROM webhooks ORDER BY id LIMIT 1 OFFSET {webhook}), n"
        ));
    };
    fill(3, 0, 0, "9000000000000");
    fill(LOG_MOST + 7, 0, 10, "NULL");
    fill(LOG_MOST, 1, 10, "NULL");
    pollster::block_on(upkeep::run(&harness.services));
    let left = harness.db.query(
        "SELECT COUNT(*) AS number, MIN(id) AS first, SUM(next_at IS NOT NULL) AS waiting FROM webhook_deliveries
         GROUP BY webhook_id ORDER BY webhook_id",
    );
    assert_eq!(
        left,
        [
            json!({ "number": LOG_MOST + 3, "first": "whd_000001", "waiting": 3 }),
            json!({ "number": LOG_MOST, "first": "whd_000011", "waiting": 0 }),
        ]
    );
}

#[test]
fn a_new_master_key_takes_signing_secrets_along() {
    const K1: &str = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const K2: &str = "k2:HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let first = Harness::new();
    let browser = first.set_up();
    let (at, _) = make(&browser);
    assert_eq!(browser.send_json(Method::POST, &format!("{at}/secret"), &json!({})).status, 200);
    let both = Harness::with_keys(Rc::clone(&first.db), &format!("{K2},{K1}"));
    pollster::block_on(upkeep::run(&both.services));
    let sealed = both.db.query("SELECT sealed_secret, sealed_previous FROM webhooks");
    for column in ["sealed_secret", "sealed_previous"] {
        assert!(sealed[0][column].as_str().unwrap().starts_with("v1.k2."), "{sealed:?}");
    }
    let second = Harness::with_keys(Rc::clone(&first.db), K2);
    answers(&second, 200, "");
    let browser = second.browser_of("ada@example.com");
    let sent = delivery(&browser.send_json(Method::POST, &format!("{at}/test"), &json!({})));
    assert_eq!(sent.state, DeliveryState::Delivered);
}
