//! The frame: who gets to see what, where links lead, and what is said when there is nothing to see.

use drawbridge_app::client::Lost;
use drawbridge_contract::problem::ProblemCode;
use leptos::prelude::{document, window};
use serde_json::{Value, json};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement};

use super::windows::Windows;
use crate::support::*;

#[wasm_bindgen_test]
async fn a_page_beyond_ones_role_says_which_role_it_needs_and_who_can_help() {
    let _server = Fake::signed_in("designer");
    let _console = open("/t/acme/settings/license");
    see("heading", "You cannot open this page").await;
    has_text("It needs the role Automation administrator or above. Your role in Acme is Designer.").await;
    has_text("An Automation administrator or a Global administrator can change it.").await;
    let entry = see("link", "License and subscription Needs Automation administrator").await;
    assert_eq!(entry.get_attribute("aria-disabled").as_deref(), Some("true"));
    see("link", "Go to the start page").await;
}

#[wasm_bindgen_test]
async fn a_participant_finds_a_plain_page() {
    let _server = Fake::signed_in("participant");
    let _console = open("/");
    see("heading", "Nothing here for your role yet").await;
    see("link", "Connections Needs Designer").await;
    assert_eq!(address(), "/t/acme");
}

#[wasm_bindgen_test]
async fn unknown_addresses_and_tenants_are_not_found() {
    let _server = Fake::signed_in("globalAdministrator");
    for nowhere in ["/nowhere", "/t/initech/account", "/t/acme/settings/nowhere"] {
        let _console = open(nowhere);
        see("heading", "Page not found").await;
        assert_eq!(address(), nowhere);
    }
}

#[wasm_bindgen_test]
async fn another_one_of_ones_tenants_is_entered_by_its_address() {
    let server = Fake::signed_in("globalAdministrator");
    let switch = format!("POST /tenants/{}/switch", id("ten", 2));
    server.answer(&switch, who("participant", "globex"));
    server.answer("GET /sessions", json!({ "items": [] }));
    let _console = open("/t/globex/account");
    see("heading", "Your account").await;
    see("button", "Tenant Globex, switch").await;
    assert_eq!(server.asked(&switch).len(), 1);
    until("the title", || document().title() == "Your account · Globex · Drawbridge").await;
}

#[wasm_bindgen_test]
async fn a_window_that_one_comes_back_to_enters_its_own_tenant_again() {
    let server = Fake::signed_in("participant");
    let switch = format!("POST /tenants/{}/switch", id("ten", 1));
    server.answer(&switch, who("participant", "acme"));
    let _console = open("/t/acme");
    see("heading", "Nothing here for your role yet").await;
    server.answer("GET /session", who("participant", "globex"));
    fire(&window(), "focus");
    until("the switch", || server.asked(&switch).len() == 1).await;
    see("heading", "Nothing here for your role yet").await;
    assert_eq!(address(), "/t/acme");
}

#[wasm_bindgen_test]
async fn links_change_the_page_the_address_and_where_the_keyboard_is() {
    let server = Fake::signed_in("globalAdministrator");
    server.answer("GET /tenant/usage", json!({ "limits": [] }));
    let _console = open("/t/acme/settings/license");
    see("heading", "License and subscription").await;
    see("link", "Tenant").await.click();
    let heading = see("heading", "Tenant").await;
    until("the address", || address() == "/t/acme/settings/tenant").await;
    until("the heading to have the keyboard", || {
        document().active_element().is_some_and(|active| active.is_same_node(Some(&heading)))
    })
    .await;
    assert_eq!(see("link", "Tenant").await.get_attribute("aria-current").as_deref(), Some("page"));
}

#[wasm_bindgen_test]
async fn a_session_that_ends_leads_to_signing_in_again() {
    let server = Fake::signed_in("globalAdministrator");
    server.refuse("GET /tenant/usage", ProblemCode::Unauthenticated);
    let _console = open("/t/acme/settings/license");
    see("heading", "Sign in").await;
    has_text("Your session has ended").await;
    assert_eq!(address(), "/sign-in?to=%2Ft%2Facme%2Fsettings%2Flicense");
}

#[wasm_bindgen_test]
async fn a_session_that_ends_over_a_form_keeps_what_is_typed() {
    let server = Fake::signed_in("globalAdministrator");
    let counts = json!({ "invited": 0, "active": 0, "suspended": 0 });
    server.answer("GET /users", json!({ "items": [], "counts": counts }));
    server.refuse("POST /users", ProblemCode::Unauthenticated);
    let _console = open("/t/acme/settings/users?open=add");
    type_into("Email", "grace@example.com").await;
    type_into("First name", "Grace").await;
    type_into("Last name", "Hopper").await;
    press("Add and make the link").await;
    let dialog = see("dialog", "Your session has ended").await;
    has_text("What you typed is kept.").await;

    // Going without signing in loses it, so that is asked first.
    dialog.query_selector(".modal-head button").unwrap().unwrap().unchecked_into::<HtmlElement>().click();
    press("Keep editing").await;
    gone("button", "Keep editing").await;

    let mut again = who("globalAdministrator", "acme");
    again["session"] = json!(id("ses", 2));
    server.answer("POST /session", again.clone());
    let within = |label: &str| {
        let fields = all("textbox").into_iter().filter(|field| name_of(field) == label);
        fields.filter(|field| field.closest("#sign-in").unwrap().is_some()).last()
    };
    until("the form", || within("Email").is_some()).await;
    let type_within = |label: &str, text: &str| {
        let field: HtmlInputElement = within(label).unwrap().unchecked_into();
        field.set_value(text);
        fire(&field, "input");
    };
    type_within("Email", "ada@example.com");
    // A provider is signed in at in a tab of its own; coming back to this one finds the new session.
    let windows = Windows::new();
    press("Continue with single sign-on").await;
    assert_eq!(windows.opened.get(), 1);
    see("dialog", "Your session has ended").await;
    server.answer("GET /session", again.clone());
    fire(&window(), "focus");
    gone("dialog", "Your session has ended").await;
    assert_eq!(typed_in("First name").await, "Grace");

    press("Add and make the link").await;
    see("dialog", "Your session has ended").await;
    until("the form", || within("Email").is_some()).await;
    type_within("Email", "ada@example.com");
    type_within("Password", "tall green lamp at noon");
    press("Sign in").await;
    gone("dialog", "Your session has ended").await;
    assert_eq!(address(), "/t/acme/settings/users?open=add");
    assert_eq!(typed_in("First name").await, "Grace");
    server.answer(
        "POST /users",
        json!({
            "user": {
                "id": id("usr", 2), "email": "grace@example.com", "firstName": "Grace", "lastName": "Hopper",
                "role": "designer", "state": "invited", "createdAt": "2026-01-01T00:00:00Z",
            },
            "link": "https://x.example/invitations/abc",
        }),
    );
    press("Add and make the link").await;
    assert_eq!(typed_in("Invitation link").await, "https://x.example/invitations/abc");
}

#[wasm_bindgen_test]
async fn signing_out_is_in_the_user_menu() {
    let server = Fake::signed_in("participant");
    server.answer("DELETE /session", Value::Null);
    let _console = open("/t/acme");
    press("Account of Ada Lovelace (ada@example.com), Participant").await;
    see("menuitem", "Sign out").await.click();
    see("heading", "Sign in").await;
    assert_eq!(address(), "/sign-in");
    assert_eq!(server.asked("DELETE /session").len(), 1);
}

#[wasm_bindgen_test]
async fn the_theme_is_kept() {
    let _server = Fake::signed_in("participant");
    let _console = open("/t/acme");
    let root = document().document_element().unwrap();
    let kept = || window().local_storage().unwrap().unwrap().get_item("drawbridge.theme").unwrap();
    for (item, theme) in
        [("Dark theme", Some("dark")), ("Light theme", Some("light")), ("System theme", None)]
    {
        press("Account of Ada Lovelace (ada@example.com), Participant").await;
        see("menuitem", item).await.click();
        assert_eq!(root.get_attribute("data-theme").as_deref(), theme);
        assert_eq!(kept().as_deref(), theme);
    }
}

#[wasm_bindgen_test]
async fn being_offline_is_said_until_it_is_over() {
    let _server = Fake::signed_in("participant");
    let _console = open("/t/acme");
    see("heading", "Nothing here for your role yet").await;
    fire(&window(), "offline");
    has_text("You are offline").await;
    fire(&window(), "online");
    let said = || all("status").iter().any(|status| name_of(status).contains("You are offline"));
    until("the notice to go", || !said()).await;
}

#[wasm_bindgen_test]
async fn a_console_that_cannot_start_says_why_and_tries_again() {
    let server = Fake::signed_out();
    server.answer_with("GET /session", |_| Err(Lost::TimedOut));
    let _console = open("/");
    has_text("Drawbridge did not answer in time").await;
    server.answer("GET /session", who("participant", "acme"));
    press("Try again").await;
    see("heading", "Nothing here for your role yet").await;
}

#[wasm_bindgen_test]
async fn a_problem_code_has_its_own_page() {
    let _server = Fake::signed_out();
    let _console = open("/problems/precondition_failed");
    see("heading", "Somebody else changed this meanwhile").await;
    has_text("precondition_failed").await;
}
