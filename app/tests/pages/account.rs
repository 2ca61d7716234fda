//! Own sessions and password.

use drawbridge_contract::problem::{FieldProblem, Problem, ProblemCode};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::*;

fn session(number: u8, device: &str, current: bool) -> Value {
    json!({
        "id": id("ses", number), "device": device, "current": current,
        "createdAt": "2026-01-01T00:00:00Z", "lastUsedAt": "2026-01-02T00:00:00Z",
    })
}

fn two_sessions() -> Value {
    json!({ "items": [session(1, "Chrome on Linux", true), session(2, "Safari on iPhone", false)] })
}

#[wasm_bindgen_test]
async fn another_session_is_ended_after_a_question() {
    let server = Fake::signed_in("participant");
    server.answer("GET /sessions", two_sessions());
    let end = format!("DELETE /sessions/{}", id("ses", 2));
    server.answer(&end, Value::Null);
    let _console = open("/t/acme/account");
    see("heading", "Sessions").await;
    until("two sessions", || all("row").len() == 2).await;
    let buttons: Vec<_> = all("button").into_iter().filter(|button| name_of(button) == "End").collect();
    assert_eq!(buttons[0].get_attribute("aria-disabled").as_deref(), Some("true"));
    buttons[1].click();
    let dialog = see("dialog", "End the session on “Safari on iPhone”?").await;
    assert_eq!(address(), format!("/t/acme/account?end={}", id("ses", 2)));
    server.answer("GET /sessions", json!({ "items": [session(1, "Chrome on Linux", true)] }));
    let confirm =
        all("button").into_iter().rfind(|button| name_of(button) == "End" && dialog.contains(Some(button)));
    confirm.unwrap().click();
    has_text("Session ended").await;
    until("one session", || all("row").len() == 1).await;
    assert_eq!(address(), "/t/acme/account");
    assert_eq!(server.asked(&end).len(), 1);
}

#[wasm_bindgen_test]
async fn a_wrong_password_is_told_beside_its_field_and_nothing_is_lost() {
    let server = Fake::signed_in("participant");
    server.answer("GET /sessions", two_sessions());
    server.answer_with("PUT /session/password", |_| {
        let mut problem = Problem::new(ProblemCode::InvalidFields, String::new(), "req_1".to_owned());
        problem.fields = vec![FieldProblem {
            path: "currentPassword".to_owned(),
            code: "wrong".to_owned(),
            message: "This is not your present password.".to_owned(),
        }];
        rejected(&problem)
    });
    let _console = open("/t/acme/account?change=password");
    see("dialog", "Change password").await;
    type_into("Current password", "wrong").await;
    type_into("New password", "short").await;
    has_text("Use at least 12 characters.").await;
    type_into("New password", "correct horse battery").await;
    let submit = || {
        let buttons = all("button").into_iter().rev();
        buttons.into_iter().find(|button| name_of(button) == "Change password").unwrap()
    };
    submit().click();
    has_text("This is not your present password.").await;
    assert_eq!(typed_in("New password").await, "correct horse battery");

    server.answer("PUT /session/password", Value::Null);
    type_into("Current password", "right").await;
    submit().click();
    has_text("Password changed.").await;
    gone("dialog", "Change password").await;
    assert_eq!(address(), "/t/acme/account");
}
