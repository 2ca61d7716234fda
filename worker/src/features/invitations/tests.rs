//! Tests of the feature, through the router.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::role::Role;
use drawbridge_domain::time::DAY;
use drawbridge_domain::user::INVITATION_LIFE;
use http::Method;
use serde_json::json;

use crate::testing::{Browser, Harness, Interrupt, PASSWORD, TestAnswer, chain};

const ACCEPT: &str = "/api/v1/invitations/accept";
const JOIN: &str = "/api/v1/invitations/join";

fn read(browser: &Browser, token: &str) -> TestAnswer {
    browser.send(Method::GET, &format!("/api/v1/invitations/{token}"), None)
}

fn accept(browser: &Browser, token: &str, password: &str) -> TestAnswer {
    browser.send_json(Method::POST, ACCEPT, &json!({ "token": token, "password": password }))
}

fn join(browser: &Browser, token: &str) -> TestAnswer {
    browser.send_json(Method::POST, JOIN, &json!({ "token": token }))
}

#[test]
fn somebody_new_sets_a_password_and_is_in() {
    let harness = Harness::new();
    let tenant = harness.set_up().tenant();
    let (user, token) = harness.invite(&tenant, Role::Designer, "new@example.com");
    let browser = harness.browser();
    let told = read(&browser, &token).json();
    assert_eq!(
        (&told["tenantName"], &told["email"], &told["role"], &told["hasAccount"]),
        (&json!("Acme"), &json!("new@example.com"), &json!("designer"), &json!(false))
    );
    let answer = accept(&browser, &token, PASSWORD);
    assert_eq!(answer.status, 201);
    let me = browser.who_am_i();
    assert_eq!(serde_json::to_value(&me).unwrap(), answer.json());
    assert_eq!((me.user.id, me.tenant.id, me.role), (user, tenant, Role::Designer));
    assert_eq!(harness.browser_of("new@example.com").who_am_i().tenants.len(), 1);
    // Once.
    read(&browser, &token).problem(ProblemCode::NotFound);
    accept(&harness.browser(), &token, PASSWORD).problem(ProblemCode::NotFound);
    let actions = harness.db.query("SELECT action, actor_name FROM audit WHERE seq IN (2, 3) ORDER BY seq");
    assert_eq!(
        actions,
        [
            json!({ "action": "invitation.accepted", "actor_name": "New Comer" }),
            json!({ "action": "session.created", "actor_name": "New Comer" })
        ]
    );
    chain::verify(&harness.db).unwrap();
}

#[test]
fn a_new_password_follows_the_rules() {
    let harness = Harness::new();
    let tenant = harness.set_up().tenant();
    let (_, token) = harness.invite(&tenant, Role::Designer, "new@example.com");
    for (password, code) in [
        ("", "missing"),
        ("short", "too_short"),
        ("passwordpassword", "too_common"),
        ("Acme-new@example.com", "too_common"),
    ] {
        let answer = accept(&harness.browser(), &token, password);
        assert_eq!(answer.field_codes(), [("password".to_owned(), code.to_owned())], "{password}");
        harness.db.query("DELETE FROM throttles");
    }
    assert_eq!(harness.db.query("SELECT 1 FROM accounts").len(), 1);
    assert_eq!(read(&harness.browser(), &token).status, 200, "it is still good");
}

#[test]
fn who_has_an_account_proves_it() {
    let harness = Harness::new();
    harness.set_up();
    let (other, _) = harness.other_tenant();
    let (_, token) = harness.invite(&other, Role::Participant, "ada@example.com");
    assert_eq!(read(&harness.browser(), &token).json()["hasAccount"], true);
    let wrong = accept(&harness.browser(), &token, "another fine password");
    assert_eq!(wrong.field_codes(), [("password".to_owned(), "wrong".to_owned())]);
    let browser = harness.browser();
    assert_eq!(accept(&browser, &token, PASSWORD).status, 201);
    let me = browser.who_am_i();
    assert_eq!((me.tenant.id, me.tenants.len(), me.role), (other, 2, Role::Participant));
    assert_eq!(harness.db.query("SELECT 1 FROM accounts WHERE email = 'ada@example.com'").len(), 1);
}

#[test]
fn guesses_are_throttled_together_with_those_at_sign_in() {
    let harness = Harness::new();
    harness.set_up();
    let (other, _) = harness.other_tenant();
    let (_, token) = harness.invite(&other, Role::Participant, "ada@example.com");
    let statuses: Vec<u16> =
        (0..8).map(|_| accept(&harness.browser(), &token, "another fine password").status).collect();
    assert_eq!(statuses, [422, 422, 422, 422, 422, 422, 429, 429]);
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    harness.browser().send_json(Method::POST, "/api/v1/session", &body).problem(ProblemCode::TooManyRequests);
    // Links that lead nowhere wait as well.
    let nowhere: Vec<u16> = (0..8).map(|_| accept(&harness.browser(), "nothing", PASSWORD).status).collect();
    assert_eq!(nowhere.last(), Some(&429));
}

#[test]
fn who_is_signed_in_with_the_invited_email_joins_without_a_password() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let first = ada.who_am_i();
    let (other, eve) = harness.other_tenant();
    let (user, token) = harness.invite(&other, Role::Developer, "ada@example.com");
    let refused = join(&eve, &token).problem(ProblemCode::OtherEmail);
    assert!(refused.detail.contains("ada@example.com") && refused.detail.contains("eve@example.org"));
    join(&harness.browser(), &token).problem(ProblemCode::Unauthenticated);
    let answer = join(&ada, &token);
    assert_eq!(answer.status, 200);
    let me = ada.who_am_i();
    assert_eq!((me.user.id, me.tenant.id, me.session), (user, other, first.session));
    assert_eq!(me.tenants.len(), 2);
    join(&ada, &token).problem(ProblemCode::NotFound);
    assert!(harness.db.query("SELECT 1 FROM audit WHERE action = 'invitation.accepted'").len() == 1);
}

#[test]
fn a_link_ends_after_five_days_and_with_its_user() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let tenant = ada.tenant();
    let (_, token) = harness.invite(&tenant, Role::Designer, "new@example.com");
    harness.clock.advance(INVITATION_LIFE - 1);
    assert_eq!(INVITATION_LIFE, 5 * DAY);
    assert_eq!(read(&harness.browser(), &token).status, 200);
    harness.clock.advance(1);
    let expired = read(&harness.browser(), &token).problem(ProblemCode::NotFound).detail;
    assert_eq!(expired, read(&harness.browser(), "none").problem(ProblemCode::NotFound).detail);
    accept(&harness.browser(), &token, PASSWORD).problem(ProblemCode::NotFound);

    let (user, token) = harness.invite(&tenant, Role::Designer, "other@example.com");
    let ada = harness.browser_of("ada@example.com");
    assert_eq!(ada.send(Method::DELETE, &format!("/api/v1/users/{user}"), None).status, 204);
    accept(&harness.browser(), &token, PASSWORD).problem(ProblemCode::NotFound);
}

#[test]
fn of_two_at_once_one_gets_in() {
    let harness = Harness::new();
    let tenant = harness.set_up().tenant();
    let (_, token) = harness.invite(&tenant, Role::Designer, "new@example.com");
    let (late, interrupt) = Interrupt::browser(&harness.browser());
    let (first, known) = (harness.browser(), token.clone());
    interrupt.before("DELETE FROM invitations", move || {
        assert_eq!(accept(&first, &known, PASSWORD).status, 201);
    });
    let second = accept(&late, &token, "quite another password");
    assert!([404, 409].contains(&second.status), "{}", second.status);
    assert!(interrupt.done());
    harness.browser_of("new@example.com");
    assert_eq!(harness.db.query("SELECT 1 FROM accounts").len(), 2);
}
