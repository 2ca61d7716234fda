//! The panel that changes a connection.

use serde_json::{Value, json};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlSelectElement;

use super::connections::{connector, row, server, whole};
use crate::support::*;

fn client(number: u8, name: &str) -> Value {
    json!({
        "id": id("oac", number), "connector": "sandbox-crm", "name": name, "clientId": format!("client-{number}"),
        "createdBy": { "id": id("usr", 1), "name": "Ada Lovelace" },
        "createdAt": "2026-01-01T00:00:00Z", "connections": 1,
        "redirectUrl": "https://d.example/oauth/callback",
    })
}

#[wasm_bindgen_test]
async fn another_oauth_client_is_chosen_and_takes_effect_with_a_sign_in() {
    let contacts = row(1, "Contacts", "active", "proved");
    let server = server("designer", std::slice::from_ref(&contacts));
    let path = format!("/connections/{}", id("con", 1));
    let mut known = whole(contacts, "oauth");
    known["details"]["oauthClient"] = json!({ "id": id("oac", 1), "name": "Main" });
    server.answer(&format!("GET {path}"), known.clone());
    let need = json!({ "builtIn": false, "redirectUrl": "https://d.example/oauth/callback" });
    server.answer("GET /connectors/sandbox-crm", connector(&need));
    server.answer("GET /oauth-clients", json!({ "items": [client(1, "Main"), client(2, "Second")] }));
    server.answer(&format!("PATCH {path}"), json!({ "connection": known, "effect": "signInNeeded" }));
    let _console = open(&format!("/t/acme/automate/connections?edit={}", id("con", 1)));

    let label = "OAuth client";
    let field = || {
        let found = leptos::prelude::document().query_selector("dialog select[name=oauthClient]").unwrap();
        found.map(JsCast::unchecked_into::<HtmlSelectElement>)
    };
    until("both clients to choose from", || field().is_some_and(|field| field.child_element_count() == 2))
        .await;
    let field = field().unwrap();
    assert!(name_of(&field).starts_with(label));
    assert_eq!(field.value(), id("oac", 1));
    has_text("takes effect with a new sign-in at the provider").await;
    let save = see("button", "Save").await;
    assert_eq!(save.get_attribute("aria-disabled").as_deref(), Some("true"), "nothing was changed");

    field.set_value(&id("oac", 2));
    fire(&field, "change");
    until("Save to be possible", || save.get_attribute("aria-disabled").is_none()).await;
    press("Save").await;
    see("dialog", "Sign in at the provider").await;
    assert_eq!(address(), format!("/t/acme/automate/connections?apply={}", id("con", 1)));
    let sent = server.asked(&format!("PATCH {path}"))[0].body.clone();
    assert_eq!(sent["oauthClient"], json!(id("oac", 2)));
    assert_eq!(sent["settings"], json!({}));
}
