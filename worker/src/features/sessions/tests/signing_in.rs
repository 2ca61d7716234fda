//! Signing in, and what keeps others from it.

use std::cell::RefCell;
use std::rc::Rc;

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::role::Role;
use drawbridge_domain::time::{DAY, MINUTE};
use http::Method;
use serde_json::{Value as Json, json};

use super::{SESSION, audited, sign_in};
use crate::testing::{Browser, Harness, Interrupt, PASSWORD, TestAnswer};

const ADA: &str = "ada@example.com";

/// The seconds that a refused try must wait.
#[track_caller]
fn wait_of(answer: &TestAnswer) -> i64 {
    answer.problem(ProblemCode::TooManyRequests);
    answer.header("retry-after").unwrap().parse().unwrap()
}

/// A browser at another network address.
fn from(browser: Browser, address: &str) -> Browser {
    browser.with("cf-connecting-ip", address);
    browser
}

#[test]
fn a_session_begins_with_a_cookie_that_only_our_pages_send() {
    let harness = Harness::new();
    harness.set_up();
    let browser = harness.browser();
    let answer = sign_in(&browser, " Ada@Example.com ", PASSWORD);
    assert_eq!(answer.status, 201);
    let cookie = answer.header("set-cookie").unwrap();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=1209600");
    let secret = pair.strip_prefix("__Host-session=").unwrap();
    assert_eq!(secret.len(), 43, "256 bits in base64url");
    assert!(!format!("{:?}", harness.db.dump(&[])).contains(secret), "only its hash is stored");
    assert_eq!(browser.who_am_i().user.email, ADA);
    assert_eq!(
        audited(&harness).last(),
        Some(&json!(["session.created", "Ada Lovelace", "session", "done"]))
    );
}

#[test]
fn wrong_password_and_unknown_email_look_alike() {
    let harness = Harness::new();
    harness.set_up();
    let (user, _) = harness.add_user(&harness.browser_of(ADA).tenant(), Role::Designer, "sue@example.com");
    harness.db.query(&format!("UPDATE users SET state = 'suspended' WHERE id = '{user}'"));
    let browser = harness.browser();
    let mut shapes = Vec::new();
    for (email, password) in
        [(ADA, "not the password"), ("nobody@example.com", PASSWORD), ("sue@example.com", PASSWORD)]
    {
        let answer = sign_in(&browser, email, password);
        let mut problem = answer.problem(ProblemCode::SignInFailed);
        problem.request_id.clear();
        let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        shapes.push((problem, names));
        let line: Json = serde_json::from_str(harness.log.0.borrow().last().unwrap()).unwrap();
        assert_eq!(line["code"], "sign_in_failed");
    }
    assert_eq!(shapes[0], shapes[1]);
    assert_eq!(shapes[0], shapes[2]);
    assert!(browser.cookie.borrow().is_none());
    let refused: Vec<Json> =
        audited(&harness).into_iter().filter(|row| row[0] == "session.refused").collect();
    assert_eq!(refused, [json!(["session.refused", "Ada Lovelace", "user", "refused"])]);
}

#[test]
fn the_answer_waits_for_the_database_equally_often_whatever_is_wrong() {
    let harness = Harness::new();
    harness.set_up();
    let waits = |email: &str| {
        harness.db.batches.borrow_mut().clear();
        sign_in(&harness.browser(), email, "not the password").problem(ProblemCode::SignInFailed);
        let batches = harness.db.batches.borrow();
        // The record of the refusal is written in the background, after the answer.
        batches.iter().filter(|batch| !batch.iter().any(|one| one.sql.contains("INTO audit"))).count()
    };
    assert_eq!(waits(ADA), waits("nobody@example.com"));
}

#[test]
fn each_bad_field_is_told() {
    let browser = Harness::new().browser();
    for (body, fields) in [
        (json!({}), vec![("email", "missing")]),
        (json!({ "email": "", "password": "" }), vec![("email", "missing"), ("password", "missing")]),
        (json!({ "email": "ada", "password": "x" }), vec![("email", "not_an_email")]),
        (json!({ "email": ADA, "password": 1 }), vec![("password", "wrong_type")]),
        (json!({ "email": [ADA], "password": "x" }), vec![("email", "wrong_type")]),
        (json!({ "email": ADA, "password": "x", "tenant": "t" }), vec![("tenant", "unknown_field")]),
        (json!({ "email": "a\u{0}@example.com", "password": "x" }), vec![("email", "control_character")]),
    ] {
        let codes = browser.send_json(Method::POST, SESSION, &body).field_codes();
        let codes: Vec<(&str, &str)> =
            codes.iter().map(|(path, code)| (path.as_str(), code.as_str())).collect();
        assert_eq!(codes, fields, "{body}");
    }
    let endless = "x".repeat(100_000);
    sign_in(&browser, ADA, &endless).problem(ProblemCode::SignInFailed);
}

#[test]
fn guesses_at_an_account_wait_longer_and_longer_and_never_for_ever() {
    let harness = Harness::new();
    harness.set_up();
    let browser = harness.browser();
    let mut waits = Vec::new();
    for try_number in 0..40 {
        // Each from another address: it is the account that is guarded.
        browser.with("cf-connecting-ip", &format!("198.51.100.{try_number}"));
        let answer = sign_in(&browser, ADA, "not the password");
        if answer.status == 429 {
            waits.push(wait_of(&answer));
            harness.clock.advance(waits.last().unwrap() * 1000);
        } else {
            answer.problem(ProblemCode::SignInFailed);
        }
    }
    assert!(waits.is_sorted() && waits[0] == 1, "{waits:?}");
    assert_eq!(waits.last(), Some(&(15 * MINUTE / 1000)));
    // The right password waits too, and then it is over.
    harness.clock.advance(15 * MINUTE);
    assert_eq!(sign_in(&browser, ADA, PASSWORD).status, 201);
    for _ in 0..5 {
        sign_in(&browser, ADA, "not the password").problem(ProblemCode::SignInFailed);
    }
    assert_eq!(sign_in(&browser, ADA, PASSWORD).status, 201, "a success forgives what was before");
}

#[test]
fn guesses_from_one_address_wait_too_and_others_do_not() {
    let harness = Harness::new();
    harness.set_up();
    let guesser = from(harness.browser(), "203.0.113.5");
    let mut refused = 0;
    for account in 0..40 {
        if sign_in(&guesser, &format!("user{account}@example.com"), "guess").status == 429 {
            refused += 1;
        }
    }
    assert!((5..15).contains(&refused), "{refused}");
    assert!(wait_of(&sign_in(&guesser, ADA, PASSWORD)) >= 1);
    assert_eq!(sign_in(&from(harness.browser(), "203.0.113.6"), ADA, PASSWORD).status, 201);
    harness.clock.advance(DAY);
    assert_eq!(sign_in(&guesser, ADA, PASSWORD).status, 201);
}

#[test]
fn many_who_sign_in_from_one_address_do_not_keep_each_other_out() {
    let harness = Harness::new();
    harness.set_up();
    for _ in 0..35 {
        assert_eq!(sign_in(&harness.browser(), ADA, PASSWORD).status, 201);
    }
    // Their successes do not wash a guesser's failures away.
    let browser = harness.browser();
    for account in 0..30 {
        sign_in(&browser, &format!("user{account}@example.com"), "guess").problem(ProblemCode::SignInFailed);
    }
    sign_in(&browser, "user30@example.com", "guess").problem(ProblemCode::SignInFailed);
    assert_eq!(wait_of(&sign_in(&browser, ADA, PASSWORD)), 1);
    harness.clock.advance(1000);
    assert_eq!(sign_in(&browser, ADA, PASSWORD).status, 201);
    sign_in(&browser, "user31@example.com", "guess").problem(ProblemCode::SignInFailed);
    wait_of(&sign_in(&browser, "user32@example.com", "guess"));
}

/// A guess that lets the next one begin before it is counted itself: all have read the same count.
fn guess(harness: &Rc<Harness>, left: u32) -> Vec<u16> {
    let (browser, interrupt) = Interrupt::browser(&harness.browser());
    let others = Rc::new(RefCell::new(Vec::new()));
    if left > 0 {
        let (harness, others) = (Rc::clone(harness), Rc::clone(&others));
        interrupt.before("INTO throttles", move || others.borrow_mut().extend(guess(&harness, left - 1)));
    }
    let status = sign_in(&browser, ADA, "not the password").status;
    let mut all = others.take();
    all.push(status);
    all
}

#[test]
fn guesses_at_the_same_moment_are_counted_one_by_one() {
    let harness = Harness::new();
    harness.set_up();
    let statuses = guess(&harness, 11);
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 6, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 6, "{statuses:?}");
}

#[test]
fn a_cookie_that_was_sent_is_not_adopted() {
    let harness = Harness::new();
    let victim = harness.set_up();
    let known = victim.cookie.borrow().clone().unwrap();
    let planted = format!("__Host-session={}", "A".repeat(43));
    let browser = harness.browser();
    for sent in [planted, known.clone()] {
        *browser.cookie.borrow_mut() = Some(sent.clone());
        assert_eq!(sign_in(&browser, ADA, PASSWORD).status, 201);
        assert_ne!(browser.cookie.borrow().as_deref(), Some(sent.as_str()));
    }
    *browser.cookie.borrow_mut() = Some(format!("__Host-session={}", "A".repeat(43)));
    browser.send(Method::GET, SESSION, None).problem(ProblemCode::Unauthenticated);
}

#[test]
fn one_signs_in_where_one_was_last() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let first = browser.tenant();
    let (other, _) = harness.other_tenant();
    harness.db.query(&format!(
        "INSERT INTO users SELECT '{other}', 'usr_00000000010000000000000000', account_id, email, first_name, last_name, 'designer', 'active',
           created_at + 1, 1, name_key FROM users WHERE email = '{ADA}'"
    ));
    assert_eq!(harness.browser_of(ADA).tenant(), first);
    harness.clock.advance(1);
    let second = harness.browser_of(ADA);
    assert_eq!(second.send(Method::POST, &format!("/api/v1/tenants/{other}/switch"), None).status, 200);
    harness.clock.advance(1);
    assert_eq!(harness.browser_of(ADA).tenant(), other);
}
