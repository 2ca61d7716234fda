//! Tests of the feature, through the router and the scheduled runs.

mod endpoints;
mod ends;
mod sending;

use std::rc::Rc;

use drawbridge_contract::types::webhooks::{WebhookDelivery, WebhookWithSecret};
use http::Method;
use serde_json::{Value as Json, json};

use crate::features::upkeep;
use crate::ports::OutwardResponse;
use crate::testing::{Browser, Harness, TestAnswer};

const ALL: &str = "/api/v1/webhooks";
const EVENTS: [&str; 4] =
    ["connection.invalid", "connection.recovered", "connection.deleted", "user.invited"];

fn body() -> Json {
    json!({ "name": "Desk", "url": "https://hooks.example.net/in?key=hush", "events": EVENTS })
}

#[track_caller]
fn made(answer: &TestAnswer) -> WebhookWithSecret {
    assert!(answer.status < 300, "{} {}", answer.status, String::from_utf8_lossy(&answer.body));
    serde_json::from_slice(&answer.body).unwrap()
}

/// An endpoint and its secret.
#[track_caller]
fn make(browser: &Browser) -> (String, String) {
    let made = made(&browser.send_json(Method::POST, ALL, &body()));
    (format!("{ALL}/{}", made.webhook.id), made.secret.unwrap())
}

/// Invites somebody: an event.
fn invite(browser: &Browser, email: &str) {
    let body = json!({ "email": email, "firstName": "Grace", "lastName": "Hopper", "role": "designer" });
    let answer = browser.send_json(Method::POST, "/api/v1/users", &body);
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
}

/// What the endpoint answers next.
fn answers(harness: &Harness, status: u16, words: &'static str) {
    harness.outward.next(move |_| {
        Ok(OutwardResponse { status, headers: http::HeaderMap::new(), body: words.as_bytes().to_vec() })
    });
}

/// The scheduled run of every five minutes.
fn run(harness: &Rc<Harness>) {
    pollster::block_on(upkeep::often(&harness.services));
}

#[track_caller]
fn deliveries(browser: &Browser, at: &str) -> Vec<WebhookDelivery> {
    let answer = browser.send(Method::GET, &format!("{at}/deliveries"), None);
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    serde_json::from_value(answer.json()["items"].clone()).unwrap()
}

fn read(browser: &Browser, at: &str) -> Json {
    browser.send(Method::GET, at, None).json()
}

fn asked(harness: &Harness) -> usize {
    harness.outward.asked.borrow().len()
}

/// The changes of the records of one action, in order.
fn audited(harness: &Harness, action: &str) -> Vec<Json> {
    let rows = harness.db.query(&format!("SELECT changes FROM audit WHERE action = '{action}' ORDER BY seq"));
    rows.iter().map(|row| serde_json::from_str(row["changes"].as_str().unwrap()).unwrap()).collect()
}
