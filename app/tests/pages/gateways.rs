//! Settings → Gateways.

use drawbridge_contract::problem::ProblemCode;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::*;

/// Berlin, with as many machines that are online.
fn berlin(machines: u8) -> Value {
    let replica = |number: u8| {
        json!({
            "id": id("gwr", number), "machine": format!("GW0{number}"), "platform": "linux/x86_64", "version": "2.3.0",
            "versionState": "current", "linkedSince": "2026-01-01T00:00:00Z", "draining": false,
            "joinedAt": "2026-01-01T00:00:00Z", "lastSeenAt": "2026-01-01T00:00:00Z", "targets": [],
        })
    };
    let names: Vec<String> = (1..=machines).map(|number| format!("GW0{number}")).collect();
    json!({
        "id": id("gw", 1), "name": "Berlin", "status": if machines > 0 { "online" } else { "awaitingSetup" },
        "machines": names, "linked": machines, "createdBy": { "id": id("usr", 1), "name": "Ada Lovelace" },
        "createdAt": "2026-01-01T00:00:00Z", "replicas": (1..=machines).map(replica).collect::<Vec<_>>(),
        "targets": [], "connections": 0, "codeUntil": "2099-01-01T00:00:00Z",
    })
}

#[wasm_bindgen_test]
async fn a_code_is_shown_until_its_machine_is_there() {
    let server = Fake::signed_in("automationAdministrator");
    server.answer("GET /gateways", json!({ "items": [] }));
    server.answer("POST /gateways", json!({ "gateway": berlin(0), "code": "7K2M-9QXA-04TR" }));
    let path = format!("GET /gateways/{}", id("gw", 1));
    server.answer(&path, berlin(0));
    let _console = open("/t/acme/settings/gateways?open=add");
    type_into("Gateway name", " Berlin ").await;
    // The one of the panel, which comes last.
    all("button").into_iter().rfind(|button| name_of(button) == "Add gateway").unwrap().click();
    has_text("--code 7K2M-9QXA-04TR").await;
    has_text("Waiting for the machine.").await;
    assert_eq!(server.asked("POST /gateways")[0].body, json!({ "name": "Berlin" }));
    server.answer(&path, berlin(1));
    fire(&leptos::prelude::window(), "live:gateways");
    has_text("GW01 is online with version 2.3.0").await;
}

#[wasm_bindgen_test]
async fn a_code_that_was_told_before_is_not_told_again_and_says_what_to_do() {
    let server = Fake::signed_in("automationAdministrator");
    server.answer("GET /gateways", json!({ "items": [] }));
    server.answer("POST /gateways", json!({ "gateway": berlin(0) }));
    server.answer(&format!("GET /gateways/{}", id("gw", 1)), berlin(0));
    let _console = open("/t/acme/settings/gateways?open=add");
    type_into("Gateway name", "Berlin").await;
    all("button").into_iter().rfind(|button| name_of(button) == "Add gateway").unwrap().click();
    has_text("The code was shown before. Make a new one.").await;
}

#[wasm_bindgen_test]
async fn keys_that_nobody_confirmed_are_not_changed() {
    let server = Fake::signed_in("automationAdministrator");
    server.answer("GET /gateways", json!({ "items": [berlin(1)] }));
    server.answer(&format!("GET /gateways/{}", id("gw", 1)), berlin(1));
    server.refuse(&format!("POST /gateways/{}/rotate-key", id("gw", 1)), ProblemCode::GatewayFailed);
    let _console = open(&format!("/t/acme/settings/gateways?open=rotate&gateway={}", id("gw", 1)));
    press("Rotate key").await;
    has_text("The gateway could not carry this out").await;
}

#[wasm_bindgen_test]
async fn a_list_that_cannot_be_read_can_be_tried_again() {
    let server = Fake::signed_in("automationAdministrator");
    server.refuse("GET /gateways", ProblemCode::Internal);
    let _console = open("/t/acme/settings/gateways");
    see("button", "Try again").await;
    server.answer("GET /gateways", json!({ "items": [berlin(2)] }));
    press("Try again").await;
    see("link", "Berlin").await;
    has_text("GW01, GW02").await;
}
