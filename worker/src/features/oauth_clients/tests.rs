//! Tests of the feature, through the router.

mod changing;
mod registering;

use drawbridge_contract::types::oauth_clients::OAuthClient;
use drawbridge_domain::connection::PENDING_LIFE;
use drawbridge_domain::id::Id;
use http::Method;
use serde_json::{Value as Json, json};

use crate::testing::{Browser, Harness, TestAnswer};

const ALL: &str = "/api/v1/oauth-clients";
const SECRET: &str = "the-secret-of-the-provider";

fn body() -> Json {
    json!({ "connector": "sandbox-crm", "name": "Main", "clientId": "abc-123", "clientSecret": SECRET })
}

/// The body with one field replaced; null takes it out.
fn body_with(field: &str, value: Json) -> Json {
    let mut body = body();
    if value.is_null() {
        body.as_object_mut().unwrap().remove(field);
    } else {
        body[field] = value;
    }
    body
}

#[track_caller]
fn client_of(answer: &TestAnswer) -> OAuthClient {
    assert!(answer.status < 300, "{} {}", answer.status, String::from_utf8_lossy(&answer.body));
    serde_json::from_slice(&answer.body).unwrap()
}

#[track_caller]
fn register(browser: &Browser) -> OAuthClient {
    client_of(&browser.send_json(Method::POST, ALL, &body()))
}

fn at(client: &OAuthClient) -> String {
    format!("{ALL}/{}", client.id)
}

/// A connection that was made through the client, as far as the client is concerned.
fn connect(harness: &Harness, client: &OAuthClient, connection: &str) {
    let tenant =
        harness.db.query(&format!("SELECT tenant_id FROM oauth_clients WHERE id = '{}'", client.id.as_str()))
            [0]["tenant_id"]
            .clone();
    harness.db.query(&format!(
        "INSERT INTO connections (tenant_id, id, name, name_key, connector, auth, settings, oauth_client_id, status,
           reason, status_since, created_by, created_at, pending_until)
         VALUES ('{}', '{connection}', 'x', 'x', 'sandbox-crm', 'oauth', '{{}}', '{}', 'pending', 'awaiting_sign_in',
           0, '', 0, {})",
        tenant.as_str().unwrap(),
        client.id.as_str(),
        harness.services.now().plus(PENDING_LIFE).millis()
    ));
}

/// The changes of the records of one action, in order.
fn audited(harness: &Harness, action: &str) -> Vec<Json> {
    let rows = harness.db.query(&format!("SELECT changes FROM audit WHERE action = '{action}' ORDER BY seq"));
    rows.iter().map(|row| serde_json::from_str(row["changes"].as_str().unwrap()).unwrap()).collect()
}
