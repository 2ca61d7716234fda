//! The way to the provider and back.

use drawbridge_domain::oauth::FLOW_LIFE;
use http::Method;
use serde_json::json;

use super::{
    ISSUER, SECRET, audited, bring, claims, come_back, is_in, open_to_all, parameters, proved, ready,
    records, refused, sign_in, slug, start,
};
use crate::encoding::{base64url, sha256};
use crate::ports::OutwardError;
use crate::testing::{Browser, Harness, Signer};

#[test]
fn the_request_and_the_exchange_are_as_the_standards_say() {
    let (harness, ada) = ready();
    proved(&harness, &ada.tenant(), "example.com");
    open_to_all(&harness);
    let browser = harness.browser();
    let slug = slug(&ada);
    let sent = start(&browser, &format!("tenant={slug}&to=%2Ft%2F{slug}%2Faccount"));
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "drawbridge"),
        ("redirect_uri", "https://drawbridge.example/oauth/sign-in/callback"),
        ("scope", "openid profile email"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(sent[name], value);
    }
    assert!(sent["state"].len() == 43 && sent["nonce"].len() == 43 && sent["state"] != sent["nonce"]);
    let cookie = browser.cookie.borrow().clone().unwrap();
    assert!(cookie.starts_with("__Host-sso="));
    let token = Signer::Rsa.sign(&claims(&harness, &sent, "g1", "grace@example.com"));
    is_in(&bring(&browser, &sent, &token), &format!("/t/{slug}/account"));
    let asked = harness.outward.asked.borrow();
    assert_eq!(asked.len(), 1, "the keys and the description are known");
    assert_eq!(asked[0].url, "https://tokens.example.com/token");
    let body = String::from_utf8(asked[0].body.clone().unwrap()).unwrap();
    let body = parameters(&format!("?{body}"));
    assert_eq!(body["grant_type"], "authorization_code");
    assert_eq!((&body["code"], &body["redirect_uri"]), (&"c0de".to_owned(), &sent["redirect_uri"]));
    assert_eq!(base64url(&sha256(body["code_verifier"].as_bytes())), sent["code_challenge"]);
    assert_eq!(asked[0].headers["authorization"], "Basic ZHJhd2JyaWRnZTp0aGUtY2xpZW50LXNlY3JldA==");
    let secret = cookie.split_once('=').unwrap().1;
    let kept = format!("{:?}{:?}", harness.db.dump(&[]), harness.log.0.borrow());
    for secret in [SECRET, &sent["state"], &sent["nonce"], &body["code_verifier"], "c0de", &token, secret] {
        assert!(!kept.contains(secret), "{secret}");
    }
    assert_eq!(browser.who_am_i().user.email, "grace@example.com");
}

#[test]
fn a_state_is_good_once_for_ten_minutes_and_in_the_browser_that_started() {
    let (harness, ada) = ready();
    let slug = slug(&ada);
    let browser = harness.browser();
    refused(&browser.send(Method::GET, "/oauth/sign-in/callback", None), "flow_malformed");
    refused(&browser.send(Method::GET, "/oauth/sign-in/callback?state=a&state=b", None), "flow_malformed");
    refused(&browser.send(Method::GET, "/oauth/sign-in/callback?state=forged&code=x", None), "flow_unknown");
    let sent = start(&browser, &format!("tenant={slug}"));
    // Nobody else's browser: without a cookie, or with that of a sign-in of its own.
    let other = harness.browser();
    refused(&come_back(&other, &sent), "flow_other_browser");
    start(&other, &format!("tenant={slug}"));
    refused(&come_back(&other, &sent), "flow_other_browser");
    refused(&come_back(&browser, &sent), "provider_unreachable");
    refused(&come_back(&browser, &sent), "flow_used");
    let late = start(&browser, &format!("tenant={slug}"));
    harness.clock.advance(FLOW_LIFE);
    refused(&come_back(&browser, &late), "flow_expired");
    // Two tabs of one browser do not end each other.
    let (first, _second) =
        (start(&browser, &format!("tenant={slug}")), start(&browser, &format!("tenant={slug}")));
    refused(&come_back(&browser, &first), "provider_unreachable");
    // The callback of connections knows nothing of it.
    let state = start(&browser, &format!("tenant={slug}"))["state"].clone();
    let answer = ada.send(Method::GET, &format!("/oauth/callback?state={state}&code=x"), None);
    assert_eq!(answer.header("x-refusal"), Some("flow_unknown"));
}

#[test]
fn a_provider_that_refuses_fails_or_answers_nonsense_signs_nobody_in() {
    let (harness, ada) = ready();
    let browser = harness.browser();
    let begin = || start(&browser, &format!("tenant={}", slug(&ada)));
    let back = |rest: &str| {
        let sent = begin();
        let state = &sent["state"];
        browser.send(Method::GET, &format!("/oauth/sign-in/callback?state={state}&{rest}"), None)
    };
    let before = records(&harness);
    refused(&back(&format!("error=access_denied&iss={ISSUER}")), "denied");
    refused(
        &back(&format!("error=invalid_scope&error_description=no+such&iss={ISSUER}")),
        "provider_refused",
    );
    refused(&back("code=x&iss=https://other.example.com"), "flow_wrong_issuer");
    refused(&back("code=x"), "flow_wrong_issuer");
    refused(&back(&format!("iss={ISSUER}")), "flow_malformed");
    harness
        .outward
        .next_json(400, json!({ "error": "invalid_client", "error_description": "bad the-client-secret" }));
    refused(&come_back(&browser, &begin()), "provider_refused");
    for answer in [json!({}), json!([1]), json!({ "access_token": "x" }), json!({ "id_token": 5 })] {
        harness.outward.next_json(200, answer);
        refused(&come_back(&browser, &begin()), "provider_nonsense");
    }
    harness.outward.next_json(503, json!({}));
    refused(&come_back(&browser, &begin()), "provider_unreachable");
    harness.outward.next(|_| Err(OutwardError::TimedOut));
    refused(&come_back(&browser, &begin()), "provider_unreachable");
    harness.outward.next(|_| Err(OutwardError::TooLarge));
    refused(&come_back(&browser, &begin()), "provider_nonsense");
    let told = audited(&harness, before);
    assert_eq!(told.len(), 13, "each that had a good state");
    assert!(told.iter().all(|(action, _, outcome)| action == "session.refused" && outcome == "refused"));
    let details = format!("{:?}", harness.db.query("SELECT changes FROM audit"));
    assert!(details.contains("no such") && details.contains("bad …") && !details.contains(SECRET));
    assert!(harness.db.query("SELECT 1 FROM sessions WHERE sso_tenant_id IS NOT NULL").is_empty());
}

#[test]
fn a_start_tells_nobody_who_exists_and_leads_nowhere_else() {
    let (harness, ada) = ready();
    proved(&harness, &ada.tenant(), "example.com");
    let browser = harness.browser();
    let page = |query: &str| browser.send(Method::GET, &format!("/oauth/sign-in?{query}"), None);
    refused(&page(""), "nothing_named");
    refused(&page("email=nonsense"), "nothing_named");
    refused(&page("tenant=a&tenant=b"), "nothing_named");
    refused(&page("tenant=nowhere"), "not_available");
    refused(&page("email=ada@elsewhere.example"), "not_available");
    refused(&page("invitation=nothing"), "not_available");
    let known = start(&browser, "email=Ada@Example.com");
    let unknown = start(&browser, "email=nobody@example.com");
    assert_eq!(known.keys().collect::<Vec<_>>(), unknown.keys().collect::<Vec<_>>());
    assert_eq!(known["login_hint"], "ada@example.com");
    // A domain that is only named counts for nothing; nor does one of a tenant whose single sign-on is off.
    harness.db.query("UPDATE sso_domains SET proved_at = NULL");
    refused(&page("email=ada@example.com"), "not_available");
    let tenant = slug(&ada);
    harness.db.query("UPDATE sso SET enabled = 0");
    refused(&page(&format!("tenant={tenant}")), "not_available");
    harness.db.query("UPDATE sso SET enabled = 1");
    proved(&harness, &ada.tenant(), "example.org");
    open_to_all(&harness);
    for to in ["https://evil.example", "//evil.example", "/api/v1/session", "/t/x%5C..", "/t//x"] {
        let sent = start(&browser, &format!("tenant={tenant}&to={to}"));
        let token = Signer::Ec(1).sign(&claims(&harness, &sent, "s1", "s1@example.org"));
        is_in(&bring(&browser, &sent, &token), "/");
    }
}

#[test]
fn what_changes_meanwhile_ends_a_sign_in() {
    let (harness, ada) = ready();
    proved(&harness, &ada.tenant(), "example.com");
    open_to_all(&harness);
    let slug = slug(&ada);
    let browser = harness.browser();
    for (change, code) in [
        ("UPDATE sso SET client_id = 'another'", "settings_changed"),
        ("UPDATE sso SET enabled = 0", "not_available"),
    ] {
        let sent = start(&browser, &format!("tenant={slug}"));
        harness.db.query(change);
        let token = Signer::Ec(1).sign(&claims(&harness, &sent, "g1", "grace@example.com"));
        refused(&bring(&browser, &sent, &token), code);
    }
    let before = start_is_off(&harness, &slug);
    assert_eq!(ada.send(Method::DELETE, "/api/v1/sso", None).status, 204);
    refused(&before, "not_available");
}

fn start_is_off(harness: &std::rc::Rc<Harness>, slug: &str) -> crate::testing::TestAnswer {
    harness.browser().send(Method::GET, &format!("/oauth/sign-in?tenant={slug}"), None)
}

#[test]
fn one_address_cannot_start_without_end() {
    let (harness, ada) = ready();
    let slug = slug(&ada);
    let browser = harness.browser();
    for _ in 0..60 {
        start(&browser, &format!("tenant={slug}"));
    }
    let page = browser.send(Method::GET, &format!("/oauth/sign-in?tenant={slug}"), None);
    refused(&page, "too_many");
    let elsewhere = harness.browser();
    elsewhere.with("cf-connecting-ip", "198.51.100.9");
    start(&elsewhere, &format!("tenant={slug}"));
    harness.clock.advance(FLOW_LIFE);
    start(&browser, &format!("tenant={slug}"));
    assert_eq!(
        sign_in(&browser, &slug, "nobody", "nobody@example.com").header("x-refusal"),
        Some("not_connected")
    );
}

#[test]
fn a_stranger_does_not_fill_the_log_with_refusals() {
    let (harness, ada) = ready();
    let slug = slug(&ada);
    let deny = |browser: &Browser| {
        let sent = start(browser, &format!("tenant={slug}"));
        let target =
            format!("/oauth/sign-in/callback?state={}&error=access_denied&iss={ISSUER}", sent["state"]);
        browser.send(Method::GET, &target, None)
    };
    let recorded = || harness.db.query("SELECT 1 FROM audit WHERE action = 'session.refused'").len();
    let stranger = harness.browser();
    stranger.with("cf-connecting-ip", "198.51.100.9");
    for _ in 0..100 {
        refused(&deny(&stranger), "denied");
    }
    let first = recorded();
    assert!((10..50).contains(&first), "{first}");
    // Others are put on record all the same.
    let other = harness.browser();
    other.with("cf-connecting-ip", "198.51.100.10");
    refused(&deny(&other), "denied");
    assert_eq!(recorded(), first + 1);
}
