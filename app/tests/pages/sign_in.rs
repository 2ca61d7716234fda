//! Signing in and set-up.

use drawbridge_app::client::Lost;
use drawbridge_contract::problem::{FieldProblem, Problem, ProblemCode};
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::*;

#[wasm_bindgen_test]
async fn nobody_signed_in_is_led_to_the_sign_in_page_and_then_to_what_was_wanted() {
    let server = Fake::signed_out();
    let _console = open("/t/acme/settings/tenant?x=1");
    see("heading", "Sign in").await;
    assert_eq!(address(), "/sign-in?to=%2Ft%2Facme%2Fsettings%2Ftenant%3Fx%3D1");

    server.answer("POST /session", who("globalAdministrator", "acme"));
    type_into("Email", " Ada@Example.com ").await;
    type_into("Password", "correct horse battery").await;
    press("Sign in").await;
    see("heading", "Tenant").await;
    assert_eq!(address(), "/t/acme/settings/tenant?x=1");
    let sent = server.asked("POST /session");
    assert_eq!(sent[0].body, json!({ "email": "Ada@Example.com", "password": "correct horse battery" }));
}

#[wasm_bindgen_test]
async fn a_failed_sign_in_keeps_what_was_typed() {
    let server = Fake::signed_out();
    server.refuse("POST /session", ProblemCode::SignInFailed);
    let _console = open("/sign-in");
    type_into("Email", "ada@example.com").await;
    type_into("Password", "wrong").await;
    press("Sign in").await;
    has_text("Email or password is wrong.").await;
    assert_eq!(typed_in("Email").await, "ada@example.com");
    assert_eq!(typed_in("Password").await, "wrong");

    server.answer_with("POST /session", |_| Err(Lost::Offline));
    press("Sign in").await;
    has_text("Drawbridge cannot be reached.").await;
    assert_eq!(typed_in("Password").await, "wrong");
}

#[wasm_bindgen_test]
async fn what_cannot_be_an_email_is_not_even_sent() {
    let server = Fake::signed_out();
    let _console = open("/sign-in");
    type_into("Email", "ada").await;
    press("Sign in").await;
    has_text("Type an email address, such as ada@example.com.").await;
    has_text("Fill this in.").await;
    let email = see("textbox", "Email").await;
    assert_eq!(email.get_attribute("aria-invalid").as_deref(), Some("true"));
    assert!(server.asked("POST /session").is_empty());
}

#[wasm_bindgen_test]
async fn an_address_of_another_site_is_not_followed() {
    let server = Fake::signed_out();
    server.answer("POST /session", who("participant", "acme"));
    let _console = open("/sign-in?to=%2F%2Fevil.example%2F");
    type_into("Email", "ada@example.com").await;
    type_into("Password", "correct horse battery").await;
    press("Sign in").await;
    see("heading", "Nothing here for your role yet").await;
    assert_eq!(address(), "/t/acme");
}

async fn fill_in_set_up() {
    for (label, text) in [
        ("Set-up code", "abcd-efgh"),
        ("Tenant name", "Acme"),
        ("First name", "Ada"),
        ("Last name", "Lovelace"),
        ("Email", "ada@example.com"),
        ("Password", "correct horse battery"),
    ] {
        type_into(label, text).await;
    }
}

#[wasm_bindgen_test]
async fn set_up_is_shown_while_it_is_open_and_signs_in() {
    let server = Fake::signed_out();
    server.answer("GET /setup", json!({ "open": true }));
    server.answer("POST /setup", who("globalAdministrator", "acme"));
    let _console = open("/");
    see("heading", "Set up Drawbridge").await;
    assert_eq!(address(), "/setup");
    fill_in_set_up().await;
    press("Set up and sign in").await;
    see("navigation", "Areas").await;
    let sent = &server.asked("POST /setup")[0].body;
    assert_eq!(sent["setupCode"], "abcd-efgh");
    assert_eq!(sent["tenantName"], "Acme");
}

#[wasm_bindgen_test]
async fn set_up_names_each_field_that_needs_another_look() {
    let server = Fake::signed_out();
    server.answer("GET /setup", json!({ "open": true }));
    let _console = open("/setup");
    see("heading", "Set up Drawbridge").await;
    press("Set up and sign in").await;
    for label in ["Set-up code", "Tenant name", "First name", "Last name", "Email", "Password"] {
        let field = see("textbox", label).await;
        until(label, || field.get_attribute("aria-invalid").is_some()).await;
    }
    type_into("Tenant name", "Acme <b>").await;
    has_text("The character < is not allowed here.").await;
    type_into("Password", "AcmeLovelace").await;
    type_into("Last name", "Lovelace").await;
    type_into("Tenant name", "Acme").await;
    has_text("This password is easy to guess. Choose another one.").await;
    assert!(server.asked("POST /setup").is_empty());
}

#[wasm_bindgen_test]
async fn what_the_server_says_of_a_field_stands_beside_it_until_it_is_changed() {
    let server = Fake::signed_out();
    server.answer("GET /setup", json!({ "open": true }));
    server.answer_with("POST /setup", |_| {
        let mut problem = Problem::new(ProblemCode::InvalidFields, String::new(), "req_1".to_owned());
        problem.fields = vec![FieldProblem {
            path: "password".to_owned(),
            code: "too_common".to_owned(),
            message: "Everybody uses this one.".to_owned(),
        }];
        rejected(&problem)
    });
    let _console = open("/setup");
    see("heading", "Set up Drawbridge").await;
    fill_in_set_up().await;
    press("Set up and sign in").await;
    has_text("Everybody uses this one.").await;
    assert_eq!(typed_in("Tenant name").await, "Acme");
    type_into("Password", "another horse battery").await;
    let password = see("textbox", "Password").await;
    until("the password to be fine", || password.get_attribute("aria-invalid").is_none()).await;

    server.refuse("POST /setup", ProblemCode::SetupCodeWrong);
    press("Set up and sign in").await;
    has_text("The set-up code is wrong.").await;
    let code = see("textbox", "Set-up code").await;
    assert_eq!(code.get_attribute("aria-invalid").as_deref(), Some("true"));
}
