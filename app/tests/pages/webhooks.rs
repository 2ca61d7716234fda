//! Settings → Webhooks.

use drawbridge_contract::problem::ProblemCode;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::*;

fn desk() -> Value {
    json!({
        "id": id("whk", 1), "name": "Desk", "url": "https://hooks.example.net/in", "events": ["user.invited"],
        "enabled": true, "createdBy": { "id": id("usr", 1), "name": "Ada Lovelace" },
        "createdAt": "2026-01-01T00:00:00Z",
    })
}

#[wasm_bindgen_test]
async fn a_secret_that_was_told_before_is_not_told_again_and_says_what_to_do() {
    let server = Fake::signed_in("automationAdministrator");
    server.answer("GET /webhooks", json!({ "items": [] }));
    server.answer("POST /webhooks", json!({ "webhook": desk() }));
    let _console = open("/t/acme/settings/webhooks?open=add");
    type_into("Name", "Desk").await;
    type_into("Address", " https://hooks.example.net/in ").await;
    // The one of the panel, which comes last.
    all("button").into_iter().rfind(|button| name_of(button) == "Add webhook").unwrap().click();
    has_text("The secret was shown before. Rotate it to get a new one.").await;
    let sent = &server.asked("POST /webhooks")[0].body;
    assert_eq!(
        sent,
        &json!({
            "name": "Desk", "url": "https://hooks.example.net/in",
            "events": [
                "connection.invalid", "connection.recovered", "connection.deleted", "user.invited", "credential.expiring",
                "gateway.offline", "gateway.online",
            ],
        })
    );
}

#[wasm_bindgen_test]
async fn a_list_that_cannot_be_read_can_be_tried_again() {
    let server = Fake::signed_in("automationAdministrator");
    server.refuse("GET /webhooks", ProblemCode::Internal);
    let _console = open("/t/acme/settings/webhooks");
    see("button", "Try again").await;
    server.answer("GET /webhooks", json!({ "items": [desk()] }));
    press("Try again").await;
    see("link", "Desk").await;
}

#[wasm_bindgen_test]
async fn the_deliveries_follow_and_what_is_open_stays_open() {
    let server = Fake::signed_in("automationAdministrator");
    server.answer("GET /webhooks", json!({ "items": [desk()] }));
    let delivery = |number: u8, state: &str| {
        json!({
            "id": id("whd", number), "message": id("whd", number), "event": "user.invited", "body": "{}",
            "state": state, "attempts": [], "createdAt": "2026-01-01T00:00:00Z",
        })
    };
    let path = format!("GET /webhooks/{}/deliveries", id("whk", 1));
    server.answer(&path, json!({ "items": [delivery(1, "pending")] }));
    let _console = open(&format!("/t/acme/settings/webhooks?open=log&webhook={}", id("whk", 1)));
    has_text("Waiting").await;
    all("disclosure")[0].set_attribute("open", "").unwrap();
    server.answer(&path, json!({ "items": [delivery(2, "failed"), delivery(1, "delivered")] }));
    fire(&leptos::prelude::window(), "live:webhooks");
    has_text("Delivered").await;
    let open: Vec<bool> = all("disclosure").iter().map(|one| one.has_attribute("open")).collect();
    assert_eq!(open, [false, true]);
}
