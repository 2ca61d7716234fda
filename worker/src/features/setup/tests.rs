//! Tests of set-up, through the router.

use std::rc::Rc;

use drawbridge_contract::endpoints as api;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_domain::role::Role;
use drawbridge_domain::time::{DAY, MINUTE};
use http::Method;
use serde_json::{Value as Json, json};

use crate::services::Settings;
use crate::testing::{Browser, Harness, Interrupt, PASSWORD, SETUP_CODE, TestAnswer, set_up_body};

const SETUP: &str = "/api/v1/setup";

fn body_with(field: &str, value: Json) -> Json {
    let mut body = serde_json::to_value(set_up_body()).unwrap();
    if value.is_null() {
        body.as_object_mut().unwrap().remove(field);
    } else {
        body[field] = value;
    }
    body
}

fn post(browser: &Browser, body: &Json) -> TestAnswer {
    browser.send_json(Method::POST, SETUP, body)
}

#[test]
fn set_up_makes_a_tenant_signs_in_and_closes_for_good() {
    let harness = Harness::new();
    let browser = harness.browser();
    assert!(browser.get::<api::ReadSetup>().ok().open);
    let me = browser.call::<api::SetUpDeployment>(&Nothing {}, &Nothing {}, &set_up_body()).ok();
    assert_eq!((me.role, me.tenant.name.as_str()), (Role::GlobalAdministrator, "Acme"));
    assert!(me.tenant.slug.starts_with("acme-"), "{}", me.tenant.slug);
    assert_eq!(browser.who_am_i(), me);
    browser.get::<api::ReadSetup>().raw.problem(ProblemCode::NotFound);

    let before = harness.db.dump(&[]);
    let late = harness.browser();
    let words = |answer: TestAnswer| answer.problem(ProblemCode::NotFound).detail;
    let closed = words(late.get::<api::ReadSetup>().raw);
    // Whatever is sent, it is as if set-up had never been there, and no code can be tried any more.
    for body in
        [json!({}), body_with("setupCode", json!("wrong")), body_with("email", json!("eve@example.com"))]
    {
        assert_eq!(words(post(&late, &body)), closed);
    }
    for body in [b"".to_vec(), b"no JSON".to_vec(), vec![b' '; 2 << 20]] {
        assert_eq!(words(late.send(Method::POST, "/api/v1/setup", Some(body))), closed);
    }
    assert_eq!(words(late.send(Method::POST, "/api/v1/setup?x=y", None)), closed);
    assert_eq!(words(late.send(Method::GET, "/api/v1/setup?x=y", None)), closed);
    assert!(harness.db.changed_since(&before).is_empty());
    let actions = harness.db.query("SELECT action, seq, actor_name, object_name FROM audit");
    assert_eq!(
        actions,
        [
            json!({ "action": "tenant.created", "seq": 1, "actor_name": "Ada Lovelace", "object_name": "Acme" })
        ]
    );
}

#[test]
fn each_bad_field_is_told_and_nothing_is_written() {
    let harness = Harness::new();
    let browser = harness.browser();
    browser.get::<api::ReadSetup>().ok();
    let before = harness.db.dump(&[]);
    let long = |count: usize| Json::from("x".repeat(count));
    let names = ["tenantName", "firstName", "lastName"].into_iter().flat_map(|field| {
        [
            (field, Json::Null, "missing"),
            (field, json!(" \u{a0} "), "missing"),
            (field, long(101), "too_long"),
            (field, json!("a<b"), "forbidden_character"),
            (field, json!("a\u{202e}b"), "control_character"),
            (field, json!("a\nb"), "control_character"),
            (field, json!(7), "wrong_type"),
        ]
    });
    let others = [
        ("email", Json::Null, "missing"),
        ("email", json!(""), "missing"),
        ("email", json!("ada"), "not_an_email"),
        ("email", json!(format!("{}@example.com", "x".repeat(300))), "too_long"),
        ("email", json!("a\u{0}@example.com"), "control_character"),
        ("email", json!({}), "wrong_type"),
        ("password", Json::Null, "missing"),
        ("password", json!(""), "missing"),
        ("password", json!("eleven char"), "too_short"),
        ("password", json!("a b c d e f ".repeat(30)), "too_long"),
        ("password", json!("PasswordPassword"), "too_common"),
        ("password", json!("AcmeLovelace12"), "too_common"),
        ("password", json!("ada@example.com12"), "too_common"),
        ("password", json!("seven purple\u{0} lanterns"), "control_character"),
        ("password", json!(true), "wrong_type"),
        ("setupCode", Json::Null, "missing"),
        ("setupCode", json!("  "), "missing"),
        ("setupCode", json!([]), "wrong_type"),
        ("role", json!("globalAdministrator"), "unknown_field"),
    ];
    for (field, value, code) in names.chain(others) {
        let answer = post(&browser, &body_with(field, value.clone()));
        assert_eq!(answer.field_codes(), [(field.to_owned(), code.to_owned())], "{field} {value}");
    }
    let all = ["setupCode", "tenantName", "email", "firstName", "lastName", "password"]
        .map(|field| (field, json!("")));
    assert_eq!(
        post(&browser, &all.into_iter().collect()).field_codes().len(),
        6,
        "all faults are told at once"
    );
    assert!(harness.db.changed_since(&before).is_empty(), "not even a try is counted");
    assert!(browser.cookie.borrow().is_none());
}

#[test]
fn names_of_any_script_are_kept_as_they_are() {
    let harness = Harness::new();
    let browser = harness.browser();
    let mut body = body_with("tenantName", json!("  مؤسسة 🚀  "));
    body["firstName"] = json!("עדה");
    body["email"] = json!(" ADA@Example.COM ");
    assert_eq!(post(&browser, &body).status, 201);
    let me = browser.who_am_i();
    assert_eq!((me.tenant.name.as_str(), me.user.first_name.as_str()), ("مؤسسة 🚀", "עדה"));
    assert_eq!(me.user.email, "ada@example.com");
    assert!(me.tenant.slug.starts_with("tenant-"), "{}", me.tenant.slug);
}

#[test]
fn the_code_is_read_kindly_and_guesses_are_throttled() {
    let harness = Harness::new();
    let browser = harness.browser();
    let before = harness.db.dump(&["throttles", "master_key_checks"]);
    let wrong = body_with("setupCode", json!("wrong"));
    for _ in 0..6 {
        post(&browser, &wrong).problem(ProblemCode::SetupCodeWrong);
    }
    // Whoever guesses from elsewhere waits too, and so does the right code.
    browser.with("cf-connecting-ip", "198.51.100.9");
    let answer = post(&browser, &body_with("setupCode", json!(SETUP_CODE)));
    answer.problem(ProblemCode::TooManyRequests);
    let wait: i64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert_eq!(wait, 1);
    assert!(harness.db.changed_since(&before).is_empty());

    harness.clock.advance(wait * 1000);
    let typed = SETUP_CODE.to_lowercase().replace('-', " ");
    assert_eq!(post(&browser, &body_with("setupCode", json!(typed))).status, 201);
}

#[test]
fn the_delay_grows_and_always_ends() {
    let harness = Harness::new();
    let browser = harness.browser();
    let wrong = body_with("setupCode", json!("wrong"));
    let mut waits = Vec::new();
    while waits.len() < 20 {
        let answer = post(&browser, &wrong);
        if answer.status == 429 {
            waits.push(answer.header("retry-after").unwrap().parse::<i64>().unwrap());
            harness.clock.advance(waits.last().unwrap() * 1000);
        }
    }
    assert!(waits.is_sorted() && waits[0] == 1 && waits.last() == Some(&(15 * MINUTE / 1000)), "{waits:?}");
    harness.clock.advance(DAY);
    for _ in 0..5 {
        post(&browser, &wrong).problem(ProblemCode::SetupCodeWrong);
    }
    assert_eq!(post(&browser, &body_with("setupCode", json!(SETUP_CODE))).status, 201, "a day forgives");
}

#[test]
fn without_a_code_of_the_deployment_nobody_can_set_up() {
    let settings = Settings::default();
    let browser = Harness::new().variant(|services| services.settings = Rc::new(settings)).browser();
    for code in ["-", "anything", " - "] {
        post(&browser, &body_with("setupCode", json!(code))).problem(ProblemCode::SetupCodeWrong);
    }
}

#[test]
fn of_two_set_ups_at_once_one_succeeds() {
    let harness = Harness::new();
    let (late, interrupt) = Interrupt::browser(&harness.browser());
    let first = harness.browser();
    interrupt.before("INSERT INTO deployment", move || {
        assert_eq!(post(&first, &body_with("tenantName", json!("First"))).status, 201);
    });
    let body = body_with("email", json!("eve@example.com"));
    post(&late, &body).problem(ProblemCode::NotFound);
    assert!(interrupt.done() && late.cookie.borrow().is_none());
    for (table, count) in [("tenants", 1), ("accounts", 1), ("users", 1), ("sessions", 1), ("audit", 1)] {
        assert_eq!(harness.db.query(&format!("SELECT 1 FROM {table}")).len(), count, "{table}");
    }
    assert_eq!(harness.db.query("SELECT name FROM tenants")[0]["name"], "First");
}

#[test]
fn nothing_of_a_set_up_that_fails_midway_stays() {
    let harness = Harness::new();
    let browser = harness.browser();
    // An account with this email is there already, for whatever reason.
    harness.db.query("INSERT INTO accounts VALUES ('acc_x', 'ada@example.com', 'x', 0, 0)");
    let before = harness.db.dump(&["throttles", "master_key_checks"]);
    post(&browser, &body_with("x", Json::Null)).problem(ProblemCode::NotFound);
    assert!(harness.db.changed_since(&before).is_empty());
    assert!(browser.get::<api::ReadSetup>().ok().open);
    assert!(!harness.log.0.borrow().join("\n").contains(PASSWORD));
}
