//! Tests of a connection: what an answer does to its status, and new tokens for old.

use drawbridge_contract::endpoints as api;
use drawbridge_contract::types::connections::CreateConnection;
use drawbridge_contract::types::{Nothing, SecretText};
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::time::HOUR;
use serde_json::json;

use super::{ada, by_key, made, make, path, signed_in, test};
use crate::ports::OutwardError;
use crate::testing::Harness;

#[test]
fn each_answer_has_its_status_and_reason() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "Contacts");
    let cases: Vec<(u16, serde_json::Value, Status, Reason)> = vec![
        (500, json!({ "error_description": "Down" }), Status::Degraded, Reason::ProviderError),
        (429, json!({}), Status::Degraded, Reason::RateLimited),
        (200, json!({ "error": "odd" }), Status::Degraded, Reason::ProviderError),
        (404, json!({}), Status::Degraded, Reason::Nonsense),
        (302, json!({}), Status::Degraded, Reason::Nonsense),
        (403, json!({}), Status::Invalid, Reason::ConsentNeeded),
        // Once disproved, a provider that fails proves nothing else.
        (500, json!({}), Status::Invalid, Reason::ConsentNeeded),
        (401, json!({}), Status::Invalid, Reason::CredentialsRefused),
        (200, ada(), Status::Active, Reason::Proved),
        (200, json!({ "id": "grace" }), Status::Invalid, Reason::WrongIdentity),
        (200, ada(), Status::Active, Reason::Proved),
    ];
    for (status, body, expect, reason) in cases {
        harness.clock.advance(1000);
        harness.outward.next_json(status, body.clone());
        let state = test(&browser, &connection).ok().summary.state;
        assert_eq!((state.status, state.reason), (expect, reason), "{status} {body}");
    }
    for (error, reason) in [
        (OutwardError::TimedOut, Reason::TimedOut),
        (OutwardError::Unreachable("refused".into()), Reason::Unreachable),
        (OutwardError::TooLarge, Reason::Nonsense),
    ] {
        harness.clock.advance(1000);
        harness.outward.next(move |_| Err(error.clone()));
        let state = test(&browser, &connection).ok().summary.state;
        assert_eq!((state.status, state.reason), (Status::Degraded, reason));
    }
    let events = browser.call::<api::ListConnectionEvents>(&path(&connection), &Nothing {}, &Nothing {}).ok();
    assert_eq!(events.items.first().unwrap().state.reason, Reason::Nonsense);
    assert_eq!(events.items.last().unwrap().state.reason, Reason::Proved);
    assert_eq!(events.items.len(), 13, "a finding that changes nothing leaves no entry");
}

#[test]
fn an_expired_token_is_refreshed_once_and_the_rotated_one_kept() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = signed_in(&harness, &browser, "Contacts");
    assert_eq!(connection.details.as_ref().unwrap().scopes, ["openid", "contacts:read"]);
    harness.clock.advance(HOUR);
    for turn in 1..3 {
        harness.clock.advance(HOUR);
        harness.outward.asked.borrow_mut().clear();
        harness.outward.next_json(
            200,
            json!({ "access_token": format!("access-{turn}"), "refresh_token": format!("refresh-{turn}"), "expires_in": 60 }),
        );
        harness.outward.next_json(200, ada());
        let after = test(&browser, &connection).ok();
        assert_eq!(after.summary.state.status, Status::Active);
        let asked = harness.outward.asked.borrow();
        assert_eq!(asked.len(), 2);
        let body = String::from_utf8(asked[0].body.clone().unwrap()).unwrap();
        let expect = if turn == 1 { "refresh-token-1".to_owned() } else { format!("refresh-{}", turn - 1) };
        assert!(body.contains(&format!("refresh_token={expect}")), "{body}");
        assert_eq!(asked[1].headers["authorization"], format!("Bearer access-{turn}"));
    }
}

#[test]
fn a_refused_token_is_refreshed_and_tried_again() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = signed_in(&harness, &browser, "Contacts");
    harness.outward.next_json(401, json!({ "error": "invalid_token" }));
    harness.outward.next_json(200, json!({ "access_token": "new", "expires_in": 60 }));
    harness.outward.next_json(200, ada());
    assert_eq!(test(&browser, &connection).ok().summary.state.status, Status::Active);
}

#[test]
fn a_revoked_grant_is_invalid_at_once_and_a_provider_that_fails_is_not() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = signed_in(&harness, &browser, "Contacts");
    harness.clock.advance(HOUR);
    harness.outward.next_json(503, json!({}));
    let state = test(&browser, &connection).ok().summary.state;
    assert_eq!((state.status, state.reason), (Status::Degraded, Reason::ProviderError));
    harness.outward.next_json(400, json!({ "error": "invalid_grant", "error_description": "Grant revoked" }));
    let state = test(&browser, &connection).ok().summary.state;
    assert_eq!((state.status, state.reason), (Status::Invalid, Reason::GrantRevoked));
    assert_eq!(state.provider_words.as_deref(), Some("Grant revoked"));
}

#[test]
fn a_proof_may_have_a_body() {
    let harness = Harness::new();
    let browser = harness.set_up();
    harness.outward.next(|request| {
        assert_eq!(
            (request.method.as_str(), request.url.as_str()),
            ("POST", "https://api.linear.app/graphql")
        );
        assert_eq!(request.headers["content-type"], "application/json");
        assert_eq!(request.headers["authorization"], "lin_api_1");
        let body: serde_json::Value = serde_json::from_slice(request.body.as_deref().unwrap()).unwrap();
        assert!(body["query"].as_str().unwrap().contains("viewer"));
        Ok(crate::ports::OutwardResponse {
            status: 200,
            headers: http::HeaderMap::new(),
            body: json!({ "data": { "viewer": { "id": "u1", "name": "Ada" } } }).to_string().into_bytes(),
        })
    });
    let body = CreateConnection {
        connector: "linear".to_owned(),
        credentials: [("apiKey".to_owned(), SecretText::new("lin_api_1".to_owned()))].into(),
        ..by_key("Issues")
    };
    let connection = make(&browser, &body).ok();
    assert_eq!(connection.summary.state.status, Status::Active);
}
