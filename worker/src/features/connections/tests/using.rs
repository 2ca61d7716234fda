//! Operations: what goes out, what comes back, and what is refused.

use std::collections::BTreeMap;

use drawbridge_contract::endpoints as api;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::Connection;
use drawbridge_contract::types::uses::{OperationAnswer, OperationCall, OperationPath};
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::id::Id;
use drawbridge_domain::role::Role;
use drawbridge_domain::time::{HOUR, MINUTE};
use serde_json::{Value, json};

use super::{ada, made, read, signed_in};
use crate::ports::{OutwardError, OutwardResponse};
use crate::testing::{Browser, Harness, Typed};

pub(super) fn run(
    browser: &Browser,
    connection: &Connection,
    operation: &str,
    parameters: &Value,
) -> Typed<OperationAnswer> {
    let parameters: BTreeMap<String, Value> = serde_json::from_value(parameters.clone()).unwrap();
    paged(browser, connection, operation, OperationCall { parameters, ..OperationCall::default() })
}

fn paged(
    browser: &Browser,
    connection: &Connection,
    operation: &str,
    call: OperationCall,
) -> Typed<OperationAnswer> {
    let path = OperationPath { connection: connection.summary.id.clone(), operation: operation.to_owned() };
    browser.call::<api::RunOperation>(&path, &Nothing {}, &call)
}

fn redirect(to: &str, status: u16) -> OutwardResponse {
    let mut headers = http::HeaderMap::new();
    headers.insert("location", to.parse().unwrap());
    OutwardResponse { status, headers, body: Vec::new() }
}

#[test]
fn values_go_to_their_places_and_the_answer_comes_back_whole() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "Contacts");
    harness.outward.asked.borrow_mut().clear();
    harness.outward.next(|_| {
        let mut headers = http::HeaderMap::new();
        for (name, value) in [
            ("content-type", "application/json"),
            ("x-request-id", "provider-1"),
            ("x-ratelimit-remaining", "41"),
            ("set-cookie", "a=b"),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        let body = json!({ "items": [{ "id": "c1", "name": "Ada" }, { "id": "c2" }], "nextCursor": "n2" });
        Ok(OutwardResponse { status: 200, headers, body: body.to_string().into_bytes() })
    });
    let answer = run(&browser, &connection, "list-contacts", &json!({ "q": "a&b=c/é", "limit": 2 })).ok();
    {
        let asked = harness.outward.asked.borrow();
        assert_eq!(asked[0].url, "http://localhost:9555/generic/contacts?q=a%26b%3Dc%2F%C3%A9&limit=2");
        assert_eq!(asked[0].headers["x-api-key"], "sandbox-key-ada");
    }
    assert_eq!((answer.status, answer.done, answer.calls_left, answer.tries), (200, true, Some(41), 1));
    assert_eq!(answer.provider_request_id.as_deref(), Some("provider-1"));
    assert!(!answer.headers.contains_key("set-cookie") && answer.headers.contains_key("content-type"));
    let items = answer.items.unwrap();
    assert_eq!((items[0].label.as_str(), items[1].label.as_str()), ("Ada", "c2"));
    assert_eq!(answer.next_cursor.as_deref(), Some("n2"));
    // The next page begins where the first one said.
    harness.outward.next_json(200, json!({ "items": [] }));
    let call = OperationCall { cursor: answer.next_cursor, page_size: Some(500), ..OperationCall::default() };
    assert_eq!(paged(&browser, &connection, "list-contacts", call).ok().next_cursor, None);
    let asked = harness.outward.asked.borrow();
    assert!(asked[1].url.ends_with("?limit=100&cursor=n2"), "{}", asked[1].url);
}

#[test]
fn a_body_is_json_and_a_path_parameter_stays_in_its_segment() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "Contacts");
    harness.outward.asked.borrow_mut().clear();
    harness.outward.next_json(200, json!({ "id": "x" }));
    let given = json!({ "contactId": "../a/b?c#d", "name": "N", "email": "", "tags": ["x", "y"] });
    run(&browser, &connection, "update-contact", &given).ok();
    let asked = harness.outward.asked.borrow();
    assert_eq!(asked[0].url, "http://localhost:9555/generic/contacts/..%2Fa%2Fb%3Fc%23d");
    assert_eq!(asked[0].method, http::Method::PATCH);
    let body: Value = serde_json::from_slice(asked[0].body.as_ref().unwrap()).unwrap();
    assert_eq!(body, json!({ "name": "N", "email": "", "tags": ["x", "y"] }));
    drop(asked);
    run(&browser, &connection, "get-contact", &json!({ "contactId": ".." })).raw.field_codes();
}

#[test]
fn what_is_wrong_is_told_by_name_and_nobody_is_called() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "Contacts");
    harness.outward.asked.borrow_mut().clear();
    let faults = run(
        &browser,
        &connection,
        "create-contact",
        &json!({ "email": "no", "phone": 5, "tags": "x", "nothing": 1 }),
    );
    let faults = faults.raw.field_codes();
    for (path, code) in [
        ("parameters.nothing", "unknown_field"),
        ("parameters.name", "required"),
        ("parameters.email", "email"),
        ("parameters.phone", "wrong_type"),
        ("parameters.tags", "wrong_type"),
    ] {
        assert!(faults.contains(&(path.to_owned(), code.to_owned())), "{path}: {faults:?}");
    }
    for (operation, given) in
        [("list-contacts", json!({ "limit": 1.5 })), ("list-contacts", json!({ "q": "a\u{0}b" }))]
    {
        assert_eq!(run(&browser, &connection, operation, &given).raw.field_codes().len(), 1);
    }
    let call = OperationCall { cursor: Some("x".to_owned()), ..OperationCall::default() };
    let codes = paged(&browser, &connection, "tags", call).raw.field_codes();
    assert_eq!(codes, [("cursor".to_owned(), "not_paged".to_owned())]);
    run(&browser, &connection, "nothing", &json!({})).raw.problem(ProblemCode::NotFound);
    assert!(harness.outward.asked.borrow().is_empty());
    assert_eq!(read(&browser, &connection).ok().usage.calls, 0, "what was never sent is not counted");
}

#[test]
fn only_what_can_be_used_is_used() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "Contacts");
    for (status, code) in [
        ("pending", ProblemCode::ConnectionPending),
        ("disabled", ProblemCode::ConnectionDisabled),
        ("invalid", ProblemCode::ConnectionInvalid),
    ] {
        harness.db.query(&format!("UPDATE connections SET status = '{status}', pending_until = 1 << 50"));
        run(&browser, &connection, "list-contacts", &json!({})).raw.problem(code);
        let target = format!("/api/v1/connections/{}/proxy/contacts", connection.summary.id);
        browser.send(http::Method::GET, &target, None).problem(code);
    }
    harness.db.query("UPDATE connections SET status = 'degraded'");
    harness.outward.next_json(200, json!({ "items": [] }));
    run(&browser, &connection, "list-contacts", &json!({})).ok();
}

#[test]
fn an_error_of_the_providers_comes_with_words() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "Contacts");
    for (status, words) in [
        (400, "does not accept the values"),
        (403, "may not do this"),
        (404, "no such thing"),
        (500, "an error of its own"),
        (418, "status 418"),
    ] {
        harness.outward.next_json(status, json!({ "error_description": "Key sandbox-key-ada is odd" }));
        let answer = run(&browser, &connection, "create-contact", &json!({ "name": "N" })).ok();
        assert!(!answer.done && answer.message.as_ref().unwrap().contains(words), "{answer:?}");
        assert_eq!(answer.provider_words.as_deref(), Some("Key … is odd"), "its secret is taken out");
        assert_eq!(answer.status, status);
    }
    harness.outward.next_json(200, json!({ "error": "quota" }));
    assert!(!run(&browser, &connection, "create-contact", &json!({ "name": "N" })).ok().done);
    for (error, words) in [
        (OutwardError::TimedOut, "did not answer in time"),
        (OutwardError::Unreachable("x".into()), "could not be reached"),
        (OutwardError::TooLarge, "more than an operation takes"),
    ] {
        harness.outward.next(move |_| Err(error.clone()));
        let answer = run(&browser, &connection, "create-contact", &json!({ "name": "N" }));
        assert!(answer.raw.problem(ProblemCode::ProviderUnavailable).detail.contains(words), "{words}");
    }
}

#[test]
fn only_what_may_be_repeated_is_tried_again_and_not_for_ever() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "Contacts");
    let later = |seconds: &'static str| {
        move |_: &crate::ports::OutwardRequest| {
            let mut headers = http::HeaderMap::new();
            headers.insert("retry-after", seconds.parse().unwrap());
            Ok(OutwardResponse { status: 429, headers, body: b"{}".to_vec() })
        }
    };
    let before = harness.services.now();
    harness.outward.next(later("2"));
    harness.outward.next(|_| Err(OutwardError::TimedOut));
    harness.outward.next_json(200, json!({ "items": [] }));
    let answer = run(&browser, &connection, "list-contacts", &json!({})).ok();
    assert_eq!((answer.tries, answer.done), (3, true));
    assert!(harness.services.now().since(before) >= 2500);
    for _ in 0..3 {
        harness.outward.next_json(503, json!({}));
    }
    assert_eq!(run(&browser, &connection, "list-contacts", &json!({})).ok().tries, 3);
    // Nobody waits for minutes; nothing is done twice.
    harness.outward.next(later("60"));
    let answer = run(&browser, &connection, "list-contacts", &json!({})).ok();
    assert_eq!((answer.tries, answer.status), (1, 429));
    assert!(answer.message.unwrap().contains("60 seconds"));
    harness.outward.next_json(503, json!({}));
    assert_eq!(run(&browser, &connection, "create-contact", &json!({ "name": "N" })).ok().tries, 1);
}

#[test]
fn a_redirect_is_followed_only_among_the_connectors_hosts() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "Contacts");
    harness.outward.asked.borrow_mut().clear();
    harness.outward.next(|_| Ok(redirect("/generic/elsewhere?x=1", 303)));
    harness.outward.next_json(200, json!({ "id": "c" }));
    run(&browser, &connection, "create-contact", &json!({ "name": "N" })).ok();
    {
        let asked = harness.outward.asked.borrow();
        assert_eq!(asked[1].url, "http://localhost:9555/generic/elsewhere?x=1");
        assert_eq!((asked[1].method.clone(), asked[1].body.clone()), (http::Method::GET, None));
        assert_eq!(asked[1].headers["x-api-key"], "sandbox-key-ada");
        assert!(!asked[1].headers.contains_key("content-type"));
    }
    for to in [
        "http://169.254.169.254/latest",
        "https://169.254.169.254/",
        "https://evil.example.com/",
        "http://localhost:9556/",
        "http://localhost:9555@evil.example.com/",
        "//127.0.0.1/",
        "file:///etc/passwd",
        "https://[::1]/",
    ] {
        harness.outward.asked.borrow_mut().clear();
        harness.outward.next(move |_| Ok(redirect(to, 307)));
        let answer = run(&browser, &connection, "list-contacts", &json!({}));
        answer.raw.problem(ProblemCode::ProviderUnavailable);
        assert_eq!(harness.outward.asked.borrow().len(), 1, "{to} was called");
    }
    for _ in 0..6 {
        harness.outward.next(|_| Ok(redirect("/generic/contacts", 302)));
    }
    let answer = run(&browser, &connection, "list-contacts", &json!({}));
    assert!(answer.raw.problem(ProblemCode::ProviderUnavailable).detail.contains("on and on"));
}

#[test]
fn a_401_is_examined_and_marks_the_connection_only_when_the_proof_fails_too() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "Contacts");
    // This one call is refused, the credentials are good.
    harness.outward.next_json(401, json!({}));
    harness.outward.next_json(200, ada());
    let answer = run(&browser, &connection, "list-contacts", &json!({})).ok();
    assert_eq!((answer.status, answer.done), (401, false));
    assert_eq!(read(&browser, &connection).ok().summary.state.status, Status::Active);
    // The key is gone.
    harness.outward.next_json(401, json!({}));
    harness.outward.next_json(401, json!({ "error_description": "Unknown key" }));
    let problem = run(&browser, &connection, "list-contacts", &json!({})).raw;
    let problem = problem.problem(ProblemCode::ConnectionInvalid);
    assert!(problem.detail.contains("Unknown key"), "{problem:?}");
    let state = read(&browser, &connection).ok().summary.state;
    assert_eq!((state.status, state.reason), (Status::Invalid, Reason::CredentialsRefused));
    let record = &harness.db.query("SELECT * FROM audit WHERE action = 'connection.status_changed'")[0];
    assert_eq!(
        (record["actor_type"].as_str(), record["object_name"].as_str()),
        (Some("system"), Some("Contacts"))
    );
    crate::testing::chain::verify(&harness.db).unwrap();
}

#[test]
fn uses_are_counted_at_most_once_a_minute_and_none_is_lost() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "Contacts");
    let usage = || read(&browser, &connection).ok().usage;
    let first = harness.services.now();
    for turn in 0..5 {
        harness.clock.advance(1000);
        harness.outward.next_json(if turn == 3 { 404 } else { 200 }, json!({}));
        run(&browser, &connection, "delete-contact", &json!({ "contactId": "c" })).ok();
    }
    assert_eq!((usage().calls, usage().failures), (1, 0), "the first is there at once");
    harness.clock.advance(MINUTE);
    harness.keepers.forget();
    harness.keepers.ring();
    assert_eq!((usage().calls, usage().failures), (5, 1));
    assert_eq!(usage().last_used_at.unwrap().since(first), 5000);
    harness.keepers.ring();
    assert_eq!(usage().calls, 5);
    let written =
        harness.db.batches.borrow().iter().flatten().filter(|s| s.sql.contains("connection_uses (")).count();
    assert_eq!(written, 2);
}

#[test]
fn an_administrators_use_of_what_they_were_not_given_is_on_record_once_an_hour() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let tenant = browser.tenant();
    let connection = made(&harness, &browser, "Contacts");
    let (_, administrator) = harness.add_user(&tenant, Role::AutomationAdministrator, "max@example.com");
    let (_, designer) = harness.add_user(&tenant, Role::Designer, "dee@example.com");
    let use_it = |by: &Browser| {
        harness.outward.next_json(200, json!({ "items": [] }));
        run(by, &connection, "list-contacts", &json!({}))
    };
    let records =
        || harness.db.query("SELECT seq FROM audit WHERE action = 'connection.used_as_administrator'").len();
    use_it(&browser).ok();
    assert_eq!(records(), 0, "its owner");
    use_it(&administrator).ok();
    use_it(&administrator).ok();
    assert_eq!(records(), 1);
    harness.clock.advance(HOUR);
    use_it(&administrator).ok();
    assert_eq!(records(), 2);
    use_it(&designer).raw.problem(ProblemCode::NotFound);
    harness.db.query(&format!(
        "INSERT INTO connection_grants VALUES ('{tenant}', '{}', 'everyone', '', 'user')",
        connection.summary.id.as_str()
    ));
    use_it(&designer).ok();
    use_it(&administrator).ok();
    assert_eq!(records(), 2, "who was given it uses it as everybody does");
}

#[test]
fn tokens_that_are_due_are_renewed_before_the_call_and_after_a_401() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = signed_in(&harness, &browser, "Contacts");
    let fresh = |name: &str| json!({ "access_token": name, "refresh_token": format!("r-{name}"), "expires_in": 3600 });
    harness.clock.advance(46 * MINUTE);
    harness.outward.asked.borrow_mut().clear();
    harness.outward.next_json(200, fresh("second"));
    harness.outward.next_json(200, json!({ "items": [] }));
    run(&browser, &connection, "list-contacts", &json!({})).ok();
    assert_eq!(harness.outward.asked.borrow()[1].headers["authorization"], "Bearer second");
    harness.clock.advance(MINUTE);
    harness.outward.asked.borrow_mut().clear();
    harness.outward.next_json(401, json!({}));
    harness.outward.next_json(200, fresh("third"));
    harness.outward.next_json(200, json!({ "items": [] }));
    let answer = run(&browser, &connection, "list-contacts", &json!({})).ok();
    assert_eq!((answer.status, answer.tries), (200, 2));
    assert_eq!(harness.outward.asked.borrow()[2].headers["authorization"], "Bearer third");
    // Refused again at once: the token is new, so it is not the token's fault.
    harness.outward.asked.borrow_mut().clear();
    harness.outward.next_json(401, json!({}));
    harness.outward.next_json(200, ada());
    assert_eq!(run(&browser, &connection, "list-contacts", &json!({})).ok().status, 401);
    assert_eq!(harness.outward.asked.borrow().len(), 2, "no refresh");
    // Unless the proof says that it is the token all the same: it was ended at the provider a moment ago.
    harness.outward.asked.borrow_mut().clear();
    harness.outward.next_json(401, json!({}));
    harness.outward.next_json(401, json!({}));
    harness.outward.next_json(200, fresh("fourth"));
    harness.outward.next_json(200, json!({ "items": [] }));
    assert_eq!(run(&browser, &connection, "list-contacts", &json!({})).ok().status, 200);
    assert_eq!(harness.outward.asked.borrow()[3].headers["authorization"], "Bearer fourth");
    // New tokens that are refused as well: the grant is gone.
    harness.clock.advance(MINUTE);
    harness.outward.next_json(401, json!({}));
    harness.outward.next_json(200, fresh("fifth"));
    harness.outward.next_json(401, json!({}));
    harness.outward.next_json(401, json!({}));
    run(&browser, &connection, "list-contacts", &json!({})).raw.problem(ProblemCode::ConnectionInvalid);
    assert_eq!(read(&browser, &connection).ok().summary.state.status, Status::Invalid);
}
