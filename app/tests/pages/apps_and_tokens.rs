//! Settings → Apps and tokens.

use drawbridge_contract::problem::{FieldProblem, Problem, ProblemCode};
use serde_json::{Value, json};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::*;

const PAGE: &str = "/t/acme/settings/apps-and-tokens";

fn app(viewable: bool) -> Value {
    json!({
        "id": id("app", 1), "name": "Nightly export", "description": "Copies invoices.", "status": "active",
        "scopes": ["read:connection", "use:connection"], "addresses": ["203.0.113.0/24"],
        "tokenAlgorithm": "EdDSA", "secrets": [{ "hint": "dbr_app_…9xYz", "viewable": viewable }],
        "lastUsed": { "at": "2026-01-02T00:00:00Z", "address": "203.0.113.7", "country": "DE" },
        "createdBy": { "id": id("usr", 1), "name": "Ada Lovelace" }, "createdAt": "2026-01-01T00:00:00Z",
    })
}

fn token(status: &str, owner: u8, viewable: bool) -> Value {
    json!({
        "id": id("pat", 1), "name": "Laptop", "status": status, "scopes": ["read:connection", "manage:user"],
        "addresses": [], "secrets": [{ "hint": "dbr_pat_…Ab12", "viewable": viewable }],
        "expiresAt": "2030-01-01T00:00:00Z", "createdBy": { "id": id("usr", owner), "name": "Ada Lovelace" },
        "createdAt": "2026-01-01T00:00:00Z",
    })
}

/// A server with one app and one token.
fn furnished(role: &str, app: Value, token: Value) -> Fake {
    let server = Fake::signed_in(role);
    server.answer("GET /apps", json!({ "items": [app] }));
    server.answer("GET /tokens", json!({ "items": [token] }));
    let one = [("apps", "app", app), ("tokens", "pat", token)];
    for (path, prefix, body) in one {
        server.answer_with(&format!("GET /{path}/{}", id(prefix, 1)), move |_| ok(&body, Some("\"v1\"")));
    }
    server.answer("GET /tenant/credentials", json!({ "showSecretsOnce": false, "maxTokenDays": 366 }));
    server
}

fn usual() -> Fake {
    furnished("developer", app(true), token("active", 1, true))
}

fn open_one(what: &str, prefix: &str) -> Mounted {
    open(&format!("{PAGE}?open={what}&id={}", id(prefix, 1)))
}

/// Presses the last button of this name: that of what lies over the page.
async fn press_last(name: &str) {
    see("button", name).await;
    all("button").into_iter().rfind(|button| name_of(button) == name).unwrap().click();
}

async fn item(of: &str, name: &str) -> web_sys::HtmlElement {
    press(&format!("Actions for “{of}”")).await;
    until("the menu", || all("menuitem").iter().any(|item| name_of(item).starts_with(name))).await;
    all("menuitem").into_iter().find(|item| name_of(item).starts_with(name)).unwrap()
}

#[wasm_bindgen_test]
async fn an_app_is_made_with_what_was_typed_and_its_secret_told() {
    let server = usual();
    server.answer("POST /apps", json!({ "app": app(true), "secret": "dbr_app_made" }));
    let _console = open(&format!("{PAGE}?open=add"));
    type_into("App name", "Nightly export").await;
    type_into("Allowed addresses", "203.0.113.0/24\nhome").await;
    press_last("Add").await;
    has_text("Line 2 (home): Type an address").await;
    assert!(server.asked("POST /apps").is_empty());
    type_into("Allowed addresses", "203.0.113.0/24\n\n 2001:db8::7 ").await;
    choose_card("Chosen scopes").await;
    press_last("Add").await;
    has_text("Choose at least one scope.").await;
    see("checkbox", "Make, change, share and delete connections").await.click();
    has_text("Part of managing.").await;
    press_last("Add").await;
    see("dialog", "App added").await;
    assert_eq!(typed_in("Client Secret").await, "dbr_app_made");
    assert_eq!(typed_in("Client ID").await, id("app", 1));
    has_text("You can see it again under View.").await;
    has_text("/oauth/token").await;
    let sent = &server.asked("POST /apps")[0].body;
    assert_eq!(
        sent,
        &json!({
            "name": "Nightly export", "description": "", "scopes": ["manage:connection"],
            "addresses": ["203.0.113.0/24", "2001:db8::7"], "tokenAlgorithm": "EdDSA",
        })
    );
    // It can be seen again: nothing is asked.
    press("Done").await;
    gone("dialog", "App added").await;
    assert_eq!(address(), PAGE);
}

async fn choose_card(title: &str) {
    until("the card", || all("radio").iter().any(|radio| card_of(radio).starts_with(title))).await;
    all("radio").into_iter().find(|radio| card_of(radio).starts_with(title)).unwrap().click();
}

fn card_of(radio: &web_sys::Element) -> String {
    radio.closest("label").unwrap().map(|label| name_of(&label)).unwrap_or_default()
}

#[wasm_bindgen_test]
async fn a_secret_that_is_shown_once_is_not_left_without_being_asked() {
    let server = usual();
    server.answer("POST /tokens", json!({ "token": token("active", 1, false), "secret": "dbr_pat_made" }));
    let _console = open(&format!("{PAGE}?open=create"));
    type_into("Name", "Laptop").await;
    press_last("Create").await;
    see("dialog", "Token created").await;
    has_text("Copy it now: it is not kept and cannot be shown again.").await;
    press("Done").await;
    see("dialog", "Close without copying it?").await;
    press("Go back").await;
    gone("dialog", "Close without copying it?").await;
    // Who selects it and copies it by hand has it.
    fire(see("textbox", "Personal access token").await.as_ref(), "copy");
    press("Done").await;
    gone("dialog", "Token created").await;
    let sent = &server.asked("POST /tokens")[0].body;
    assert!(sent["expiresAt"].is_string(), "{sent}");
    assert_eq!(sent["scopes"].as_array().unwrap().len(), 23);
}

#[wasm_bindgen_test]
async fn the_longest_life_that_the_tenant_allows_is_preset_and_left_to_the_server() {
    let server = usual();
    server.answer("GET /tenant/credentials", json!({ "showSecretsOnce": true, "maxTokenDays": 45 }));
    server.refuse("POST /tokens", ProblemCode::QuotaExceeded);
    let _console = open(&format!("{PAGE}?open=create"));
    let select: web_sys::HtmlElement = see("combobox", "Expiry").await;
    assert_eq!(select.text_content().unwrap(), "7 days30 days45 daysAnother day");
    has_text("Your tenant allows 45 days at most.").await;
    type_into("Name", "Laptop").await;
    press_last("Create").await;
    until("the refusal", || !server.asked("POST /tokens").is_empty()).await;
    assert!(server.asked("POST /tokens")[0].body.get("expiresAt").is_none());
    assert_eq!(typed_in("Name").await, "Laptop", "what was typed stays");
}

#[wasm_bindgen_test]
async fn what_the_server_says_of_an_address_stands_under_it() {
    let server = usual();
    server.answer_with("POST /apps", |_| {
        let mut told = Problem::new(ProblemCode::InvalidFields, String::new(), "req_1".to_owned());
        told.fields.push(FieldProblem {
            path: "addresses.1".to_owned(),
            code: "not_a_network".to_owned(),
            message: "Not this one.".to_owned(),
        });
        rejected(&told)
    });
    let _console = open(&format!("{PAGE}?open=add"));
    type_into("App name", "x").await;
    type_into("Allowed addresses", "10.0.0.1\n\n10.0.0.2").await;
    press_last("Add").await;
    has_text("Line 3 (10.0.0.2): Not this one.").await;
}

#[wasm_bindgen_test]
async fn a_secret_is_hidden_until_it_is_shown() {
    let server = usual();
    let path = format!("GET /apps/{}/secret", id("app", 1));
    server.answer(
        &path,
        json!({ "clientId": id("app", 1), "clientSecret": "dbr_app_kept", "previous": "dbr_app_old" }),
    );
    let _console = open_one("view", "app");
    see("button", "Show Client Secret").await;
    assert_eq!(typed_in("Client ID").await, id("app", 1));
    has_text("read:connection, use:connection").await;
    assert!(server.asked(&path).is_empty());
    press("Show Client Secret").await;
    assert_eq!(typed_in("Client Secret").await, "dbr_app_kept");
    assert_eq!(typed_in("Previous Client Secret").await, "dbr_app_old");
    assert_eq!(server.asked(&path).len(), 1);
}

#[wasm_bindgen_test]
async fn a_secret_that_is_not_kept_offers_rotation_instead() {
    furnished("developer", app(false), token("active", 1, false));
    let _console = open_one("view", "app");
    has_text("The secret was shown once and is not kept. Rotate it to get a new one.").await;
    assert!(by_role("button", "Show Client Secret").is_none());
    let rotate = see("link", "Rotate").await;
    assert!(rotate.get_attribute("href").unwrap().ends_with(&format!("?open=rotate&id={}", id("app", 1))));
}

#[wasm_bindgen_test]
async fn a_secret_is_rotated_with_the_grace_that_is_chosen() {
    let server = usual();
    let path = format!("POST /apps/{}/rotate", id("app", 1));
    server.answer(&path, json!({ "app": app(true), "secret": "dbr_app_next" }));
    let _console = open_one("rotate", "app");
    choose_card("7 days").await;
    press_last("Rotate secret").await;
    see("dialog", "New secret").await;
    assert_eq!(typed_in("Client Secret").await, "dbr_app_next");
    assert_eq!(server.asked(&path)[0].body, json!({ "grace": "week" }));
}

#[wasm_bindgen_test]
async fn a_token_keeps_no_more_than_it_has_and_an_edit_that_lost_a_race_is_told() {
    let server = usual();
    let path = format!("PATCH /tokens/{}", id("pat", 1));
    server.refuse(&path, ProblemCode::PreconditionFailed);
    let _console = open_one("edit", "pat");
    let held = see("checkbox", "Invite, change and remove users and groups").await;
    assert!(held.clone().dyn_into::<web_sys::HtmlInputElement>().unwrap().checked());
    let other = see("checkbox", "See gateways").await;
    assert_eq!(other.get_attribute("aria-disabled").as_deref(), Some("true"));
    held.click();
    type_into("Name", "Mine").await;
    let mut theirs = token("active", 1, true);
    theirs["name"] = json!("Theirs");
    server.answer_with(&format!("GET /tokens/{}", id("pat", 1)), move |_| ok(&theirs, Some("\"v2\"")));
    press_last("Save").await;
    has_text("Somebody else changed it meanwhile. It is now “Theirs”.").await;
    assert_eq!(typed_in("Name").await, "Mine");
    server.answer(&path, token("active", 1, true));
    press_last("Save").await;
    gone("dialog", "Edit token").await;
    let sent = &server.asked(&path)[1];
    assert_eq!(sent.if_match.as_deref(), Some("\"v2\""));
    assert_eq!(sent.body, json!({ "name": "Mine", "scopes": ["read:connection"], "addresses": [] }));
}

#[wasm_bindgen_test]
async fn what_cannot_be_done_with_a_token_says_why() {
    furnished("automationAdministrator", app(true), token("active", 2, true));
    let _console = open(PAGE);
    let rotate = item("Laptop", "Rotate").await;
    assert_eq!(rotate.get_attribute("aria-disabled").as_deref(), Some("true"));
    has_text("Only the user whose token this is can do this.").await;
    has_text("Revoke the token first: only expired and revoked tokens can be deleted.").await;
}

#[wasm_bindgen_test]
async fn a_token_is_revoked_after_yes() {
    let server = usual();
    let path = format!("POST /tokens/{}/revoke", id("pat", 1));
    server.answer(&path, token("revoked", 1, true));
    let _console = open_one("revoke", "pat");
    see("dialog", "Revoke token “Laptop”?").await;
    press("Yes").await;
    gone("dialog", "Revoke token “Laptop”?").await;
    assert_eq!(server.asked(&path).len(), 1);
    assert_eq!(address(), PAGE);
}

#[wasm_bindgen_test]
async fn an_app_is_disabled_from_its_menu_and_can_be_taken_back_at_once() {
    let server = usual();
    let (off, on) =
        (format!("POST /apps/{}/disable", id("app", 1)), format!("POST /apps/{}/activate", id("app", 1)));
    server.answer(&off, app(true));
    server.answer(&on, app(true));
    let _console = open(PAGE);
    item("Nightly export", "Disable").await.click();
    has_text("“Nightly export” is disabled. Calls with it fail from now on.").await;
    press("Activate").await;
    has_text("“Nightly export” is active again.").await;
    assert_eq!((server.asked(&off).len(), server.asked(&on).len()), (1, 1));
}

#[wasm_bindgen_test]
async fn what_is_not_there_any_more_says_so() {
    let server = usual();
    server.refuse(&format!("GET /apps/{}", id("app", 1)), ProblemCode::NotFound);
    let _console = open_one("delete", "app");
    has_text("It may have been deleted").await;
}

#[wasm_bindgen_test]
async fn each_section_is_searched_by_itself_and_says_when_nothing_is_there() {
    let server = usual();
    server.answer_with("GET /apps", |asked| {
        ok(&json!({ "items": if asked.query.contains("search") { vec![] } else { vec![app(true)] } }), None)
    });
    server.answer("GET /tokens", json!({ "items": [] }));
    let _console = open(PAGE);
    see("link", "Nightly export").await;
    has_text("No personal access tokens yet").await;
    type_into("Search apps", "nothing").await;
    has_text("Nothing matches").await;
    assert!(server.asked("GET /apps").last().unwrap().query.contains("search=nothing"));
    press("Clear search").await;
    see("link", "Nightly export").await;
}

#[wasm_bindgen_test]
async fn a_list_that_cannot_be_read_can_be_tried_again() {
    let server = usual();
    server.refuse("GET /apps", ProblemCode::Internal);
    let _console = open(PAGE);
    press("Try again").await;
    server.answer("GET /apps", json!({ "items": [app(true)] }));
    press("Try again").await;
    see("link", "Nightly export").await;
    see("link", "Laptop").await;
}
