//! Tests of the feature, through the router.

mod changing;
mod compatible;
mod inviting;
mod listing;
mod removing;

use http::Method;
use serde_json::{Value as Json, json};

use crate::testing::{Browser, Harness, TestAnswer};

const USERS: &str = "/api/v1/users";

fn at(user: &impl std::fmt::Display) -> String {
    format!("{USERS}/{user}")
}

fn post(browser: &Browser, target: &str) -> TestAnswer {
    browser.send(Method::POST, target, None)
}

#[track_caller]
fn patch(browser: &Browser, target: &str, body: &Json) -> TestAnswer {
    let etag = browser.send(Method::GET, target, None).header("etag").unwrap_or("\"v1\"").to_owned();
    let answer = browser.with("if-match", &etag).send_json(Method::PATCH, target, body);
    browser.plain();
    answer
}

/// The changes of the records of one action, in order.
fn audited(harness: &Harness, action: &str) -> Vec<Json> {
    let rows = harness.db.query(&format!("SELECT changes FROM audit WHERE action = '{action}' ORDER BY seq"));
    rows.iter().map(|row| serde_json::from_str(row["changes"].as_str().unwrap()).unwrap()).collect()
}

fn body() -> Json {
    json!({ "email": "grace@example.com", "firstName": "Grace", "lastName": "Hopper", "role": "designer" })
}
