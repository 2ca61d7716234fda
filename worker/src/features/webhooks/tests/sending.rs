//! Events become messages, signed, tried again and logged.

use std::rc::Rc;

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::time::{DAY, HOUR, MINUTE};
use drawbridge_domain::webhook::DeliveryState;
use http::Method;
use serde_json::{Value as Json, json};

use super::super::sign::signature;
use super::{answers, asked, deliveries, invite, made, make, read, run};
use crate::features::upkeep;
use crate::ports::OutwardError;
use crate::testing::{Harness, TestAnswer};

fn header(harness: &Harness, place: usize, name: &str) -> String {
    harness.outward.asked.borrow()[place].headers[name].to_str().unwrap().to_owned()
}

#[test]
fn an_event_is_sent_at_once_signed_and_logged() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, secret) = make(&browser);
    let (_, stranger) = harness.other_tenant();
    let (elsewhere, _) = make(&stranger);
    answers(&harness, 204, "thank you\u{7}");
    invite(&browser, "grace@example.com");

    assert_eq!(asked(&harness), 1, "the other tenant's endpoint hears nothing");
    let seen = deliveries(&browser, &at);
    let [delivery] = seen.as_slice() else { panic!("{seen:?}") };
    let sent = String::from_utf8(harness.outward.asked.borrow()[0].body.clone().unwrap()).unwrap();
    let json: Json = serde_json::from_str(&sent).unwrap();
    let user = &harness.db.query("SELECT id FROM users WHERE email = 'grace@example.com'")[0]["id"];
    assert_eq!(
        json,
        json!({
            "type": "user.invited", "timestamp": delivery.created_at,
            "data": { "user": { "id": user, "name": "Grace Hopper" }, "tenant": { "id": browser.tenant() } },
        })
    );
    let (id, seconds) = (header(&harness, 0, "webhook-id"), header(&harness, 0, "webhook-timestamp"));
    let now = harness.services.now().millis();
    assert_eq!((id.as_str(), seconds), (delivery.message.as_str(), (now / 1000).to_string()));
    let expected = signature(&secret, &id, now / 1000, &sent);
    assert_eq!(Some(header(&harness, 0, "webhook-signature")), expected);
    assert_eq!(harness.outward.asked.borrow()[0].url, "https://hooks.example.net/in?key=hush");

    assert_eq!((delivery.state, delivery.next_at, &delivery.body), (DeliveryState::Delivered, None, &sent));
    let attempt = &delivery.attempts[0];
    assert_eq!((attempt.number, attempt.status, attempt.answer.as_str()), (1, Some(204), "thank you "));
    assert!(deliveries(&stranger, &elsewhere).is_empty());
    run(&harness);
    assert_eq!(asked(&harness), 1, "what arrived is not sent again");
}

#[test]
fn who_looks_at_an_endpoint_is_told_of_each_attempt() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, _) = make(&browser);
    let heard = |status: u16, act: &dyn Fn()| {
        answers(&harness, status, "");
        harness.feeds.told.borrow_mut().clear();
        act();
        harness.feeds.told.borrow().iter().any(|(_, notice)| notice.contains(&at[at.len() - 30..]))
    };
    assert!(heard(500, &|| invite(&browser, "grace@example.com")));
    harness.clock.advance(2 * MINUTE);
    assert!(heard(204, &|| run(&harness)));
    assert!(!heard(204, &|| run(&harness)), "nothing was due");
}

#[test]
fn the_life_of_a_connection_is_told() {
    let harness = Harness::new();
    let browser = harness.set_up();
    make(&browser);
    harness.outward.next_json(200, json!({ "id": "u1", "name": "Ada" }));
    let body = json!({
        "connector": "sandbox-crm", "name": "CRM", "auth": "api-key", "credentials": { "apiKey": "the-key" },
    });
    let connection = browser.send_json(Method::POST, "/api/v1/connections", &body).json()["id"].clone();
    let at = format!("/api/v1/connections/{}", connection.as_str().unwrap());
    let key = json!({ "credentials": { "apiKey": "another-key" } });
    for (status, event, edits) in [
        (401, "connection.invalid", false),
        (200, "connection.recovered", false),
        (401, "connection.invalid", false),
        (200, "connection.recovered", true),
    ] {
        harness.clock.advance(1);
        let version = browser.send(Method::GET, &at, None).header("etag").unwrap().to_owned();
        harness.outward.next_json(status, json!({ "id": "u1", "name": "Ada" }));
        answers(&harness, 200, "");
        let answer = if edits {
            browser.with("if-match", &version);
            browser.send_json(Method::PATCH, &at, &key)
        } else {
            browser.send_json(Method::POST, &format!("{at}/test"), &json!({}))
        };
        browser.plain();
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        let last = harness.outward.asked.borrow().last().unwrap().body.clone().unwrap();
        let told: Json = serde_json::from_slice(&last).unwrap();
        assert_eq!((&told["type"], &told["data"]["connection"]["id"]), (&json!(event), &connection));
        assert_eq!(told["data"]["connection"]["name"], "CRM");
        assert_eq!(told["data"]["status"], if status == 200 { "active" } else { "invalid" });
        assert!(!told.to_string().contains("-key"));
    }
    answers(&harness, 200, "");
    assert_eq!(browser.send(Method::DELETE, &at, Some(b"{}".to_vec())).status, 204);
    let last = harness.outward.asked.borrow().last().unwrap().body.clone().unwrap();
    let told: Json = serde_json::from_slice(&last).unwrap();
    assert_eq!((&told["type"], asked(&harness)), (&json!("connection.deleted"), 10));
}

#[test]
fn what_fails_is_tried_for_a_day_under_one_id_and_then_given_up() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, _) = make(&browser);
    answers(&harness, 500, "no");
    invite(&browser, "grace@example.com");
    let first = deliveries(&browser, &at).remove(0);
    assert_eq!(first.state, DeliveryState::Pending);
    assert_eq!(first.next_at, Some(harness.services.now().plus(MINUTE)));
    assert!(read(&browser, &at)["failingSince"].is_string());
    run(&harness);
    assert_eq!(asked(&harness), 1, "not before its time");
    let began = harness.services.now();
    let next = || harness.db.query("SELECT next_at FROM webhook_deliveries")[0]["next_at"].as_i64();
    while let Some(next) = next() {
        harness.clock.advance(next - harness.services.now().millis());
        let before = asked(&harness);
        harness.outward.next(|_| Err(OutwardError::TimedOut));
        run(&harness);
        assert_eq!(asked(&harness), before + 1);
    }
    let browser = harness.browser_of("ada@example.com");
    let last = deliveries(&browser, &at).remove(0);
    assert_eq!((last.state, last.attempts.len()), (DeliveryState::Failed, 8));
    assert_eq!(last.attempts[7].fault.as_deref(), Some("No answer within 10 seconds."));
    assert!((DAY..DAY + HOUR).contains(&harness.services.now().since(began)));
    let ids: std::collections::BTreeSet<_> =
        (0..8).map(|place| header(&harness, place, "webhook-id")).collect();
    assert_eq!(ids.len(), 1, "a receiver can tell that it is the same message");
    assert_eq!(read(&browser, &at)["enabled"], true, "one lost message is not the end");
}

#[test]
fn of_two_runs_one_makes_the_attempt_and_a_lost_one_is_made_again() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, _) = make(&browser);
    let inner = Rc::clone(&harness);
    // While the first attempt waits for its answer, the scheduled run comes by.
    harness.outward.next(move |_| {
        inner.clock.advance(MINUTE);
        let due = inner.db.query("SELECT * FROM webhook_deliveries WHERE next_at <= 1780000060000");
        assert!(due.is_empty(), "claimed: {due:?}");
        Err(OutwardError::Unreachable("gone".to_owned()))
    });
    invite(&browser, "grace@example.com");
    assert_eq!(asked(&harness), 1);
    // An attempt that was cut off: claimed, never settled.
    harness.db.query("UPDATE webhook_deliveries SET attempts = 2, next_at = next_at + 120000");
    run(&harness);
    assert_eq!(asked(&harness), 1, "the lease stands");
    harness.clock.advance(5 * MINUTE);
    answers(&harness, 200, "");
    run(&harness);
    run(&harness);
    assert_eq!(asked(&harness), 2);
    let delivery = deliveries(&browser, &at).remove(0);
    assert_eq!(delivery.state, DeliveryState::Delivered);
    assert_eq!(delivery.attempts.iter().map(|attempt| attempt.number).collect::<Vec<_>>(), [1, 3]);
    assert!(read(&browser, &at).get("failingSince").is_none());
}

#[test]
fn during_a_rotation_both_secrets_sign_and_then_the_new_one_alone() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, old) = make(&browser);
    let answer = browser.send_json(Method::POST, &format!("{at}/secret"), &json!({}));
    let rotated = made(&answer);
    assert_eq!(answer.header("etag"), Some("\"v2\""));
    let new = rotated.secret.unwrap();
    assert!(new != old && rotated.webhook.previous_secret_until == Some(harness.services.now().plus(DAY)));
    let signatures = |harness: &Harness, place: usize| {
        let (id, seconds) =
            (header(harness, place, "webhook-id"), header(harness, place, "webhook-timestamp"));
        let sent = String::from_utf8(harness.outward.asked.borrow()[place].body.clone().unwrap()).unwrap();
        let sign = |secret: &str| signature(secret, &id, seconds.parse().unwrap(), &sent).unwrap();
        (header(harness, place, "webhook-signature"), sign(&new), sign(&old))
    };
    invite(&browser, "a@example.com");
    let (sent, by_new, by_old) = signatures(&harness, 0);
    assert_eq!(sent, format!("{by_new} {by_old}"));
    harness.clock.advance(DAY);
    let browser = harness.browser_of("ada@example.com");
    invite(&browser, "b@example.com");
    let (sent, by_new, _) = signatures(&harness, 1);
    assert_eq!(sent, by_new);
    assert!(read(&browser, &at).get("previousSecretUntil").is_none());
    pollster::block_on(upkeep::run(&harness.services));
    assert!(harness.db.query("SELECT 1 FROM webhooks WHERE sealed_previous IS NOT NULL").is_empty());
}

#[test]
fn an_address_that_became_inward_is_not_called() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, _) = make(&browser);
    harness.db.query("UPDATE webhooks SET url = 'https://127.0.0.1/x'");
    invite(&browser, "a@example.com");
    assert_eq!(asked(&harness), 0);
    let fault = deliveries(&browser, &at)[0].attempts[0].fault.clone();
    assert_eq!(fault.as_deref(), Some("The address is not on the public Internet."));
}

#[test]
fn a_change_that_fails_tells_nobody() {
    let harness = Harness::new();
    let browser = harness.set_up();
    make(&browser);
    invite(&browser, "a@example.com");
    let told = asked(&harness);
    let body = json!({ "email": "a@example.com", "firstName": "G", "lastName": "H", "role": "designer" });
    let again: TestAnswer = browser.send_json(Method::POST, "/api/v1/users", &body);
    assert_eq!(again.status, 422);
    assert_eq!((asked(&harness), harness.db.query("SELECT 1 FROM webhook_deliveries").len()), (told, 1));
}

#[test]
fn an_endpoint_that_goes_away_while_it_is_told_leaves_nothing_behind() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, _) = make(&browser);
    let inner = Rc::clone(&harness);
    harness.outward.next(move |_| {
        inner.db.query("UPDATE webhooks SET enabled = 0");
        inner.db.query("UPDATE webhook_deliveries SET state = 'failed', next_at = NULL");
        Err(OutwardError::TimedOut)
    });
    invite(&browser, "a@example.com");
    let given_up = deliveries(&browser, &at).remove(0);
    assert_eq!((given_up.state, given_up.next_at), (DeliveryState::Failed, None), "it is not tried again");
    assert_eq!(given_up.attempts.len(), 1, "what happened is told all the same");

    let (at, _) = make(&browser);
    let inner = Rc::clone(&harness);
    harness.outward.next(move |_| {
        inner.db.query("DELETE FROM webhooks");
        Err(OutwardError::TimedOut)
    });
    invite(&browser, "b@example.com");
    browser.send(Method::GET, &at, None).problem(ProblemCode::NotFound);
    assert!(harness.db.query("SELECT 1 FROM webhook_deliveries").is_empty());
    assert!(harness.db.query("SELECT 1 FROM webhook_attempts").is_empty());
    run(&harness);
}

#[test]
fn a_long_queue_of_one_endpoint_keeps_no_other_waiting() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (long, _) = make(&browser);
    let (_, stranger) = harness.other_tenant();
    let (short, _) = make(&stranger);
    for who in [&browser, &stranger] {
        invite(who, "a@example.com");
    }
    harness.db.query("UPDATE webhook_deliveries SET next_at = 2, attempts = 1");
    let webhook = long.rsplit('/').next().unwrap();
    harness.db.query(&format!(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 300)
         INSERT INTO webhook_deliveries (tenant_id, webhook_id, id, message_id, event, body, state, next_at, created_at)
         SELECT tenant_id, id, 'whd_0000000000zzzzzzzzzzzzz' || (100 + x), 'x', 'user.invited', '{{}}', 'pending', 1, 1780000000000
         FROM webhooks, n WHERE id = '{webhook}'"
    ));
    harness.clock.advance(5 * MINUTE);
    let before = asked(&harness);
    for _ in 0..400 {
        answers(&harness, 200, "");
    }
    run(&harness);
    assert_eq!(deliveries(&stranger, &short)[0].state, DeliveryState::Delivered, "it had its turn");
    assert!((100..110).contains(&(asked(&harness) - before)), "a run ends");
    harness.outward.clear();
}

#[test]
fn an_attempt_that_is_always_cut_off_is_not_made_for_ever() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, _) = make(&browser);
    invite(&browser, "a@example.com");
    harness.db.query("UPDATE webhook_deliveries SET attempts = 11, next_at = 1");
    harness.clock.advance(5 * MINUTE);
    let before = asked(&harness);
    run(&harness);
    assert_eq!(asked(&harness), before);
    let last = deliveries(&browser, &at).remove(0);
    assert_eq!(last.state, DeliveryState::Failed);
    assert_eq!(last.attempts.last().unwrap().fault.as_deref(), Some("The attempts before were cut off."));
}

#[test]
fn however_long_an_answer_is_its_status_counts() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, _) = make(&browser);
    harness.outward.next(|_| {
        let body = "é".repeat(1_000_000).into_bytes();
        Ok(crate::ports::OutwardResponse { status: 200, headers: http::HeaderMap::new(), body })
    });
    invite(&browser, "a@example.com");
    let delivery = deliveries(&browser, &at).remove(0);
    assert_eq!(delivery.state, DeliveryState::Delivered);
    assert_eq!(delivery.attempts[0].answer, "é".repeat(300));
}
