//! Tests of connections, through the router.

mod callback;
mod compatible;
mod failures;
mod gateways;
mod keeper;
mod life;
mod list;
mod make;
mod permissions;
mod proof;
mod proxy;
mod reconnect;
mod reseal;
mod told;
mod using;

use std::collections::BTreeMap;

use drawbridge_contract::endpoints as api;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::SecretText;
use drawbridge_contract::types::connections::{
    Authorize, AuthorizeIn, Connection, ConnectionPath, CreateConnection,
};
use serde_json::json;

use crate::testing::{Browser, Harness, Typed};

/// A connection of the sandbox's with an API key.
fn by_key(name: &str) -> CreateConnection {
    CreateConnection {
        connector: "sandbox-crm".to_owned(),
        name: name.to_owned(),
        auth: "api-key".to_owned(),
        settings: BTreeMap::new(),
        credentials: [("apiKey".to_owned(), SecretText::new("sandbox-key-ada".to_owned()))].into(),
        oauth_client: None,
        sealed: Vec::new(),
    }
}

/// A connection of the sandbox's with a sign-in.
fn by_sign_in(name: &str) -> CreateConnection {
    CreateConnection { auth: "oauth".to_owned(), credentials: BTreeMap::new(), ..by_key(name) }
}

fn ada() -> serde_json::Value {
    json!({ "id": "ada", "name": "Ada Lovelace", "email": "ada@sandbox.example" })
}

fn make(browser: &Browser, body: &CreateConnection) -> Typed<Connection> {
    browser.call::<api::MakeConnection>(&Nothing {}, &Nothing {}, body)
}

/// Makes a connection that works.
#[track_caller]
fn made(harness: &Harness, browser: &Browser, name: &str) -> Connection {
    harness.outward.next_json(200, ada());
    make(browser, &by_key(name)).ok()
}

fn path(connection: &Connection) -> ConnectionPath {
    ConnectionPath { connection: connection.summary.id.clone() }
}

fn test(browser: &Browser, connection: &Connection) -> Typed<Connection> {
    browser.call::<api::TestConnection>(&path(connection), &Nothing {}, &Nothing {})
}

fn read(browser: &Browser, connection: &Connection) -> Typed<Connection> {
    browser.call::<api::ReadConnection>(&path(connection), &Nothing {}, &Nothing {})
}

/// Starts a sign-in and answers the parameters that the provider is sent.
#[track_caller]
fn authorize(browser: &Browser, connection: &Connection) -> BTreeMap<String, String> {
    let body = Authorize { window: AuthorizeIn::PopUp, accept_other_identity: false, with_change: false };
    let answer = browser.call::<api::AuthorizeConnection>(&path(connection), &Nothing {}, &body).ok();
    let url = url::Url::parse(&answer.authorization_url).unwrap();
    url.query_pairs().into_owned().collect()
}

/// What the token endpoint answers.
fn tokens() -> serde_json::Value {
    json!({
        "access_token": "access-token-1", "refresh_token": "refresh-token-1", "token_type": "Bearer",
        "expires_in": 3600, "scope": "openid contacts:read",
    })
}

/// Makes a connection by signing in.
#[track_caller]
fn signed_in(harness: &Harness, browser: &Browser, name: &str) -> Connection {
    let connection = make(browser, &by_sign_in(name)).ok();
    let sent = authorize(browser, &connection);
    harness.outward.next_json(200, tokens());
    harness.outward.next_json(200, ada());
    let answer = browser.send(http::Method::GET, &callback::url(&sent["state"], "code=c0de"), None);
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    read(browser, &connection).ok()
}
