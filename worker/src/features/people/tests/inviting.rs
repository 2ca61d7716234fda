//! Adding users and their links.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::id::Id;
use drawbridge_domain::role::Role;
use drawbridge_domain::time::DAY;
use http::Method;
use serde_json::{Value as Json, json};

use super::{USERS, at, audited, body, post};
use crate::testing::{Browser, Harness, TestAnswer};

fn invite(browser: &Browser, body: &Json) -> TestAnswer {
    browser.send_json(Method::POST, USERS, body)
}

#[test]
fn an_invited_user_waits_with_a_link_of_which_only_the_hash_is_kept() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let answer = invite(&browser, &body());
    assert_eq!(answer.status, 201);
    let told = answer.json();
    assert_eq!(
        (told["user"]["state"].as_str(), told["user"]["role"].as_str()),
        (Some("invited"), Some("designer"))
    );
    let token =
        told["link"].as_str().unwrap().strip_prefix("https://drawbridge.example/invitations/").unwrap();
    assert_eq!(token.len(), 43, "256 bits");
    for (table, rows) in harness.db.dump(&[]) {
        assert!(!Json::from(rows).to_string().contains(token), "{table}");
    }
    assert!(!harness.log.0.borrow().iter().any(|line| line.contains(token)));
    let user = told["user"]["id"].as_str().unwrap().to_owned();
    let read = browser.send(Method::GET, &at(&user), None).json();
    assert_eq!(
        (&read["email"], &read["invitedUntil"]),
        (&json!("grace@example.com"), &told["user"]["invitedUntil"])
    );
    assert_eq!((&read["groups"], &read["sessions"]), (&json!([]), &json!(0)));
    assert_eq!(
        audited(&harness, "user.invited"),
        [json!({ "email": { "after": "grace@example.com" }, "role": { "after": "designer" } })]
    );
}

#[test]
fn each_bad_field_is_told_and_an_email_is_taken_once() {
    let harness = Harness::new();
    let browser = harness.set_up();
    for (field, value, code) in [
        ("email", json!("grace"), "not_an_email"),
        ("email", json!(" ADA@example.com "), "taken"),
        ("firstName", json!(" "), "missing"),
        ("lastName", json!("<b>"), "forbidden_character"),
        ("role", json!("king"), "unknown_value"),
        ("password", json!("x"), "unknown_field"),
    ] {
        let mut body = body();
        body[field] = value;
        assert_eq!(invite(&browser, &body).field_codes(), [(field.to_owned(), code.to_owned())], "{body}");
    }
    assert_eq!(harness.db.query("SELECT 1 FROM users").len(), 1);
}

#[test]
fn only_a_global_administrator_invites_one() {
    let harness = Harness::new();
    let tenant = harness.set_up().tenant();
    let (_, browser) = harness.add_user(&tenant, Role::AutomationAdministrator, "auto@example.com");
    let mut global = body();
    global["role"] = json!("globalAdministrator");
    invite(&browser, &global).problem(ProblemCode::NeedsRole);
    // Nor takes another's place by a new link.
    let (user, _) = harness.invite(&tenant, Role::GlobalAdministrator, "new@example.com");
    post(&browser, &format!("{}/invitation", at(&user))).problem(ProblemCode::NeedsRole);
    assert_eq!(invite(&browser, &body()).status, 201);
}

#[test]
fn a_repeated_request_is_answered_without_the_link() {
    let harness = Harness::new();
    let browser = harness.set_up();
    browser.with("idempotency-key", "invite-1");
    let first = invite(&browser, &body()).json();
    let again = invite(&browser, &body());
    assert_eq!((again.status, again.header("idempotent-replayed")), (201, Some("true")));
    assert_eq!((&again.json()["user"], &again.json()["link"]), (&first["user"], &Json::Null));
}

#[test]
fn a_new_link_ends_the_one_before_it() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let told = invite(&browser, &body()).json();
    let (user, old) = (told["user"]["id"].as_str().unwrap(), told["link"].as_str().unwrap());
    harness.clock.advance(DAY);
    let browser = harness.browser_of("ada@example.com");
    let answer = post(&browser, &format!("{}/invitation", at(&user)));
    assert_eq!(answer.status, 200);
    let new = answer.json()["link"].as_str().unwrap().to_owned();
    let path = |link: &str| link.replace("https://drawbridge.example/", "/api/v1/");
    harness.browser().send(Method::GET, &path(old), None).problem(ProblemCode::NotFound);
    assert_eq!(harness.browser().send(Method::GET, &path(&new), None).status, 200);
    assert_eq!(harness.db.query("SELECT 1 FROM invitations").len(), 1);
    // One who has come needs none.
    let me = browser.who_am_i().user.id;
    post(&browser, &format!("{}/invitation", at(&me))).problem(ProblemCode::Conflict);
}

#[test]
fn a_tenant_has_at_most_ten_thousand_users() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let tenant = browser.tenant();
    harness.db.query(&format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
         INSERT INTO users (tenant_id, id, email, first_name, last_name, role, state, created_at)
         SELECT '{}', 'usr_' || i, i || '@x.example', 'x', 'x', 'designer', 'active', 0 FROM n",
        tenant.as_str()
    ));
    let refused = invite(&browser, &body()).problem(ProblemCode::QuotaExceeded);
    assert!(refused.detail.contains("10000 of 10000"), "{}", refused.detail);
}
