//! Names, roles, suspension, and the Global administrator who stays.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::role::Role;
use http::Method;
use serde_json::json;

use super::{USERS, at, audited, patch, post};
use crate::testing::{Browser, Harness, Interrupt, TestAnswer};

fn role(role: Role) -> serde_json::Value {
    json!({ "role": role.code() })
}

fn suspend(browser: &Browser, user: &impl std::fmt::Display) -> TestAnswer {
    post(browser, &format!("{}/suspend", at(user)))
}

#[test]
fn a_role_holds_from_the_next_request_on() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (user, theirs) = harness.add_user(&browser.tenant(), Role::Designer, "dan@example.com");
    theirs.send(Method::GET, USERS, None).problem(ProblemCode::NeedsRole);
    let answer =
        patch(&browser, &at(&user), &json!({ "role": "automationAdministrator", "lastName": " Dare " }));
    assert_eq!((answer.status, answer.header("etag")), (200, Some("\"v2\"")));
    assert_eq!(answer.json()["lastName"], "Dare");
    assert_eq!(theirs.send(Method::GET, USERS, None).status, 200);
    assert_eq!(
        audited(&harness, "user.changed"),
        [json!({
            "lastName": { "before": "Designer", "after": "Dare" },
            "role": { "before": "designer", "after": "automationAdministrator" },
        })]
    );
    // Sorted and found by the new name, and nothing new is nothing written.
    let found = browser.send(Method::GET, &format!("{USERS}?search=dare"), None).json();
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    assert_eq!(patch(&browser, &at(&user), &json!({ "lastName": "Dare" })).header("etag"), Some("\"v2\""));
    assert_eq!(patch(&browser, &at(&user), &json!({ "lastName": "" })).field_codes().len(), 1);
    browser.send_json(Method::PATCH, &at(&user), &json!({})).problem(ProblemCode::PreconditionRequired);
    let late = browser.with("if-match", "\"v1\"").send_json(Method::PATCH, &at(&user), &role(Role::Designer));
    late.problem(ProblemCode::PreconditionFailed);
}

#[test]
fn an_automation_administrator_touches_no_global_one() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let tenant = ada.tenant();
    let (_, auto) = harness.add_user(&tenant, Role::AutomationAdministrator, "auto@example.com");
    let other = harness.insert_user(&tenant, Role::GlobalAdministrator, "global@example.com");
    let user = harness.insert_user(&tenant, Role::Designer, "dan@example.com");
    let before = harness.db.dump(&[]);
    patch(&auto, &at(&other), &role(Role::Designer)).problem(ProblemCode::NeedsRole);
    patch(&auto, &at(&user), &role(Role::GlobalAdministrator)).problem(ProblemCode::NeedsRole);
    suspend(&auto, &other).problem(ProblemCode::NeedsRole);
    auto.send(Method::DELETE, &at(&other), None).problem(ProblemCode::NeedsRole);
    assert!(harness.db.changed_since(&before).is_empty());
    // A name is no power.
    assert_eq!(patch(&auto, &at(&other), &json!({ "firstName": "Gil" })).status, 200);
    assert_eq!(patch(&ada, &at(&user), &role(Role::GlobalAdministrator)).status, 200);
}

#[test]
fn the_last_global_administrator_stays() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let me = ada.who_am_i().user.id;
    // One who is suspended or has not come is none.
    let gone = harness.insert_user(&ada.tenant(), Role::GlobalAdministrator, "gone@example.com");
    harness.db.query(&format!("UPDATE users SET state = 'suspended' WHERE id = '{gone}'"));
    harness.invite(&ada.tenant(), Role::GlobalAdministrator, "new@example.com");
    assert_eq!(ada.send(Method::GET, &at(&me), None).json()["lastGlobalAdministrator"], true);
    patch(&ada, &at(&me), &role(Role::Designer)).problem(ProblemCode::LastGlobalAdministrator);
    suspend(&ada, &me).problem(ProblemCode::LastGlobalAdministrator);
    ada.send(Method::DELETE, &at(&me), None).problem(ProblemCode::LastGlobalAdministrator);
    assert_eq!(post(&ada, &format!("{}/reactivate", at(&gone))).status, 200);
    assert_eq!(ada.send(Method::GET, &at(&me), None).json()["lastGlobalAdministrator"], false);
    suspend(&ada, &me).problem(ProblemCode::Conflict);
    assert_eq!(patch(&ada, &at(&me), &role(Role::Designer)).status, 200);
}

/// Whoever came by single sign-on has no password, and cannot change single sign-on: somebody who can stays.
#[test]
fn the_last_global_administrator_with_a_password_stays() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let me = ada.who_am_i().user.id;
    let (sam, by_sso) = harness.add_user(&ada.tenant(), Role::GlobalAdministrator, "sam@example.com");
    harness.db.query("UPDATE accounts SET password_hash = '' WHERE email = 'sam@example.com'");
    let seen = |user| by_sso.send(Method::GET, &at(user), None).json();
    assert_eq!(
        (seen(&me)["lastWayIn"].clone(), seen(&sam)["lastWayIn"].clone()),
        (json!(true), json!(false))
    );
    assert_eq!(seen(&me)["lastGlobalAdministrator"], false);
    let before = harness.db.dump(&[]);
    for answer in [
        patch(&by_sso, &at(&me), &role(Role::Designer)),
        suspend(&by_sso, &me),
        by_sso.send(Method::DELETE, &at(&me), None),
    ] {
        let problem = answer.problem(ProblemCode::LastGlobalAdministrator);
        assert!(problem.detail.contains("password"), "{}", problem.detail);
    }
    assert!(harness.db.changed_since(&before).is_empty());
    // A name is no power, and whoever has no password is not kept.
    assert_eq!(patch(&by_sso, &at(&me), &json!({ "firstName": "Augusta" })).status, 200);
    assert_eq!(patch(&ada, &at(&sam), &role(Role::Designer)).status, 200);
    assert_eq!(patch(&ada, &at(&sam), &role(Role::GlobalAdministrator)).status, 200);
    // With another one who has a password she may go, and two who go at once do not both.
    let (bob, other) = harness.add_user(&ada.tenant(), Role::GlobalAdministrator, "bob@example.com");
    let (late, interrupt) = Interrupt::browser(&by_sso);
    interrupt.before("must_keep_one", move || {
        assert_eq!(patch(&other, &at(&me), &role(Role::Designer)).status, 200);
    });
    patch(&late, &at(&bob), &role(Role::Designer)).problem(ProblemCode::LastGlobalAdministrator);
    assert!(interrupt.done());
}

#[test]
fn of_two_who_demote_suspend_or_remove_each_other_at_once_one_stays() {
    for way in ["demote", "suspend", "remove"] {
        let harness = Harness::new();
        let ada = harness.set_up();
        let me = ada.who_am_i().user.id;
        let (bob, other) = harness.add_user(&ada.tenant(), Role::GlobalAdministrator, "bob@example.com");
        let act = move |browser: &Browser, user: &drawbridge_domain::id::UserId| match way {
            "demote" => patch(browser, &at(user), &role(Role::Designer)),
            "suspend" => suspend(browser, user),
            _ => browser.send(Method::DELETE, &at(user), None),
        };
        let (late, interrupt) = Interrupt::browser(&ada);
        interrupt.before("must_keep_one", move || assert!(act(&other, &me).status < 300));
        act(&late, &bob).problem(ProblemCode::LastGlobalAdministrator);
        assert!(interrupt.done());
        let left = harness
            .db
            .query("SELECT email FROM users WHERE role = 'globalAdministrator' AND state = 'active'");
        assert_eq!(left, [json!({ "email": "bob@example.com" })], "{way}");
    }
}

#[test]
fn suspending_ends_the_sessions_of_this_tenant_at_once() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let (user, theirs) = harness.add_user(&ada.tenant(), Role::Designer, "dan@example.com");
    let (other, eve) = harness.other_tenant();
    harness.db.query(&format!(
        "INSERT INTO users SELECT '{other}', 'usr_00000000010000000000000000', account_id, email, first_name, last_name,
           role, state, created_at, 1, name_key FROM users WHERE id = '{user}'"
    ));
    let elsewhere = harness.browser_of("dan@example.com");
    let switched = elsewhere.send(Method::POST, &format!("/api/v1/tenants/{other}/switch"), None);
    assert_eq!(switched.status, 200);
    assert_eq!(ada.send(Method::GET, &at(&user), None).json()["sessions"], 1);

    assert_eq!(suspend(&ada, &user).json()["state"], "suspended");
    theirs.send(Method::GET, "/api/v1/session", None).problem(ProblemCode::Unauthenticated);
    suspend(&ada, &user).problem(ProblemCode::Conflict);
    // Elsewhere they go on, and do not come back here.
    assert_eq!(elsewhere.who_am_i().tenants.len(), 1);
    let back = elsewhere.send(Method::POST, &format!("/api/v1/tenants/{}/switch", ada.tenant()), None);
    back.problem(ProblemCode::NotFound);
    assert_eq!(eve.who_am_i().tenants.len(), 1);

    assert_eq!(post(&ada, &format!("{}/reactivate", at(&user))).json()["state"], "active");
    post(&ada, &format!("{}/reactivate", at(&user))).problem(ProblemCode::Conflict);
    assert_eq!(elsewhere.who_am_i().tenants.len(), 2);
    theirs.send(Method::GET, "/api/v1/session", None).problem(ProblemCode::Unauthenticated);
    // One who has not come cannot be switched off.
    let (new, _) = harness.invite(&ada.tenant(), Role::Designer, "new@example.com");
    suspend(&ada, &new).problem(ProblemCode::Conflict);
}
