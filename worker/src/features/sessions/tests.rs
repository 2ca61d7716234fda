//! Tests of the feature, through the router.

mod living;
mod own_password;
mod signing_in;

use http::Method;
use serde_json::{Value as Json, json};

use crate::testing::{Browser, Harness, TestAnswer};

const SESSION: &str = "/api/v1/session";

fn sign_in(browser: &Browser, email: &str, password: &str) -> TestAnswer {
    browser.send_json(Method::POST, SESSION, &json!({ "email": email, "password": password }))
}

/// The actions that were recorded, with who did them and how it ended, in order.
fn audited(harness: &Harness) -> Vec<Json> {
    harness
        .db
        .query("SELECT action, actor_name, object_type, outcome FROM audit ORDER BY seq")
        .into_iter()
        .map(|row| json!([row["action"], row["actor_name"], row["object_type"], row["outcome"]]))
        .collect()
}
