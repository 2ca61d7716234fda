//! Making, reading, changing, rotating and deleting.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::webhook::WebhookEvent;
use http::Method;
use serde_json::{Value as Json, json};

use super::{ALL, EVENTS, audited, body, made, make, read};
use crate::testing::Harness;

#[test]
fn the_secret_is_told_once_and_nothing_else_tells_it() {
    let harness = Harness::new();
    let browser = harness.set_up();
    browser.with("idempotency-key", "one");
    let answer = browser.send_json(Method::POST, ALL, &body());
    assert_eq!((answer.status, answer.header("etag")), (201, Some("\"v1\"")));
    let first = made(&answer);
    let secret = first.secret.unwrap();
    assert!(secret.starts_with("whsec_") && secret.len() == 50, "{secret}");

    let again = made(&browser.send_json(Method::POST, ALL, &body()));
    assert_eq!((again.webhook.clone(), again.secret), (first.webhook.clone(), None), "the same one, untold");
    browser.plain();
    let at = format!("{ALL}/{}", first.webhook.id);
    let list = browser.send(Method::GET, ALL, None).json();
    assert_eq!(list["items"], json!([read(&browser, &at)]));
    assert_eq!(list["items"][0], serde_json::to_value(&first.webhook).unwrap());
    assert!(!list.to_string().contains("whsec_"));
    let dump = harness.db.query("SELECT * FROM webhooks");
    assert!(!format!("{dump:?}").contains(secret.trim_start_matches("whsec_")), "sealed");
    assert_eq!(
        audited(&harness, "webhook.created"),
        [json!({
            "name": { "after": "Desk" }, "host": { "after": "hooks.example.net" }, "events": { "after": EVENTS },
            "secret": { "changed": true },
        })],
        "the address can hold a secret, its host does not"
    );
}

#[test]
fn bad_fields_are_told_and_nothing_is_written() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let long = format!("https://hooks.example.net/{}", "x".repeat(2000));
    let cases: Vec<(&str, Json, &str)> = vec![
        ("name", json!(" "), "missing"),
        ("name", json!("a<b"), "forbidden_character"),
        ("url", json!(""), "missing"),
        ("url", json!(long), "too_long"),
        ("url", json!("http://hooks.example.net"), "not_public"),
        ("url", json!("https://169.254.169.254/latest"), "not_public"),
        ("url", json!("https://localhost/x"), "not_public"),
        ("url", json!("https://a:b@hooks.example.net"), "not_public"),
        ("url", json!("https://bücher"), "not_public"),
        ("url", json!("https://bücher\t.example.net"), "not_public"),
        ("events", json!([]), "missing"),
        ("events", json!(["webhook.test"]), "unknown_value"),
        ("events", json!(vec!["user.invited"; WebhookEvent::ALL.len() + 1]), "repeated"),
        ("secret", json!("mine"), "unknown_field"),
    ];
    for (field, value, code) in cases {
        let mut bad = body();
        bad[field] = value.clone();
        let codes = browser.send_json(Method::POST, ALL, &bad).field_codes();
        let path = if code == "unknown_value" { "events[0]" } else { field };
        assert_eq!(codes, [(path.to_owned(), code.to_owned())], "{field} {value}");
    }
    assert!(harness.db.query("SELECT 1 FROM webhooks").is_empty());

    let (at, _) = make(&browser);
    browser.with("if-match", "\"v1\"");
    let answer = browser.send_json(Method::PATCH, &at, &json!({ "url": "https://10.0.0.1", "name": "" }));
    assert_eq!(answer.field_codes().len(), 2);
}

#[test]
fn a_change_is_of_the_version_that_was_read() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, _) = make(&browser);
    browser.with("if-match", "\"v1\"");
    let change = json!({ "name": "New", "url": "https://other.example.net/x", "events": ["user.invited"],
                         "enabled": false });
    let answer = browser.send_json(Method::PATCH, &at, &change);
    assert_eq!((answer.status, answer.header("etag")), (200, Some("\"v2\"")));
    let seen = read(&browser, &at);
    assert_eq!(seen, answer.json());
    assert_eq!((&seen["disabledBecause"], &seen["enabled"]), (&json!("switchedOff"), &json!(false)));
    browser.send_json(Method::PATCH, &at, &change).problem(ProblemCode::PreconditionFailed);
    browser.with("if-match", "\"v2\"");
    let same = browser.send_json(Method::PATCH, &at, &change);
    assert_eq!(same.header("etag"), Some("\"v2\""), "nothing is new");
    let on = browser.send_json(Method::PATCH, &at, &json!({ "enabled": true })).json();
    assert_eq!((&on["enabled"], &on["disabledBecause"]), (&json!(true), &Json::Null));
    let records = audited(&harness, "webhook.changed");
    assert_eq!(records.len(), 2);
    assert_eq!(records[0]["host"], json!({ "before": "hooks.example.net", "after": "other.example.net" }));
    assert!(!records[0].to_string().contains("hush"));
}

#[test]
fn a_tenant_has_at_most_20_and_a_deleted_one_is_gone() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let all: Vec<_> = (0..20).map(|_| make(&browser).0).collect();
    browser.send_json(Method::POST, ALL, &body()).problem(ProblemCode::QuotaExceeded);
    assert_eq!(browser.send(Method::DELETE, &all[3], Some(b"{}".to_vec())).status, 204);
    browser.send(Method::GET, &all[3], None).problem(ProblemCode::NotFound);
    browser.send(Method::GET, &format!("{}/deliveries", all[3]), None).problem(ProblemCode::NotFound);
    make(&browser);
    let usage = browser.send(Method::GET, "/api/v1/tenant/usage", None).json();
    let webhooks =
        usage["limits"].as_array().unwrap().iter().find(|limit| limit["limited"] == "webhooks").unwrap();
    assert_eq!(webhooks, &json!({ "limited": "webhooks", "used": 20, "most": 20 }));
}
