//! Settings.

use std::cell::RefCell;
use std::rc::Rc;

use drawbridge_app::client::{Incoming, Lost};
use drawbridge_contract::problem::ProblemCode;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::*;

fn usage(connections: u32) -> serde_json::Value {
    json!({ "limits": [
        { "limited": "connections", "used": connections, "most": 1000 },
        { "limited": "users", "used": 12, "most": 10000 },
        { "limited": "oauthClients", "used": 0, "most": 500 },
    ] })
}

#[wasm_bindgen_test]
async fn the_limits_are_shown_with_their_use() {
    let server = Fake::signed_in("automationAdministrator");
    server.answer("GET /tenant/usage", usage(250));
    let _console = open("/t/acme/settings");
    let meter = see("meter", "Connections").await;
    assert_eq!(meter.get_attribute("aria-valuenow").as_deref(), Some("25"));
    has_text("250 / 1,000").await;
    has_text("12 / 10,000").await;
    assert!(all("alert").iter().all(|alert| name_of(alert).is_empty()));
}

#[wasm_bindgen_test]
async fn a_reached_limit_says_so() {
    let server = Fake::signed_in("globalAdministrator");
    server.answer("GET /tenant/usage", usage(1000));
    let _console = open("/t/acme/settings/license");
    has_text("Connections: the limit is reached.").await;
}

#[wasm_bindgen_test]
async fn a_failure_offers_to_try_again() {
    let server = Fake::signed_in("globalAdministrator");
    server.refuse("GET /tenant/usage", ProblemCode::Internal);
    let _console = open("/t/acme/settings/license");
    has_text("Something went wrong on our side").await;
    has_text("Request req_1").await;
    server.answer("GET /tenant/usage", usage(1));
    press("Try again").await;
    see("meter", "Users").await;
}

/// A tenant that remembers its name and version, as the server does.
fn keep_tenant(server: &Fake) -> Rc<RefCell<(String, u32)>> {
    let kept = Rc::new(RefCell::new(("Acme".to_owned(), 1)));
    let answer = |kept: &RefCell<(String, u32)>| -> Result<Incoming, Lost> {
        let (name, version) = kept.borrow().clone();
        let body = json!({ "id": id("ten", 1), "slug": "acme", "name": name, "createdAt": "2026-01-01T00:00:00Z",
                "credentials": { "showSecretsOnce": false, "maxTokenDays": 366 } });
        ok(&body, Some(&format!("\"{version}\"")))
    };
    let read = Rc::clone(&kept);
    server.answer_with("GET /tenant", move |_| answer(&read));
    let write = Rc::clone(&kept);
    server.answer_with("PATCH /tenant", move |asked| {
        if asked.if_match != Some(format!("\"{}\"", write.borrow().1)) {
            return problem(ProblemCode::PreconditionFailed);
        }
        let version = write.borrow().1 + 1;
        let name = asked.body["name"].as_str().map_or_else(|| write.borrow().0.clone(), str::to_owned);
        *write.borrow_mut() = (name, version);
        answer(&write)
    });
    kept
}

#[wasm_bindgen_test]
async fn the_name_is_saved_with_its_version_and_shown_everywhere() {
    let server = Fake::signed_in("globalAdministrator");
    let kept = keep_tenant(&server);
    let _console = open("/t/acme/settings/tenant");
    assert_eq!(typed_in("Tenant name").await, "Acme");
    let save = see("button", "Save").await;
    assert_eq!(save.get_attribute("aria-disabled").as_deref(), Some("true"));
    type_into("Tenant name", "  Acme World ").await;
    save.click();
    see("button", "Tenant Acme World, switch").await;
    has_text("Tenant saved").await;
    assert_eq!(kept.borrow().0, "Acme World");
    assert_eq!(server.asked("PATCH /tenant")[0].if_match.as_deref(), Some("\"1\""));
}

#[wasm_bindgen_test]
async fn a_name_that_the_rule_refuses_is_not_sent() {
    let server = Fake::signed_in("globalAdministrator");
    keep_tenant(&server);
    let _console = open("/t/acme/settings/tenant");
    type_into("Tenant name", "<Acme>").await;
    press("Save").await;
    has_text("The character < is not allowed here.").await;
    assert!(server.asked("PATCH /tenant").is_empty());
}

#[wasm_bindgen_test]
async fn a_lost_race_shows_both_names_and_lets_one_choose() {
    let server = Fake::signed_in("globalAdministrator");
    let kept = keep_tenant(&server);
    let _console = open("/t/acme/settings/tenant");
    type_into("Tenant name", "Mine").await;
    *kept.borrow_mut() = ("Theirs".to_owned(), 7);
    press("Save").await;
    has_text("The name is now “Theirs”. You typed “Mine”.").await;
    assert_eq!(typed_in("Tenant name").await, "Mine");
    press("Save mine").await;
    has_text("Tenant saved").await;
    assert_eq!(*kept.borrow(), ("Mine".to_owned(), 8));
}

#[wasm_bindgen_test]
async fn who_may_not_change_the_tenant_reads_it_and_is_told_why() {
    let server = Fake::signed_in("automationAdministrator");
    keep_tenant(&server);
    let _console = open("/t/acme/settings/tenant");
    has_text("Only a Global administrator can change them.").await;
    assert!(see("textbox", "Tenant name").await.has_attribute("readonly"));
    assert!(by_role("button", "Save").is_none());
}

#[wasm_bindgen_test]
async fn the_rules_for_tokens_say_what_they_do_to_those_that_are_there_before_they_are_saved() {
    let server = Fake::signed_in("globalAdministrator");
    keep_tenant(&server);
    let _console = open("/t/acme/settings/tenant");
    let save = see("button", "Save rules").await;
    assert_eq!(save.get_attribute("aria-disabled").as_deref(), Some("true"));
    type_into("Longest life of personal access tokens", "400").await;
    press("Save rules").await;
    has_text("Type a number of days from 1 to 366.").await;
    assert!(server.asked("PATCH /tenant").is_empty());
    type_into("Longest life of personal access tokens", "90").await;
    has_text("Saving blocks tokens whose life is longer than that, at once.").await;
    see("checkbox", "Show secrets once").await.click();
    has_text("Saving destroys the secrets that are kept now.").await;
    press("Save rules").await;
    has_text("Rules saved").await;
    let sent = &server.asked("PATCH /tenant")[0];
    assert_eq!(sent.body, json!({ "credentials": { "showSecretsOnce": true, "maxTokenDays": 90 } }));
    assert_eq!(sent.if_match.as_deref(), Some("\"1\""));
}

#[wasm_bindgen_test]
async fn rules_that_were_changed_meanwhile_are_saved_over_once_that_was_told() {
    let server = Fake::signed_in("globalAdministrator");
    let kept = keep_tenant(&server);
    let _console = open("/t/acme/settings/tenant");
    type_into("Longest life of personal access tokens", "30").await;
    *kept.borrow_mut() = ("Theirs".to_owned(), 7);
    press("Save rules").await;
    has_text("Somebody else changed the tenant meanwhile.").await;
    assert_eq!(typed_in("Longest life of personal access tokens").await, "30");
    until("the newer version", || server.asked("GET /tenant").len() == 2).await;
    press("Save rules").await;
    has_text("Rules saved").await;
    assert_eq!(server.asked("PATCH /tenant")[1].if_match.as_deref(), Some("\"7\""));
}
