//! Connections: making one, with a key and with a sign-in at the provider.

use drawbridge_app::client::Lost;
use drawbridge_contract::problem::{FieldProblem, Problem, ProblemCode};
use serde_json::{Value, json};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use super::connections::{connector, list, row, server, whole};
use super::windows::{Windows, tell};
use crate::support::*;

const LIST: &str = "/t/acme/automate/connections";
const MAKE: &str = "/t/acme/automate/connections?add=sandbox-crm";

/// Chooses a card.
async fn choose(value: &str) {
    let find = || {
        leptos::prelude::document().query_selector(&format!("input[type=radio][value=\"{value}\"]")).unwrap()
    };
    until(&format!("the card {value}"), || find().is_some()).await;
    find().unwrap().unchecked_into::<web_sys::HtmlElement>().click();
}

fn active() -> Value {
    whole(row(1, "Contacts", "active", "proved"), "oauth")
}

fn pending(reason: &str) -> Value {
    let mut pending = whole(row(1, "Contacts", "pending", reason), "oauth");
    pending.as_object_mut().unwrap().remove("lastVerifiedAt");
    pending
}

/// A server that makes the connection pending and starts its sign-in.
fn signing_in() -> Fake {
    let server = server("designer", &[]);
    server.answer("POST /connections", pending("awaiting_sign_in"));
    server.answer(&format!("GET /connections/{}", id("con", 1)), pending("awaiting_sign_in"));
    server.answer(
        &format!("POST /connections/{}/authorize", id("con", 1)),
        json!({ "authorizationUrl": "https://provider.example/authorize?state=1", "expiresAt": "2099-01-01T00:00:00Z" }),
    );
    server
}

#[wasm_bindgen_test]
async fn the_two_steps_lead_to_a_connection() {
    let server = server("designer", &[row(2, "Other", "active", "proved")]);
    let made = whole(row(1, "Contacts", "active", "proved"), "key");
    server.answer("POST /connections", made.clone());
    let _console = open(LIST);
    see("link", "Add connection").await.click();
    see("dialog", "Add connection").await;
    let next = see("button", "Next").await;
    assert_eq!(next.get_attribute("aria-disabled").as_deref(), Some("true"));
    choose("sandbox-crm").await;
    until("Next to be ready", || next.get_attribute("aria-disabled").is_none()).await;
    next.click();
    has_text("Step 2 of 2: Sandbox CRM").await;
    assert_eq!(address(), MAKE);
    type_into("Connection name", " Contacts ").await;
    choose("key").await;
    type_into("API key", "s3cret").await;
    server.answer("GET /connections", list(&[row(1, "Contacts", "active", "proved")], None));
    press("Connect").await;
    has_text("“Contacts”: Connected as Ada Lovelace (ada@sandbox.example)").await;
    gone("dialog", "Add connection").await;
    assert_eq!(address(), LIST);
    let sent = server.asked("POST /connections");
    assert_eq!(
        sent[0].body,
        json!({ "connector": "sandbox-crm", "name": "Contacts", "auth": "key",
            "settings": { "region": "eu" }, "credentials": { "apiKey": "s3cret" } })
    );
}

#[wasm_bindgen_test]
async fn what_the_rules_refuse_is_said_at_the_field_and_not_sent() {
    let server = server("designer", &[]);
    let _console = open(MAKE);
    type_into("Connection name", "a<b").await;
    has_text("The character < is not allowed here.").await;
    choose("key").await;
    press("Connect").await;
    has_text("Fill this in.").await;
    let name = see("textbox", "Connection name").await;
    until("the first fault to have the keyboard", || {
        leptos::prelude::document().active_element().as_ref() == Some(name.as_ref())
    })
    .await;
    assert!(server.asked("POST /connections").is_empty());
}

#[wasm_bindgen_test]
async fn what_the_server_refuses_is_said_and_everything_typed_stays() {
    let server = server("designer", &[]);
    server.answer_with("POST /connections", |_| {
        let mut problem = Problem::new(ProblemCode::InvalidFields, String::new(), "req_1".to_owned());
        let message = "You have a connection with this name.".to_owned();
        problem.fields = vec![FieldProblem { path: "name".to_owned(), code: "taken".to_owned(), message }];
        rejected(&problem)
    });
    let _console = open(MAKE);
    type_into("Connection name", "Contacts").await;
    choose("key").await;
    type_into("API key", "s3cret").await;
    press("Connect").await;
    has_text("You have a connection with this name.").await;
    server.answer_with("POST /connections", |_| {
        let detail = "Sandbox CRM says: “The API key is not valid.”".to_owned();
        rejected(&Problem::new(ProblemCode::CredentialsRefused, detail, "req_1".to_owned()))
    });
    type_into("Connection name", "Contacts EU").await;
    press("Connect").await;
    has_text("Sandbox CRM says: “The API key is not valid.”").await;
    server.answer_with("POST /connections", |_| Err(Lost::Offline));
    press("Connect").await;
    has_text("Drawbridge cannot be reached").await;
    assert_eq!(typed_in("Connection name").await, "Contacts EU");
    assert_eq!(typed_in("API key").await, "s3cret");
}

#[wasm_bindgen_test]
async fn pressing_twice_makes_one() {
    let server = server("designer", &[]);
    server.answer("POST /connections", whole(row(1, "Contacts", "active", "proved"), "key"));
    let _console = open(MAKE);
    type_into("Connection name", "Contacts").await;
    choose("key").await;
    type_into("API key", "s3cret").await;
    let connect = see("button", "Connect").await;
    connect.click();
    connect.click();
    gone("dialog", "Add connection").await;
    assert_eq!(server.asked("POST /connections").len(), 1);
}

#[wasm_bindgen_test]
async fn a_sign_in_is_noticed_by_asking_alone() {
    let server = signing_in();
    let windows = Windows::new();
    let _console = open(MAKE);
    type_into("Connection name", "Contacts").await;
    press("Connect").await;
    has_text("Waiting for the sign-in at Sandbox CRM").await;
    assert_eq!(windows.at(), "https://provider.example/authorize?state=1");
    let sent = server.asked(&format!("POST /connections/{}/authorize", id("con", 1)));
    assert_eq!(sent[0].body, json!({ "window": "popUp" }));
    server.answer(&format!("GET /connections/{}", id("con", 1)), active());
    server.answer("GET /connections", list(&[row(1, "Contacts", "active", "proved")], None));
    has_text("Connected as Ada Lovelace (ada@sandbox.example)").await;
    press("Done").await;
    gone("dialog", "Add connection").await;
    assert_eq!(address(), LIST);
    let fresh = || leptos::prelude::document().query_selector("tr.row-fresh").unwrap();
    until("the new row to be lit up", || fresh().is_some()).await;
}

#[wasm_bindgen_test]
async fn a_denied_sign_in_says_why_and_tries_again_with_the_same_connection() {
    let server = signing_in();
    let windows = Windows::new();
    let _console = open(MAKE);
    type_into("Connection name", "Contacts").await;
    press("Connect").await;
    has_text("Waiting for the sign-in").await;
    let mut denied = pending("denied_by_user");
    denied["state"]["providerWords"] = "The person said no.".into();
    server.answer(&format!("GET /connections/{}", id("con", 1)), denied);
    tell(false);
    has_text("Access was denied at the provider.").await;
    has_text("The provider said: The person said no.").await;
    assert_eq!(typed_in("Connection name").await, "Contacts");
    press("Try again").await;
    has_text("Waiting for the sign-in").await;
    server.answer(&format!("GET /connections/{}", id("con", 1)), active());
    tell(true);
    has_text("Connected as Ada Lovelace").await;
    assert_eq!(server.asked("POST /connections").len(), 1);
    assert_eq!(windows.opened.get(), 2);
}

#[wasm_bindgen_test]
async fn a_cancelled_sign_in_goes_back_to_the_form() {
    let _server = signing_in();
    let _windows = Windows::new();
    let _console = open(MAKE);
    type_into("Connection name", "Contacts").await;
    press("Connect").await;
    has_text("Waiting for the sign-in").await;
    press("Cancel").await;
    assert_eq!(typed_in("Connection name").await, "Contacts");
    see("button", "Connect").await;
}

#[wasm_bindgen_test]
async fn closing_asks_only_when_something_was_typed() {
    let _server = server("designer", &[]);
    let _console = open(MAKE);
    see("textbox", "Connection name").await;
    press("Close").await;
    gone("dialog", "Add connection").await;
    assert_eq!(address(), LIST);
    see("link", "Add connection").await.click();
    choose("sandbox-crm").await;
    press("Next").await;
    type_into("Connection name", "Contacts").await;
    press("Close").await;
    see("dialog", "Discard changes in “Add connection”?").await;
    press("Keep editing").await;
    assert_eq!(typed_in("Connection name").await, "Contacts");
}

#[wasm_bindgen_test]
async fn who_may_not_register_a_client_is_told_who_may() {
    let server = server("designer", &[]);
    let need = json!({ "builtIn": false, "redirectUrl": "https://d.example/oauth/callback" });
    server.answer("GET /connectors/sandbox-crm", connector(&need));
    server.answer("GET /oauth-clients", json!({ "items": [] }));
    let _console = open(MAKE);
    has_text("No OAuth client for Sandbox CRM is registered yet").await;
    has_text("Ask a user with the role Developer").await;
    assert!(by_role("button", "Register an OAuth client").is_none());
}

#[wasm_bindgen_test]
async fn a_developer_registers_a_client_on_the_spot() {
    let server = server("developer", &[]);
    let need = json!({ "builtIn": false, "redirectUrl": "https://d.example/oauth/callback",
        "registration": { "url": "https://provider.example/apps", "help": "Make an app there." } });
    server.answer("GET /connectors/sandbox-crm", connector(&need));
    server.answer("GET /oauth-clients", json!({ "items": [] }));
    let client = json!({ "id": id("oac", 1), "connector": "sandbox-crm", "name": "Main", "clientId": "abc",
        "redirectUrl": "https://d.example/oauth/callback", "connections": 0,
        "createdBy": { "id": id("usr", 1), "name": "Ada" }, "createdAt": "2026-01-01T00:00:00Z" });
    server.answer("POST /oauth-clients", client.clone());
    let _console = open(MAKE);
    type_into("Connection name", "Contacts").await;
    press("Register an OAuth client").await;
    has_text("Make an app there.").await;
    assert_eq!(typed_in("Redirect URL").await, "https://d.example/oauth/callback");
    press("Register").await;
    has_text("Fill this in.").await;
    assert!(server.asked("POST /oauth-clients").is_empty());
    type_into("Name", "Main").await;
    type_into("Client ID", "abc").await;
    type_into("Client secret", "s3cret").await;
    server.answer("GET /oauth-clients", json!({ "items": [client] }));
    press("Register").await;
    has_text("Main (abc)").await;
    assert_eq!(typed_in("Connection name").await, "Contacts");
    server.refuse("POST /connections", ProblemCode::QuotaExceeded);
    let _windows = Windows::new();
    press("Connect").await;
    has_text("A limit of the tenant is reached").await;
    assert_eq!(server.asked("POST /connections")[0].body["oauthClient"], id("oac", 1));
}
