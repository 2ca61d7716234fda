//! The palette.

use drawbridge_contract::problem::ProblemCode;
use leptos::prelude::{document, window};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, KeyboardEvent, KeyboardEventInit};

use crate::support::*;

const BOX: &str = "Search pages, connections, people and actions";

fn connection(number: u8, name: &str, status: &str, level: &str) -> Value {
    json!({
        "id": id("con", number), "name": name,
        "connector": { "id": "box", "name": "Box", "icon": "box" },
        "state": { "status": status, "reason": "proved", "since": "2026-01-01T00:00:00Z" },
        "owner": { "id": id("usr", 1), "name": "Ada Lovelace" }, "createdAt": "2026-01-01T00:00:00Z",
        "level": level, "interactive": true,
    })
}

fn connections(items: &[Value]) -> Value {
    json!({
        "items": items,
        "counts": { "pending": 0, "active": items.len(), "degraded": 0, "invalid": 0, "disabled": 0 },
    })
}

fn forget() {
    let place = format!("drawbridge.recent.{}", id("usr", 1));
    window().local_storage().unwrap().unwrap().remove_item(&place).unwrap();
}

fn kept() -> String {
    let place = format!("drawbridge.recent.{}", id("usr", 1));
    window().local_storage().unwrap().unwrap().get_item(&place).unwrap().unwrap_or_default()
}

/// Opens the palette on a page that everybody has.
async fn open_palette(server: &Fake) -> Mounted {
    server.answer("GET /sessions", json!({ "items": [] }));
    let console = open("/t/acme/account");
    press("Search").await;
    see("textbox", BOX).await;
    console
}

async fn key(name: &str) {
    let init = KeyboardEventInit::new();
    init.set_key(name);
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
    see("textbox", BOX).await.dispatch_event(&event).unwrap();
}

/// What Enter would choose.
fn chosen() -> String {
    all("option")
        .iter()
        .find(|option| option.get_attribute("aria-selected").as_deref() == Some("true"))
        .map(|option| name_of(option))
        .unwrap_or_default()
}

async fn has_chosen(name: &str) {
    until(&format!("“{name}” to be chosen"), || chosen() == name).await;
    let active = see("textbox", BOX).await.get_attribute("aria-activedescendant").unwrap();
    assert_eq!(name_of(&document().get_element_by_id(&active).unwrap()), name);
}

fn names() -> Vec<String> {
    all("option").iter().map(|option: &HtmlElement| name_of(option)).collect()
}

#[wasm_bindgen_test]
async fn pages_and_actions_are_found_by_the_beginnings_of_words_without_accents() {
    forget();
    let server = Fake::signed_in("globalAdministrator");
    let mut who = who("globalAdministrator", "acme");
    who["tenants"][1]["name"] = json!("Zürich");
    server.answer("GET /session", who);
    let _console = open_palette(&server).await;
    type_into(BOX, "lo aud").await;
    has_chosen("Audit log Settings").await;
    assert_eq!(names().len(), 1);
    type_into(BOX, "ZUR").await;
    has_chosen("Switch to Zürich").await;
    type_into(BOX, "change theme").await;
    until("the themes", || names() == ["Light theme", "Dark theme", "System theme"]).await;
    type_into(BOX, "Man").await;
    has_chosen("User management Settings").await;
    type_into(BOX, "xyzzy").await;
    has_text("Nothing found for “xyzzy”").await;
    key("Enter").await;
    see("textbox", BOX).await;
}

#[wasm_bindgen_test]
async fn arrows_home_and_end_move_and_enter_goes_there() {
    forget();
    let server = Fake::signed_in("globalAdministrator");
    server.answer("GET /tenant/usage", json!({ "limits": [] }));
    let _console = open_palette(&server).await;
    has_chosen("Connections Automate").await;
    key("ArrowDown").await;
    has_chosen("Connectors Automate").await;
    key("End").await;
    has_chosen("Sign out").await;
    key("ArrowDown").await;
    has_chosen("Connections Automate").await;
    key("ArrowUp").await;
    has_chosen("Sign out").await;
    key("Home").await;
    has_chosen("Connections Automate").await;
    type_into(BOX, "license").await;
    has_chosen("License and subscription Settings").await;
    key("Enter").await;
    see("heading", "License and subscription").await;
    gone("textbox", BOX).await;
    assert_eq!(address(), "/t/acme/settings/license");
    press("Search").await;
    see("group", "Recent").await;
    has_chosen("License and subscription Settings").await;
    forget();
}

#[wasm_bindgen_test]
async fn what_the_role_may_not_do_says_why_and_is_not_asked_for() {
    forget();
    let server = Fake::signed_in("designer");
    server.answer("GET /connections", connections(&[connection(1, "Sales", "active", "user")]));
    server.answer("GET /connectors", json!({ "items": [] }));
    let _console = open_palette(&server).await;
    type_into(BOX, "add user").await;
    has_chosen("Add user Needs Automation administrator").await;
    key("Enter").await;
    see("textbox", BOX).await;
    assert_eq!(address(), "/t/acme/account");
    type_into(BOX, "delete sales").await;
    has_chosen(
        "Delete “Sales” Only an owner of this connection can do this. Ask an owner or an administrator.",
    )
    .await;
    assert!(server.asked("GET /users").is_empty());
}

#[wasm_bindgen_test]
async fn a_connection_is_tested_from_the_palette() {
    forget();
    let server = Fake::signed_in("designer");
    let sales = connection(1, "Sales", "active", "owner");
    server.answer("GET /connections", connections(std::slice::from_ref(&sales)));
    server.answer("GET /connectors", json!({ "items": [] }));
    let test = format!("POST /connections/{}/test", id("con", 1));
    server.answer(&test, sales.clone());
    let _console = open_palette(&server).await;
    type_into(BOX, "test sal").await;
    has_chosen("Test “Sales”").await;
    key("Enter").await;
    has_text("“Sales” works. Proved just now.").await;
    assert_eq!(server.asked(&test).len(), 1);
    // Only the key is kept; the name is read anew, and who may not know of it any more is not told.
    assert_eq!(kept(), format!("connection:{}", id("con", 1)));
    let read = format!("GET /connections/{}", id("con", 1));
    server.answer(&read, sales);
    press("Search").await;
    has_chosen("Sales Box").await;
    press("Close").await;
    gone("textbox", BOX).await;
    server.refuse(&read, ProblemCode::NotFound);
    press("Search").await;
    has_chosen("Connections Automate").await;
    until("it to be forgotten", || kept().is_empty()).await;
}

#[wasm_bindgen_test]
async fn what_fails_is_said_and_tried_again() {
    forget();
    let server = Fake::signed_in("automationAdministrator");
    server.refuse("GET /connections", ProblemCode::Internal);
    server.answer("GET /users", json!({ "items": [] }));
    server.answer("GET /connectors", json!({ "items": [] }));
    let _console = open_palette(&server).await;
    type_into(BOX, "tenant").await;
    has_text("Only pages and actions are searched for now.").await;
    has_chosen("Tenant Settings").await;
    server.answer("GET /connections", connections(&[connection(1, "Tenant sync", "invalid", "owner")]));
    press("Try again").await;
    see("option", "Tenant sync Box · Invalid").await;
}
