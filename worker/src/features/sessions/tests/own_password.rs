//! A new password for one's own account.

use drawbridge_contract::problem::ProblemCode;
use http::Method;
use serde_json::{Value as Json, json};

use super::{SESSION, audited, sign_in};
use crate::testing::{Browser, Harness, Interrupt, PASSWORD, TestAnswer};

const NEW: &str = "eleven copper kettles";
const ADA: &str = "ada@example.com";

fn change(browser: &Browser, current: &str, new: &str) -> TestAnswer {
    let body = json!({ "currentPassword": current, "newPassword": new });
    browser.send_json(Method::PUT, "/api/v1/session/password", &body)
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    let harness = Harness::new();
    let here = harness.set_up();
    let there = harness.browser_of(ADA);
    assert_eq!(change(&here, PASSWORD, NEW).status, 204);
    here.who_am_i();
    there.send(Method::GET, SESSION, None).problem(ProblemCode::Unauthenticated);
    sign_in(&harness.browser(), ADA, PASSWORD).problem(ProblemCode::SignInFailed);
    assert_eq!(sign_in(&harness.browser(), ADA, NEW).status, 201);
    assert!(audited(&harness).contains(&json!(["password.changed", "Ada Lovelace", "user", "done"])));
    let all = format!("{:?}{:?}", harness.db.dump(&[]), harness.log.0.borrow());
    assert!(!all.contains(NEW) && !all.contains(PASSWORD));
}

#[test]
fn it_needs_the_present_one_and_guesses_are_throttled() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let there = harness.browser_of(ADA);
    for _ in 0..6 {
        assert_eq!(
            change(&browser, "not the password", NEW).field_codes(),
            [("currentPassword".to_owned(), "wrong".to_owned())]
        );
    }
    change(&browser, PASSWORD, NEW).problem(ProblemCode::TooManyRequests);
    // It is the same secret that is guessed at when signing in.
    sign_in(&harness.browser(), ADA, PASSWORD).problem(ProblemCode::TooManyRequests);
    there.who_am_i();
    harness.clock.advance(1000);
    assert_eq!(change(&browser, PASSWORD, NEW).status, 204);
    assert!(!audited(&harness)[1..].iter().any(|row| row[0] == "password.changed" && row[3] == "refused"));
}

#[test]
fn each_bad_field_is_told() {
    let browser = Harness::new().set_up();
    for (current, new, fields) in [
        (json!(""), json!(""), vec![("currentPassword", "missing"), ("newPassword", "missing")]),
        (json!(PASSWORD), json!("short"), vec![("newPassword", "too_short")]),
        (json!(PASSWORD), json!("x y z ".repeat(50)), vec![("newPassword", "too_long")]),
        (json!(PASSWORD), json!("passwordpassword"), vec![("newPassword", "too_common")]),
        (json!(PASSWORD), json!("lovelaceacme99"), vec![("newPassword", "too_common")]),
        (json!(PASSWORD), json!(12), vec![("newPassword", "wrong_type")]),
        (Json::Null, json!(NEW), vec![("currentPassword", "wrong_type")]),
    ] {
        let body = json!({ "currentPassword": current, "newPassword": new });
        let answer = browser.send_json(Method::PUT, "/api/v1/session/password", &body);
        let codes = answer.field_codes();
        let codes: Vec<(&str, &str)> =
            codes.iter().map(|(path, code)| (path.as_str(), code.as_str())).collect();
        assert_eq!(codes, fields, "{body}");
    }
    assert_eq!(sign_in(&browser, ADA, PASSWORD).status, 201);
}

#[test]
fn of_two_changes_at_once_one_is_refused() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (late, interrupt) = Interrupt::browser(&browser);
    interrupt.before("UPDATE accounts", move || {
        assert_eq!(change(&browser, PASSWORD, NEW).status, 204);
    });
    change(&late, PASSWORD, "nine silver teaspoons").problem(ProblemCode::Conflict);
    assert!(interrupt.done());
    assert_eq!(sign_in(&harness.browser(), ADA, NEW).status, 201);
    assert_eq!(audited(&harness).iter().filter(|row| row[0] == "password.changed").count(), 1);
}
