//! Connections: the list and one connection's page.

use drawbridge_contract::problem::ProblemCode;
use serde_json::{Value, json};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlSelectElement;

use crate::support::*;

const LIST: &str = "/t/acme/automate/connections";

/// A connection in the list.
pub(super) fn row(number: u8, name: &str, status: &str, reason: &str) -> Value {
    json!({
        "id": id("con", number), "name": name,
        "connector": { "id": "sandbox-crm", "name": "Sandbox CRM", "icon": "sandbox-crm" },
        "state": { "status": status, "reason": reason, "since": "2026-01-01T00:00:00Z" },
        "owner": { "id": id("usr", 1), "name": "Ada Lovelace" },
        "createdAt": "2026-01-01T00:00:00Z", "level": "owner", "interactive": true,
    })
}

/// The same connection whole.
pub(super) fn whole(mut row: Value, auth: &str) -> Value {
    row["auth"] = auth.into();
    row["connectedAs"] = json!({ "id": "ada", "name": "Ada Lovelace", "email": "ada@sandbox.example" });
    row["verifiedBy"] = "GET /api/me".into();
    row["lastVerifiedAt"] = "2026-01-01T00:00:00Z".into();
    row["details"] =
        json!({ "settings": { "region": "eu" }, "secretsSet": ["apiKey"], "scopes": ["contacts:read"] });
    row
}

/// A connector with a sign-in and a way with a key.
pub(super) fn connector(client: &Value) -> Value {
    json!({
        "id": "sandbox-crm", "name": "Sandbox CRM", "description": "Contacts.", "category": "crm",
        "icon": "sandbox-crm", "sandbox": true, "docs": [], "quirks": [],
        "settings": [{ "id": "region", "label": "Region", "kind": "select", "required": true, "default": "eu",
            "options": [{ "value": "eu", "label": "Europe" }, { "value": "us", "label": "America" }] }],
        "auth": [
            { "id": "oauth", "label": "Sign in", "fields": [], "interactive": true, "client": client },
            { "id": "key", "label": "API key", "interactive": false, "fields": [
                { "id": "apiKey", "label": "API key", "format": "token", "required": true, "secret": true }] },
        ],
        "operations": [{ "id": "list", "name": "List contacts", "description": "Lists them.", "type": "action" }],
    })
}

/// A list of connections with its counts.
pub(super) fn list(items: &[Value], next: Option<&str>) -> Value {
    let count = |status: &str| items.iter().filter(|item| item["state"]["status"] == status).count();
    let mut list = json!({ "items": items, "counts": {
        "pending": count("pending"), "active": count("active"), "degraded": count("degraded"),
        "invalid": count("invalid"), "disabled": count("disabled"),
    } });
    if let Some(next) = next {
        list["nextCursor"] = next.into();
    }
    list
}

/// A server with these connections and Sandbox CRM.
pub(super) fn server(role: &str, items: &[Value]) -> Fake {
    let server = Fake::signed_in(role);
    let built_in = json!({ "builtIn": true, "redirectUrl": "https://d.example/oauth/callback" });
    let known = connector(&built_in);
    server.answer("GET /connections", list(items, None));
    server.answer("GET /connectors", json!({ "items": [known] }));
    server.answer("GET /connectors/sandbox-crm", known);
    server
}

fn filter(label: &str) -> HtmlSelectElement {
    let labels = leptos::prelude::document().query_selector_all(".toolbar .filter").unwrap();
    let found = (0..labels.length())
        .filter_map(|at| labels.item(at)?.dyn_into::<web_sys::Element>().ok())
        .find(|found| found.text_content().unwrap_or_default().starts_with(label));
    found.unwrap().query_selector("select").unwrap().unwrap().unchecked_into()
}

#[wasm_bindgen_test]
async fn the_list_shows_what_needs_attention_and_counts() {
    let items = [row(1, "Contacts", "active", "proved"), row(2, "Old one", "invalid", "grant_revoked")];
    let _server = server("designer", &items);
    let _console = open(LIST);
    see("link", "Contacts").await;
    has_text("1 active").await;
    has_text("The access was revoked or has ended at the provider.").await;
    see("link", "Reconnect").await;
    has_text("2 connections").await;
}

#[wasm_bindgen_test]
async fn an_empty_tenant_says_what_the_page_is_for() {
    let _server = server("designer", &[]);
    let _console = open(LIST);
    has_text("No connections yet").await;
    see("link", "Add connection").await;
    assert!(by_role("textbox", "Search connections").is_none());
}

#[wasm_bindgen_test]
async fn filters_and_order_are_in_the_address_and_can_be_cleared() {
    let server = server("designer", &[row(1, "Contacts", "active", "proved")]);
    let _console = open(LIST);
    see("link", "Contacts").await;
    server.answer_with("GET /connections", |_| {
        let mut none = list(&[], None);
        none["counts"]["active"] = 1.into();
        ok(&none, None)
    });
    type_into("Search connections", "zzz").await;
    until("the search in the address", || address() == format!("{LIST}?search=zzz")).await;
    has_text("No connection matches").await;
    let status = filter("Status");
    status.set_value("invalid");
    fire(&status, "change");
    until("the status in the address", || address() == format!("{LIST}?search=zzz&status=invalid")).await;
    server.answer("GET /connections", list(&[row(1, "Contacts", "active", "proved")], None));
    press("Clear filters").await;
    see("link", "Contacts").await;
    assert_eq!(address(), LIST);
    press("Created").await;
    until("the order in the address", || address() == format!("{LIST}?sort=created")).await;
    press("Created").await;
    until("the other order", || address() == format!("{LIST}?sort=-created")).await;
}

#[wasm_bindgen_test]
async fn a_failed_list_is_tried_again_and_rows_stay_when_a_reload_fails() {
    let server = server("designer", &[]);
    server.refuse("GET /connections", ProblemCode::Internal);
    let _console = open(LIST);
    has_text("Something went wrong on our side").await;
    server.answer("GET /connections", list(&[row(1, "Contacts", "active", "proved")], None));
    press("Try again").await;
    see("link", "Contacts").await;
    server.refuse("GET /connections", ProblemCode::Internal);
    press("Created").await;
    has_text("The list could not be brought up to date").await;
    see("link", "Contacts").await;
}

#[wasm_bindgen_test]
async fn the_next_page_is_appended() {
    let server = server("designer", &[]);
    server.answer("GET /connections", list(&[row(1, "First", "active", "proved")], Some("c1")));
    let _console = open(LIST);
    see("link", "First").await;
    server.answer("GET /connections", list(&[row(2, "Second", "active", "proved")], None));
    press("Load more").await;
    see("link", "Second").await;
    see("link", "First").await;
    gone("button", "Load more").await;
}

#[wasm_bindgen_test]
async fn what_may_not_be_done_says_why() {
    let mut shared = row(1, "Shared", "active", "proved");
    shared["level"] = "user".into();
    let _server = server("designer", &[shared, row(2, "Half", "pending", "awaiting_sign_in")]);
    let _console = open(LIST);
    press("Actions for “Shared”").await;
    has_text("Only an owner of this connection can do this.").await;
    press("Actions for “Shared”").await;
    press("Actions for “Half”").await;
    // What is not finished can be finished or discarded, and nothing else.
    see("menuitem", "Discard").await;
    see("menuitem", "Finish signing in").await;
    assert!(by_role("menuitem", "Test").is_none());
}

#[wasm_bindgen_test]
async fn a_test_says_how_it_went_and_reloads_the_list() {
    let server = server("designer", &[row(1, "Contacts", "active", "proved")]);
    let broken = row(1, "Contacts", "invalid", "credentials_refused");
    server.answer(&format!("POST /connections/{}/test", id("con", 1)), whole(broken.clone(), "key"));
    let _console = open(LIST);
    press("Actions for “Contacts”").await;
    server.answer("GET /connections", list(&[broken], None));
    see("menuitem", "Test").await.click();
    has_text("“Contacts” is invalid. The provider does not accept the credentials.").await;
    has_text("1 invalid").await;
}

#[wasm_bindgen_test]
async fn a_pending_connection_is_discarded_after_asking() {
    let half = row(1, "Half", "pending", "awaiting_sign_in");
    let server = server("designer", std::slice::from_ref(&half));
    server.answer(&format!("GET /connections/{}", id("con", 1)), whole(half, "oauth"));
    server.answer(&format!("DELETE /connections/{}", id("con", 1)), Value::Null);
    let _console = open(&format!("{LIST}?discard={}", id("con", 1)));
    see("dialog", "Discard connection “Half”?").await;
    server.answer("GET /connections", list(&[], None));
    press("Discard").await;
    has_text("“Half” was discarded").await;
    has_text("No connections yet").await;
    assert_eq!(address(), LIST);
}

#[wasm_bindgen_test]
async fn coming_back_from_the_provider_is_told_once() {
    let made = row(1, "Contacts", "active", "proved");
    let server = server("designer", std::slice::from_ref(&made));
    server.answer(&format!("GET /connections/{}", id("con", 1)), whole(made, "oauth"));
    let _console = open(&format!("{LIST}?connected={}", id("con", 1)));
    has_text("“Contacts”: Connected as Ada Lovelace (ada@sandbox.example)").await;
    until("the plain address", || address() == LIST).await;
    let fresh = || leptos::prelude::document().query_selector("tr.row-fresh").unwrap();
    until("the new row to be lit up", || fresh().is_some()).await;
}

#[wasm_bindgen_test]
async fn a_refused_callback_is_explained() {
    let _server = server("designer", &[row(1, "Contacts", "active", "proved")]);
    let _console = open(&format!("{LIST}?refused=flow_expired"));
    has_text("The sign-in took longer than 10 minutes.").await;
    until("the plain address", || address() == LIST).await;
}

#[wasm_bindgen_test]
async fn an_owner_sees_the_settings_and_secrets_only_as_set() {
    let server = server("designer", &[]);
    let path = format!("/connections/{}", id("con", 1));
    let mut made = row(1, "Contacts", "active", "proved");
    made["interactive"] = false.into();
    server.answer(&format!("GET {path}"), whole(made, "key"));
    server.answer(
        &format!("GET {path}/events"),
        json!({ "items": [{
        "id": id("cev", 1), "at": "2026-01-01T00:00:00Z",
        "state": { "status": "active", "reason": "proved", "since": "2026-01-01T00:00:00Z" },
    }] }),
    );
    server.answer(&format!("POST {path}/test"), whole(row(1, "Contacts", "active", "proved"), "key"));
    let _console = open(&format!("{LIST}/{}", id("con", 1)));
    see("heading", "Contacts").await;
    has_text("Ada Lovelace (ada@sandbox.example)").await;
    has_text("GET /api/me").await;
    // Name and value stand in elements of their own, with nothing between.
    has_text("RegionEurope").await;
    has_text("API keySet").await;
    has_text("List contacts").await;
    // A way without a sign-in at the provider offers none.
    assert!(by_role("button", "Reconnect").is_none());
    press("Test").await;
    has_text("Proved just now").await;
    until("the history to be read again", || server.asked(&format!("GET {path}/events")).len() == 2).await;
}

#[wasm_bindgen_test]
async fn a_user_is_told_who_sees_the_settings() {
    let server = server("designer", &[]);
    let mut shared = whole(row(1, "Shared", "degraded", "rate_limited"), "oauth");
    shared["level"] = "user".into();
    shared.as_object_mut().unwrap().remove("details");
    server.answer(&format!("GET /connections/{}", id("con", 1)), shared);
    let _console = open(&format!("{LIST}/{}", id("con", 1)));
    see("heading", "Shared").await;
    has_text("Only owners of this connection see its settings.").await;
    has_text("Wait a little, then test again.").await;
    let again = see("button", "Reconnect").await;
    assert_eq!(again.get_attribute("aria-disabled").as_deref(), Some("true"));
}

#[wasm_bindgen_test]
async fn an_address_without_a_connection_leads_back_to_the_list() {
    let _server = server("designer", &[]);
    for nobody in ["nonsense".to_owned(), id("con", 9)] {
        let _console = open(&format!("{LIST}/{nobody}"));
        has_text("There is no such connection").await;
        see("link", "All connections").await;
    }
}
