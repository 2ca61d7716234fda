//! The sign-in at the provider, and what a callback may and may not do.

use drawbridge_contract::endpoints as api;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::{Authorize, AuthorizeIn};
use drawbridge_contract::types::life::DeleteConnectionQuery;
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::oauth::FLOW_LIFE;
use drawbridge_domain::role::Role;
use http::Method;
use serde_json::json;

use super::{ada, authorize, by_sign_in, made, make, path, read, signed_in, tokens};
use crate::encoding::{base64url, sha256};
use crate::testing::{Browser, Harness, TestAnswer};

const ISSUER: &str = "http://localhost:9555";

/// A callback's address.
pub(super) fn url(state: &str, rest: &str) -> String {
    format!("/oauth/callback?state={state}&{rest}&iss={ISSUER}")
}

fn only_pending() -> DeleteConnectionQuery {
    DeleteConnectionQuery { status: Some(Status::Pending) }
}

fn bring(browser: &Browser, target: &str) -> TestAnswer {
    browser.send(Method::GET, target, None)
}

#[track_caller]
fn refused(answer: &TestAnswer, code: &str) {
    assert_eq!(answer.header("x-refusal"), Some(code), "{}", String::from_utf8_lossy(&answer.body));
    assert!(answer.header("content-type").unwrap().starts_with("text/html"));
}

#[test]
fn the_request_and_the_exchange_are_as_the_standards_say() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let pending = make(&browser, &by_sign_in("Contacts")).ok();
    let sent = authorize(&browser, &pending);
    assert_eq!(sent["response_type"], "code");
    assert_eq!(sent["client_id"], "drawbridge-dev");
    assert_eq!(sent["redirect_uri"], "https://drawbridge.example/oauth/callback");
    assert_eq!(sent["code_challenge_method"], "S256");
    assert_eq!(sent["state"].len(), 43);
    harness.outward.next_json(200, tokens());
    harness.outward.next_json(200, ada());
    let page = bring(&browser, &url(&sent["state"], "code=c0de"));
    let html = String::from_utf8(page.body.clone()).unwrap();
    assert!(
        html.contains("You are connected as Ada Lovelace.") && html.contains("data-ok=\"true\""),
        "{html}"
    );
    let connection = read(&browser, &pending).ok();
    assert_eq!(connection.summary.state.status, Status::Active);
    assert_eq!(connection.connected_as.unwrap().id, "ada");
    assert_eq!(connection.pending_until, None);
    let asked = harness.outward.asked.borrow();
    let body: std::collections::BTreeMap<_, _> =
        form_urlencoded::parse(asked[0].body.as_deref().unwrap()).into_owned().collect();
    assert_eq!(body["grant_type"], "authorization_code");
    assert_eq!(body["code"], "c0de");
    assert_eq!(body["redirect_uri"], sent["redirect_uri"]);
    assert_eq!(base64url(&sha256(body["code_verifier"].as_bytes())), sent["code_challenge"]);
    assert_eq!(asked[0].headers["authorization"], "Basic ZHJhd2JyaWRnZS1kZXY6ZHJhd2JyaWRnZS1kZXYtc2VjcmV0");
    assert_eq!(asked[1].headers["authorization"], "Bearer access-token-1");
    let stored = format!(
        "{:?}",
        harness.db.query("SELECT * FROM oauth_flows, connections, connection_secrets, audit")
    );
    for secret in ["access-token-1", "refresh-token-1", &sent["state"], &body["code_verifier"], "c0de"] {
        assert!(!stored.contains(secret), "{secret}");
    }
}

#[test]
fn a_state_is_good_once_for_one_browser_for_ten_minutes() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let pending = make(&browser, &by_sign_in("Contacts")).ok();
    let state = authorize(&browser, &pending)["state"].clone();
    refused(&bring(&browser, &url("forged", "code=x")), "flow_unknown");
    refused(&bring(&browser, "/oauth/callback?code=x"), "flow_malformed");
    refused(
        &bring(&browser, &format!("/oauth/callback?state={state}&state={state}&code=x")),
        "flow_malformed",
    );
    refused(&bring(&harness.browser(), &url(&state, "code=x")), "flow_other_browser");
    let other_sign_in = harness.browser();
    other_sign_in.sign_in("ada@example.com");
    refused(&bring(&other_sign_in, &url(&state, "code=x")), "flow_other_browser");
    let (_, colleague) = harness.add_user(&browser.tenant(), Role::GlobalAdministrator, "grace@example.com");
    refused(&bring(&colleague, &url(&state, "code=x")), "flow_other_browser");
    assert!(harness.outward.asked.borrow().is_empty());

    harness.outward.next_json(200, tokens());
    harness.outward.next_json(200, ada());
    assert_eq!(bring(&browser, &url(&state, "code=c0de")).status, 200);
    refused(&bring(&browser, &url(&state, "code=c0de")), "flow_used");

    let late = authorize(&browser, &pending)["state"].clone();
    harness.clock.advance(FLOW_LIFE);
    refused(&bring(&browser, &url(&late, "code=c0de")), "flow_expired");
    assert_eq!(harness.outward.asked.borrow().len(), 2);
}

#[test]
fn the_issuer_must_be_the_one_that_was_asked() {
    let harness = Harness::new();
    let browser = harness.set_up();
    for iss in ["", "&iss=http://evil.example"] {
        let pending = make(&browser, &by_sign_in("Contacts")).ok();
        let state = authorize(&browser, &pending)["state"].clone();
        refused(&bring(&browser, &format!("/oauth/callback?state={state}&code=x{iss}")), "flow_wrong_issuer");
    }
    assert!(harness.outward.asked.borrow().is_empty(), "the code is not sent on");
}

#[test]
fn a_denial_is_told_in_plain_words_and_can_be_tried_again() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let pending = make(&browser, &by_sign_in("Contacts")).ok();
    let state = authorize(&browser, &pending)["state"].clone();
    let page = bring(&browser, &url(&state, "error=access_denied&error_description=%3Cb%3ENo%3C/b%3E"));
    let html = String::from_utf8(page.body).unwrap();
    assert!(html.contains("Access was denied at the provider.") && html.contains("&lt;b&gt;No"), "{html}");
    let now = read(&browser, &pending).ok();
    assert_eq!((now.summary.state.status, now.summary.state.reason), (Status::Pending, Reason::DeniedByUser));
    let state = authorize(&browser, &pending)["state"].clone();
    harness.outward.next_json(200, tokens());
    harness.outward.next_json(200, ada());
    bring(&browser, &url(&state, "code=c0de"));
    assert_eq!(read(&browser, &pending).ok().summary.state.status, Status::Active);
}

#[test]
fn a_code_that_is_refused_leaves_the_connection_pending() {
    let harness = Harness::new();
    let browser = harness.set_up();
    for (status, body, reason) in [
        (400, json!({ "error": "invalid_grant" }), Reason::SignInRefused),
        (401, json!({ "error": "invalid_client" }), Reason::ClientRefused),
        (500, json!({}), Reason::ProviderError),
        (200, json!({ "token_type": "Bearer" }), Reason::Nonsense),
        (200, json!({ "access_token": "x", "token_type": "mac" }), Reason::Nonsense),
        (200, json!("text"), Reason::Nonsense),
    ] {
        let pending = make(&browser, &by_sign_in("Contacts")).ok();
        let state = authorize(&browser, &pending)["state"].clone();
        harness.outward.next_json(status, body.clone());
        bring(&browser, &url(&state, "code=c0de"));
        let now = read(&browser, &pending).ok().summary.state;
        assert_eq!((now.status, now.reason), (Status::Pending, reason), "{status} {body}");
    }
}

#[test]
fn tokens_are_kept_when_only_the_proof_is_out_of_reach() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let pending = make(&browser, &by_sign_in("Contacts")).ok();
    let state = authorize(&browser, &pending)["state"].clone();
    harness.outward.next_json(200, tokens());
    harness.outward.next_json(503, json!({}));
    bring(&browser, &url(&state, "code=c0de"));
    let now = read(&browser, &pending).ok();
    assert_eq!((now.summary.state.status, now.summary.last_verified_at), (Status::Degraded, None));
    harness.outward.next_json(200, ada());
    assert_eq!(super::test(&browser, &pending).ok().summary.state.status, Status::Active);
}

#[test]
fn signing_in_as_somebody_else_is_refused_and_changes_nothing() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = signed_in(&harness, &browser, "Contacts");
    let secrets = || harness.db.query("SELECT sealed FROM connection_secrets");
    let before = secrets();
    let state = authorize(&browser, &connection)["state"].clone();
    harness.outward.next_json(200, tokens());
    harness.outward.next_json(200, json!({ "id": "grace", "name": "Grace Hopper" }));
    let page = bring(&browser, &url(&state, "code=c0de"));
    assert!(String::from_utf8_lossy(&page.body).contains("another person"));
    assert_eq!(secrets(), before);
    assert_eq!(read(&browser, &connection).ok().summary.state.status, Status::Active);
}

#[test]
fn in_the_page_the_browser_goes_back_to_the_console() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let pending = make(&browser, &by_sign_in("Contacts")).ok();
    let body = Authorize { window: AuthorizeIn::Page, accept_other_identity: false, with_change: false };
    let start = || browser.call::<api::AuthorizeConnection>(&path(&pending), &Nothing {}, &body).ok();
    let state = |url: &str| {
        url::Url::parse(url).unwrap().query_pairs().find(|pair| pair.0 == "state").unwrap().1.into_owned()
    };
    let slug = browser.who_am_i().tenant.slug;
    let answer = bring(&browser, &url(&state(&start().authorization_url), "error=access_denied"));
    let list = format!("/t/{slug}/automate/connections");
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, Some(&*format!("{list}?failed={}", pending.summary.id)))
    );
    harness.outward.next_json(200, tokens());
    harness.outward.next_json(200, ada());
    let answer = bring(&browser, &url(&state(&start().authorization_url), "code=x"));
    assert_eq!(answer.header("location"), Some(&*format!("{list}?connected={}", pending.summary.id)));
}

#[test]
fn only_an_owner_signs_in_and_only_where_there_is_a_sign_in() {
    let harness = Harness::new();
    let admin = harness.set_up();
    let (designer, browser) = harness.add_user(&admin.tenant(), Role::Designer, "grace@example.com");
    let fixed = made(&harness, &admin, "Fixed");
    let body = Authorize { window: AuthorizeIn::PopUp, accept_other_identity: false, with_change: false };
    let call = |browser: &Browser, connection| {
        browser.call::<api::AuthorizeConnection>(&path(connection), &Nothing {}, &body).raw
    };
    call(&admin, &fixed).problem(ProblemCode::NotInteractive);
    let shared = make(&admin, &by_sign_in("Shared")).ok();
    call(&browser, &shared).problem(ProblemCode::NotFound);
    harness.db.query(&format!(
        "INSERT INTO connection_grants SELECT tenant_id, id, 'user', '{designer}', 'user' FROM connections WHERE id = '{}'",
        shared.summary.id
    ));
    call(&browser, &shared).problem(ProblemCode::NeedsOwner);
    browser
        .call::<api::DeleteConnection>(&path(&shared), &only_pending(), &Nothing {})
        .raw
        .problem(ProblemCode::NeedsOwner);
    admin.call::<api::DeleteConnection>(&path(&shared), &only_pending(), &Nothing {}).ok();
    read(&admin, &shared).raw.problem(ProblemCode::NotFound);
    admin
        .call::<api::DeleteConnection>(&path(&fixed), &only_pending(), &Nothing {})
        .raw
        .problem(ProblemCode::Conflict);
}

#[test]
fn a_connection_discarded_meanwhile_ends_the_sign_in_with_words() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let pending = make(&browser, &by_sign_in("Contacts")).ok();
    let state = authorize(&browser, &pending)["state"].clone();
    browser.call::<api::DeleteConnection>(&path(&pending), &only_pending(), &Nothing {}).ok();
    refused(&bring(&browser, &url(&state, "code=c0de")), "flow_unknown");
}

#[test]
fn a_user_suspended_or_removed_meanwhile_does_not_come_back() {
    let harness = Harness::new();
    let admin = harness.set_up();
    for (email, method, act) in
        [("a@example.com", Method::POST, "/suspend"), ("b@example.com", Method::DELETE, "")]
    {
        let (user, theirs) = harness.add_user(&admin.tenant(), Role::Designer, email);
        let pending = make(&theirs, &by_sign_in("Contacts")).ok();
        let state = authorize(&theirs, &pending)["state"].clone();
        assert!(admin.send(method, &format!("/api/v1/users/{user}{act}"), None).status < 300);
        refused(&bring(&theirs, &url(&state, "code=c0de")), "flow_other_browser");
        assert!(harness.outward.asked.borrow().is_empty(), "the code goes nowhere");
        assert_eq!(read(&admin, &pending).ok().summary.state.status, Status::Pending);
    }
}
