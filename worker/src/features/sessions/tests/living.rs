//! The life of a session and its end.

use drawbridge_contract::endpoints as api;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::sessions::Session;
use drawbridge_domain::id::Id;
use drawbridge_domain::role::Role;
use drawbridge_domain::time::{DAY, HOUR, MINUTE, Timestamp};
use http::Method;
use serde_json::json;

use super::{SESSION, audited};
use crate::testing::{Browser, Harness};

#[track_caller]
fn is_out(browser: &Browser) {
    let answer = browser.send(Method::GET, SESSION, None);
    answer.problem(ProblemCode::Unauthenticated);
    assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"drawbridge\""));
}

fn list(browser: &Browser) -> Vec<Session> {
    browser.get::<api::ListSessions>().ok().items
}

#[test]
fn a_session_that_lies_unused_for_twelve_hours_ends() {
    let harness = Harness::new();
    let browser = harness.set_up();
    for _ in 0..3 {
        harness.clock.advance(12 * HOUR - 1);
        browser.who_am_i();
    }
    harness.clock.advance(12 * HOUR);
    is_out(&browser);
    assert!(list(&harness.browser_of("ada@example.com")).iter().all(|session| session.current));
}

#[test]
fn a_session_ends_after_two_weeks_however_it_is_used() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let end = browser.who_am_i().expires_at;
    assert_eq!(end, harness.services.now().plus(14 * DAY));
    for _ in 0..27 {
        harness.clock.advance(12 * HOUR - 1);
        browser.who_am_i();
    }
    harness.clock.advance(12 * HOUR - 1);
    browser.who_am_i();
    harness.clock.advance(28);
    is_out(&browser);
}

#[test]
fn the_last_use_is_noted_to_the_minute_with_its_address() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let began = harness.services.now();
    let last = || {
        let row = &harness.db.query("SELECT last_used_at, address FROM sessions")[0];
        (
            Timestamp::from_millis(row["last_used_at"].as_i64().unwrap()),
            row["address"].as_str().unwrap().to_owned(),
        )
    };
    harness.clock.advance(MINUTE);
    browser.with("cf-connecting-ip", "198.51.100.1").who_am_i();
    assert_eq!(last(), (began, "192.0.2.7".to_owned()), "within a minute nothing is written");
    harness.clock.advance(1);
    browser.who_am_i();
    assert_eq!(last(), (began.plus(MINUTE + 1), "198.51.100.1".to_owned()));
}

#[test]
fn signing_out_ends_the_session_and_takes_the_cookie() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let cookie = browser.cookie.borrow().clone();
    let answer = browser.send(Method::DELETE, SESSION, None);
    assert_eq!(answer.status, 204);
    let cleared = "__Host-session=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0";
    assert_eq!(answer.header("set-cookie"), Some(cleared));
    assert!(browser.cookie.borrow().is_none());
    *browser.cookie.borrow_mut() = cookie;
    is_out(&browser);
    assert_eq!(audited(&harness).last(), Some(&json!(["session.ended", "Ada Lovelace", "session", "done"])));
}

#[test]
fn own_sessions_are_listed_and_each_can_be_ended() {
    let harness = Harness::new();
    let here = harness.set_up();
    harness.clock.advance(1);
    let there = harness.browser_of("ada@example.com");
    let sessions = list(&here);
    assert_eq!(sessions.iter().map(|session| session.current).collect::<Vec<_>>(), [false, true]);
    assert_eq!(sessions[0].id, there.who_am_i().session);
    assert_eq!(sessions[0].device, "Firefox on Linux");
    assert_eq!(
        (sessions[0].address.as_deref(), sessions[0].country.as_deref()),
        (Some("192.0.2.7"), Some("NL"))
    );

    let target = format!("/api/v1/sessions/{}", sessions[0].id);
    assert_eq!(here.send(Method::DELETE, &target, None).status, 204);
    is_out(&there);
    assert_eq!(list(&here).len(), 1);
    here.send(Method::DELETE, &target, None).problem(ProblemCode::NotFound);
    let ended: Vec<_> = audited(&harness).into_iter().filter(|row| row[0] == "session.ended").collect();
    assert_eq!(
        ended,
        [json!(["session.ended", "Ada Lovelace", "session", "done"])],
        "a failed try leaves no record"
    );
}

#[test]
fn another_accounts_session_is_as_one_that_is_not_there() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let (_, bob) = harness.add_user(&ada.tenant(), Role::Participant, "bob@example.com");
    let theirs = format!("/api/v1/sessions/{}", bob.who_am_i().session);
    let unknown = "/api/v1/sessions/ses_00000000010000000000000000";
    let words = |target: &str| ada.send(Method::DELETE, target, None).problem(ProblemCode::NotFound).detail;
    assert_eq!(words(&theirs), words(unknown));
    bob.who_am_i();
    assert_eq!((list(&ada).len(), list(&bob).len()), (1, 1));
}

#[test]
fn what_an_administrator_changes_counts_at_once() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let (user, bob) = harness.add_user(&ada.tenant(), Role::Designer, "bob@example.com");
    let set =
        |change: &str| harness.db.query(&format!("UPDATE users SET {change} WHERE id = '{}'", user.as_str()));
    assert_eq!(bob.who_am_i().role, Role::Designer);
    set("role = 'participant'");
    assert_eq!(bob.who_am_i().role, Role::Participant);
    bob.send(Method::GET, "/api/v1/connectors", None).problem(ProblemCode::NeedsRole);
    set("state = 'suspended'");
    is_out(&bob);
    set("state = 'active'");
    bob.who_am_i();
    // A role that is none opens nothing.
    set("role = 'root'");
    bob.send(Method::GET, SESSION, None).problem(ProblemCode::Internal);
}

#[test]
fn cookies_that_are_no_session_open_nothing() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let good = browser.cookie.take().unwrap();
    let secret = good.strip_prefix("__Host-session=").unwrap();
    let hash = crate::encoding::hashed(secret);
    for cookie in [
        "__Host-session=".to_owned(),
        format!("session={secret}"),
        format!("__host-session={secret}"),
        format!("__Host-session={secret}x"),
        format!("__Host-session=\"{secret}\""),
        format!("__Host-session={hash}"),
        format!("{good}; {good}"),
        format!("{good}; __Host-session=x"),
    ] {
        browser.with("cookie", &cookie);
        is_out(&browser);
    }
    browser.with("cookie", &format!("theme=dark; {good}; other=1")).who_am_i();
}
