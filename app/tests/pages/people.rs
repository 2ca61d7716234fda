//! User management, and the page that an invitation leads to.

use std::cell::RefCell;
use std::rc::Rc;

use drawbridge_contract::problem::ProblemCode;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::*;

fn grace(role: &str, state: &str) -> Value {
    json!({
        "id": id("usr", 2), "email": "grace@example.com", "firstName": "Grace", "lastName": "Hopper",
        "role": role, "state": state, "createdAt": "2026-01-01T00:00:00Z",
    })
}

fn whole(user: &Value, last: bool) -> Value {
    let mut whole = user.clone();
    whole["groups"] = json!([]);
    whole["sessions"] = json!(1);
    whole["lastGlobalAdministrator"] = json!(last);
    whole
}

fn list(users: &[Value]) -> Value {
    json!({ "items": users, "counts": { "invited": 0, "active": users.len(), "suspended": 0 } })
}

#[wasm_bindgen_test]
async fn a_user_is_added_and_the_link_shown_once() {
    let server = Fake::signed_in("automationAdministrator");
    server.answer("GET /users", list(&[]));
    server.answer(
        "POST /users",
        json!({ "user": grace("designer", "invited"), "link": "https://x.example/invitations/abc" }),
    );
    let _console = open("/t/acme/settings/users?open=add");
    type_into("Email", "grace").await;
    press("Add and make the link").await;
    has_text("Type an email address").await;
    assert!(server.asked("POST /users").is_empty());
    type_into("Email", " grace@example.com ").await;
    type_into("First name", "Grace").await;
    type_into("Last name", "Hopper").await;
    press("Add and make the link").await;
    assert_eq!(typed_in("Invitation link").await, "https://x.example/invitations/abc");
    assert_eq!(
        server.asked("POST /users")[0].body,
        json!({ "email": "grace@example.com", "firstName": "Grace", "lastName": "Hopper", "role": "designer" })
    );
    until("the list to be read again", || server.asked("GET /users").len() == 2).await;
    press("Done").await;
    gone("textbox", "Invitation link").await;
    assert_eq!(address(), "/t/acme/settings/users");
}

#[wasm_bindgen_test]
async fn what_may_not_be_done_with_a_user_is_disabled_with_the_reason() {
    let server = Fake::signed_in("automationAdministrator");
    let user = grace("globalAdministrator", "active");
    server.answer(&format!("GET /users/{}", id("usr", 2)), whole(&user, true));
    let _console = open(&format!("/t/acme/settings/users/{}", id("usr", 2)));
    for name in ["Suspend", "Remove"] {
        let button = see("button", name).await;
        assert_eq!(button.get_attribute("aria-disabled").as_deref(), Some("true"), "{name}");
    }
    has_text("Only a Global administrator can give or take the role Global administrator.").await;
}

#[wasm_bindgen_test]
async fn a_lost_race_keeps_what_was_typed_and_sends_only_that() {
    let server = Fake::signed_in("globalAdministrator");
    let path = format!("/users/{}", id("usr", 2));
    let kept = Rc::new(RefCell::new((grace("designer", "active"), 1)));
    let read = Rc::clone(&kept);
    server.answer_with(&format!("GET {path}"), move |_| {
        let (user, version) = read.borrow().clone();
        ok(&whole(&user, false), Some(&format!("\"{version}\"")))
    });
    let write = Rc::clone(&kept);
    server.answer_with(&format!("PATCH {path}"), move |asked| {
        if asked.if_match != Some(format!("\"{}\"", write.borrow().1)) {
            return problem(ProblemCode::PreconditionFailed);
        }
        write.borrow_mut().0["lastName"] = asked.body["lastName"].clone();
        write.borrow_mut().1 += 1;
        ok(&write.borrow().0, Some(&format!("\"{}\"", write.borrow().1)))
    });
    let _console = open(&format!("/t/acme/settings{path}"));
    type_into("Last name", "Mine").await;
    *kept.borrow_mut() = (grace("developer", "active"), 7);
    press("Save").await;
    has_text("It is now “Grace Hopper”, Developer. Save again to keep what you changed.").await;
    assert_eq!(typed_in("Last name").await, "Mine");
    press("Save").await;
    has_text("Saved").await;
    assert_eq!(server.asked(&format!("PATCH {path}"))[1].body, json!({ "lastName": "Mine" }));
    see("heading", "Grace Mine").await;
    until("the notice to go", || all("button").iter().all(|button| name_of(button) != "Use theirs")).await;
}

#[wasm_bindgen_test]
async fn an_invitation_asks_for_a_new_password_and_ends_in_the_tenant() {
    let server = Fake::signed_out();
    server.refuse("GET /setup", ProblemCode::NotFound);
    server.answer(
        "GET /invitations/abc",
        json!({
            "tenantName": "Acme", "email": "ada@example.com", "firstName": "Ada", "lastName": "Lovelace",
            "role": "participant", "expiresAt": "2030-01-01T00:00:00Z", "hasAccount": false,
        }),
    );
    server.answer("POST /invitations/accept", who("participant", "acme"));
    let _console = open("/invitations/abc");
    see("heading", "Join “Acme”").await;
    type_into("New password", "Lovelace-Acme").await;
    press("Set password and join").await;
    has_text("This password is easy to guess.").await;
    assert!(server.asked("POST /invitations/accept").is_empty());
    type_into("New password", "seven purple lanterns").await;
    press("Set password and join").await;
    see("heading", "Nothing here for your role yet").await;
    assert_eq!(address(), "/t/acme");
    let sent = &server.asked("POST /invitations/accept")[0].body;
    assert_eq!(*sent, json!({ "token": "abc", "password": "seven purple lanterns" }));
}

#[wasm_bindgen_test]
async fn an_invitation_that_is_gone_says_so() {
    let server = Fake::signed_in("designer");
    server.refuse("GET /invitations/abc", ProblemCode::NotFound);
    let _console = open("/invitations/abc");
    has_text("This invitation cannot be used").await;
}
