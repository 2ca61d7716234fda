//! What happens in the middle of something else: grants that are taken away, connections that are deleted, providers
//! that talk nonsense, clocks that go wrong.

use std::rc::Rc;

use drawbridge_contract::endpoints as api;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::Connection;
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::role::Role;
use drawbridge_domain::time::{DAY, HOUR, MINUTE};
use http::Method;
use serde_json::{Value, json};

use super::using::run;
use super::{ada, authorize, by_sign_in, made, make, path, read, signed_in, test};
use crate::features::upkeep;
use crate::ports::OutwardResponse;
use crate::testing::{Browser, Harness, Interrupt, Sqlite, chain};

/// The provider answers, and before its answer arrives something else happens.
fn meanwhile(harness: &Harness, what: impl Fn(&Sqlite) + 'static) {
    let db = Rc::clone(&harness.db);
    harness.outward.next(move |_| {
        what(&db);
        let mut headers = http::HeaderMap::new();
        headers.insert("content-type", http::HeaderValue::from_static("application/json"));
        Ok(OutwardResponse { status: 200, headers, body: json!({ "items": [] }).to_string().into_bytes() })
    });
}

fn proxy(browser: &Browser, connection: &Connection) -> crate::testing::TestAnswer {
    let target = format!("/api/v1/connections/{}/proxy/contacts", connection.summary.id);
    browser.send(Method::GET, &target, None)
}

/// A call that has begun is brought to its end; the next one does not begin.
#[test]
fn a_grant_taken_away_during_a_call_holds_from_the_next_one_on() {
    let harness = Harness::new();
    let admin = harness.set_up();
    let (_, holder) = harness.add_user(&admin.tenant(), Role::Designer, "grace@example.com");
    let connection = made(&harness, &admin, "CRM");
    let give = || {
        harness.db.query(&format!(
            "INSERT INTO connection_grants VALUES ('{}', '{}', 'everyone', '', 'user')",
            admin.tenant(),
            connection.summary.id
        ))
    };
    let take =
        |db: &Sqlite| drop(db.query("DELETE FROM connection_grants WHERE principal_type = 'everyone'"));
    let list = json!({});
    give();
    meanwhile(&harness, take);
    assert_eq!(run(&holder, &connection, "list-contacts", &list).ok().status, 200);
    run(&holder, &connection, "list-contacts", &list).raw.problem(ProblemCode::NotFound);
    give();
    meanwhile(&harness, take);
    assert_eq!(proxy(&holder, &connection).status, 200);
    proxy(&holder, &connection).problem(ProblemCode::NotFound);
    // A test writes what it found, and shows it to nobody who may not see it any more.
    give();
    meanwhile(&harness, take);
    test(&holder, &connection).raw.problem(ProblemCode::NotFound);
    assert_eq!(harness.db.query("SELECT 1 FROM audit WHERE action = 'connection.tested'").len(), 1);
    read(&holder, &connection).raw.problem(ProblemCode::NotFound);
    harness.clock.advance(2 * MINUTE);
    harness.keepers.ring();
    assert_eq!(read(&admin, &connection).ok().usage.calls, 2, "what was called is counted");
}

#[test]
fn a_connection_deleted_during_a_call_stays_deleted_and_the_call_ends() {
    let harness = Harness::new();
    let admin = harness.set_up();
    let connection = made(&harness, &admin, "CRM");
    for (soft, change) in
        [(true, "UPDATE connections SET deleted_at = 1"), (false, "DELETE FROM connections")]
    {
        for through_the_proxy in [false, true] {
            meanwhile(&harness, move |db| drop(db.query(change)));
            let answer = if through_the_proxy {
                proxy(&admin, &connection)
            } else {
                run(&admin, &connection, "list-contacts", &json!({})).raw
            };
            assert_eq!(answer.status, 200, "{}", answer.text());
            proxy(&admin, &connection).problem(ProblemCode::NotFound);
            harness.clock.advance(2 * MINUTE);
            harness.keepers.ring();
            if !soft {
                break;
            }
            harness.db.query("UPDATE connections SET deleted_at = NULL");
        }
    }
    assert!(
        harness.db.query("SELECT 1 FROM connection_uses").is_empty(),
        "nothing comes back by being counted"
    );
    assert!(chain::verify(&harness.db).is_ok());
}

/// Of somebody who is removed while they use a connection, the call is the last one.
#[test]
fn a_user_removed_during_a_call_does_not_make_another() {
    let harness = Harness::new();
    let admin = harness.set_up();
    let (user, holder) = harness.add_user(&admin.tenant(), Role::Designer, "grace@example.com");
    let connection = made(&harness, &holder, "CRM");
    let session = admin.cookie.borrow().clone();
    let other = Rc::clone(&harness);
    let removal = format!("/api/v1/users/{user}");
    let id = user.to_string();
    meanwhile(&harness, move |_| {
        let admin = other.browser();
        admin.cookie.borrow_mut().clone_from(&session);
        assert_eq!(admin.send(Method::DELETE, &removal, None).status, 204);
    });
    assert_eq!(run(&holder, &connection, "list-contacts", &json!({})).ok().status, 200);
    run(&holder, &connection, "list-contacts", &json!({})).raw.problem(ProblemCode::Unauthenticated);
    let left = harness.db.query(&format!("SELECT 1 FROM connection_grants WHERE principal_id = '{id}'"));
    assert!(left.is_empty());
    read(&admin, &connection).ok();
}

/// Whoever shares with a group that is deleted at that moment is told to look again; nothing is given to nobody.
#[test]
fn a_group_or_user_gone_while_permissions_are_saved_is_no_grant() {
    let harness = Harness::new();
    let admin = harness.set_up();
    let me = admin.who_am_i().user.id;
    let connection = made(&harness, &admin, "CRM");
    for kind in ["group", "user"] {
        let id = if kind == "group" {
            let made = admin.send_json(Method::POST, "/api/v1/groups", &json!({ "name": "Sales" })).json();
            made["id"].as_str().unwrap().to_owned()
        } else {
            harness.insert_user(&admin.tenant(), Role::Designer, "gone@example.com").to_string()
        };
        let (slow, interrupt) = Interrupt::browser(&admin);
        let (db, gone) = (Rc::clone(&harness.db), id.clone());
        interrupt.before("INSERT INTO connection_grants", move || {
            drop(db.query(&format!("DELETE FROM {kind}s WHERE id = '{gone}'")));
        });
        let target = format!("/api/v1/connections/{}/permissions", connection.summary.id);
        let grants = json!({ "grants": [
            { "kind": "user", "id": me, "level": "owner" }, { "kind": kind, "id": id, "level": "user" },
        ] });
        let answer = slow.with("if-match", "\"v1\"").send_json(Method::PUT, &target, &grants);
        assert!(interrupt.done());
        answer.problem(ProblemCode::PreconditionFailed);
        let kept = harness.db.query("SELECT principal_id FROM connection_grants");
        assert_eq!(kept.len(), 1, "{kept:?}");
    }
}

/// An answer to a refresh that is none disproves nothing: the refresh token stays, and the next answer heals.
#[test]
fn nonsense_from_the_token_endpoint_loses_nothing() {
    let html = || b"<!doctype html><title>Sign in</title>".to_vec();
    let json = |value: Value| value.to_string().into_bytes();
    let cases: [(u16, &'static str, Vec<u8>); 10] = [
        (200, "text/html", html()),
        (200, "application/json", html()),
        (200, "application/json", Vec::new()),
        (200, "application/json", json(json!([]))),
        (200, "application/json", json(json!({}))),
        (200, "application/json", json(json!({ "access_token": 5 }))),
        (200, "application/json", json(json!({ "access_token": "", "refresh_token": "lost" }))),
        (200, "application/json", json(json!({ "access_token": "a", "token_type": "mac" }))),
        (302, "text/html", html()),
        (404, "application/json", json(json!({ "message": "no such route" }))),
    ];
    for (status, media, body) in cases {
        let words = format!("{status} {media} {}", String::from_utf8_lossy(&body));
        let harness = Harness::new();
        let browser = harness.set_up();
        let connection = signed_in(&harness, &browser, "Contacts");
        harness.clock.advance(HOUR);
        harness.outward.next(move |_| {
            let mut headers = http::HeaderMap::new();
            headers.insert("content-type", http::HeaderValue::from_static(media));
            Ok(OutwardResponse { status, headers, body: body.clone() })
        });
        let answer = run(&browser, &connection, "list-contacts", &json!({})).raw;
        answer.problem(ProblemCode::ProviderUnavailable);
        let state = read(&browser, &connection).ok().summary.state;
        assert_eq!((state.status, state.reason), (Status::Degraded, Reason::Nonsense), "{words}");
        harness.clock.advance(10 * MINUTE);
        harness.outward.asked.borrow_mut().clear();
        harness.outward.next_json(200, json!({ "access_token": "b", "expires_in": 3600 }));
        harness.outward.next_json(200, ada());
        harness.keepers.ring();
        let sent = String::from_utf8(harness.outward.asked.borrow()[0].body.clone().unwrap()).unwrap();
        assert!(sent.contains("refresh_token=refresh-token-1"), "{words}: {sent}");
        assert_eq!(read(&browser, &connection).ok().summary.state.status, Status::Active, "{words}");
    }
}

/// How long a token lives is counted from our own clock: the provider's, and what it says of it, count for nothing.
#[test]
fn a_tokens_end_is_counted_from_our_clock_and_from_no_other() {
    let at = |life: Value| {
        let harness = Harness::new();
        let browser = harness.set_up();
        let connection = signed_in(&harness, &browser, "Contacts");
        harness.clock.advance(HOUR);
        harness.outward.next(move |_| {
            let mut headers = http::HeaderMap::new();
            headers.insert("date", http::HeaderValue::from_static("Thu, 01 Jan 1970 00:00:00 GMT"));
            let body = json!({ "access_token": "b", "expires_in": life, "expires_at": 1, "created_at": 1 });
            Ok(OutwardResponse { status: 200, headers, body: body.to_string().into_bytes() })
        });
        harness.outward.next_json(200, json!({ "items": [] }));
        let answer = run(&browser, &connection, "list-contacts", &json!({})).raw;
        assert_eq!(answer.status, 200, "{}", answer.text());
        // Whatever was said, the connection can be read.
        read(&browser, &connection).ok();
        let rows = harness.db.query("SELECT token_expires_at FROM connections");
        rows[0]["token_expires_at"].as_i64().map(|at| at - harness.services.now().millis())
    };
    assert_eq!(at(json!(7200)), Some(2 * HOUR));
    assert_eq!(at(json!("7200")), Some(2 * HOUR));
    assert_eq!(at(json!(0)), Some(0));
    // What is no length of time is not known.
    for life in [json!(-5), json!("soon"), json!(null), json!({ "seconds": 5 })] {
        assert_eq!(at(life.clone()), None, "{life}");
    }
    // For ever is ten years, which every clock can say.
    for life in [json!(u64::MAX), json!(i64::MAX), json!(1_u64 << 53), json!("99999999999999")] {
        assert_eq!(at(life.clone()), Some(3650 * DAY), "{life}");
    }
}

/// Two machines, one of which is some minutes behind: neither loses the token or asks without end.
#[test]
fn a_clock_that_goes_back_does_no_harm() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = signed_in(&harness, &browser, "Contacts");
    harness.clock.advance(46 * MINUTE);
    harness.outward.next_json(200, json!({ "access_token": "b", "refresh_token": "r2", "expires_in": 3600 }));
    harness.keepers.ring();
    harness.clock.advance(-10 * MINUTE);
    harness.outward.asked.borrow_mut().clear();
    for _ in 0..3 {
        harness.outward.next_json(200, json!({ "items": [] }));
        assert_eq!(run(&browser, &connection, "list-contacts", &json!({})).ok().status, 200);
        harness.keepers.ring();
    }
    let asked = harness.outward.asked.borrow();
    assert!(asked.iter().all(|one| one.headers["authorization"] == "Bearer b"), "no refresh among them");
    assert_eq!(asked.len(), 3);
}

#[test]
fn the_daily_run_forgets_what_is_over_and_nothing_else() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let kept = made(&harness, &browser, "Kept");
    let pending = make(&browser, &by_sign_in("Never finished")).ok();
    authorize(&browser, &pending);
    browser.with("idempotency-key", "once");
    assert_eq!(browser.send_json(Method::POST, "/api/v1/groups", &json!({ "name": "Sales" })).status, 201);
    browser.plain();
    let wrong = json!({ "email": "ada@example.com", "password": "wrong" });
    harness.browser().send_json(Method::POST, "/api/v1/session", &wrong).problem(ProblemCode::SignInFailed);
    let count = |table: &str| harness.db.query(&format!("SELECT 1 FROM {table}")).len();
    let counts = || ["sessions", "throttles", "idempotency", "oauth_flows", "connections"].map(count);
    let before = counts();
    assert!(before.iter().all(|number| *number > 0), "{before:?}");
    pollster::block_on(upkeep::run(&harness.services));
    assert_eq!(counts(), before, "nothing is over yet");
    harness.clock.advance(3 * DAY);
    harness.outward.next_json(200, ada());
    pollster::block_on(upkeep::run(&harness.services));
    assert_eq!(counts(), [0, 0, 0, 0, 1]);
    browser.sign_in("ada@example.com");
    read(&browser, &kept).ok();
    browser
        .call::<api::ReadConnection>(&path(&pending), &Nothing {}, &Nothing {})
        .raw
        .problem(ProblemCode::NotFound);
}
