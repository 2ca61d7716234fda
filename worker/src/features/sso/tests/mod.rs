//! Tests of the feature, through the router, with a provider whose tokens are really signed.

mod coming_in;
mod flows;
mod proofs;
mod settings;
mod standing;

use std::collections::BTreeMap;
use std::rc::Rc;

use drawbridge_domain::id::TenantId;
use http::Method;
use serde_json::{Value as Json, json};

use crate::testing::{Browser, Harness, Signer, TestAnswer};

pub(super) const ISSUER: &str = "https://id.example.com";
pub(super) const SSO: &str = "/api/v1/sso";
const SECRET: &str = "the-client-secret";

/// What the provider says of itself.
pub(super) fn description() -> Json {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://id.example.com/authorize",
        "token_endpoint": "https://tokens.example.com/token",
        "jwks_uri": "https://id.example.com/keys",
        "userinfo_endpoint": "https://id.example.com/me",
        "authorization_response_iss_parameter_supported": true,
    })
}

pub(super) fn settings() -> Json {
    json!({ "issuer": ISSUER, "clientId": "drawbridge", "clientSecret": SECRET, "label": "Acme ID" })
}

/// Sends a change for that version.
pub(super) fn change(browser: &Browser, version: i64, body: &Json) -> TestAnswer {
    browser.with("if-match", &format!("\"v{version}\""));
    let answer = browser.send_json(Method::PATCH, SSO, body);
    browser.plain();
    answer
}

/// A deployment whose tenant has single sign-on, tested and on; the browser of its Global administrator.
pub(super) fn ready() -> (Rc<Harness>, Browser) {
    let harness = Harness::new();
    let ada = harness.set_up();
    harness.outward.next_json(200, description());
    let answer = change(&ada, 0, &settings());
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let keys = json!([Signer::Rsa.key(), Signer::Ec(1).key()]).to_string();
    let now = harness.services.now().millis();
    harness.db.query(&format!(
        "UPDATE sso SET enabled = 1, tested_at = 1, keys = '{keys}', keys_at = {now}, keys_asked_at = {now}"
    ));
    harness.outward.asked.borrow_mut().clear();
    (harness, ada)
}

/// The tenant has proved this domain.
pub(super) fn proved(harness: &Harness, tenant: &TenantId, domain: &str) {
    harness.db.query(&format!(
        "INSERT INTO sso_domains (tenant_id, domain, token, proved_at) VALUES ('{tenant}', '{domain}', 't', 1)"
    ));
}

/// People of the proved domain join by themselves, as Designers.
pub(super) fn open_to_all(harness: &Harness) {
    harness.db.query("UPDATE sso SET auto_join = 1, default_role = 'designer'");
}

pub(super) fn slug(browser: &Browser) -> String {
    browser.who_am_i().tenant.slug
}

/// The parameters of an address.
pub(super) fn parameters(url: &str) -> BTreeMap<String, String> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// Starts a sign-in; what the browser is sent to the provider with.
#[track_caller]
pub(super) fn start(browser: &Browser, query: &str) -> BTreeMap<String, String> {
    let answer = browser.send(Method::GET, &format!("/oauth/sign-in?{query}"), None);
    assert_eq!(answer.status, 303, "{}", String::from_utf8_lossy(&answer.body));
    let url = answer.header("location").unwrap();
    assert!(url.starts_with("https://id.example.com/authorize?"), "{url}");
    parameters(url)
}

/// The claims of somebody, as the provider tells them for this sign-in.
pub(super) fn claims(harness: &Harness, sent: &BTreeMap<String, String>, subject: &str, email: &str) -> Json {
    let now = harness.services.now().millis() / 1000;
    json!({
        "iss": ISSUER, "sub": subject, "aud": "drawbridge", "exp": now + 300, "iat": now, "nonce": sent["nonce"],
        "email": email, "email_verified": true, "given_name": "Grace", "family_name": "Hopper",
    })
}

/// The browser comes back with a code.
pub(super) fn come_back(browser: &Browser, sent: &BTreeMap<String, String>) -> TestAnswer {
    let state = &sent["state"];
    let target = format!("/oauth/sign-in/callback?state={state}&code=c0de&iss={ISSUER}");
    browser.send(Method::GET, &target, None)
}

/// The browser comes back, and the provider gives this token for the code.
pub(super) fn bring(browser: &Browser, sent: &BTreeMap<String, String>, token: &str) -> TestAnswer {
    let tokens = json!({ "access_token": "at", "token_type": "Bearer", "id_token": token });
    browser.harness.outward.next_json(200, tokens);
    let answer = come_back(browser, sent);
    browser.harness.outward.clear();
    answer
}

/// Signs somebody in, from start to end.
pub(super) fn sign_in(browser: &Browser, slug: &str, subject: &str, email: &str) -> TestAnswer {
    let sent = start(browser, &format!("tenant={slug}"));
    let token = Signer::Ec(1).sign(&claims(&browser.harness, &sent, subject, email));
    bring(browser, &sent, &token)
}

#[track_caller]
pub(super) fn refused(answer: &TestAnswer, code: &str) {
    assert_eq!(answer.header("x-refusal"), Some(code), "{}", String::from_utf8_lossy(&answer.body));
    assert!(answer.header("content-type").unwrap().starts_with("text/html"));
    assert!(answer.status >= 400 && answer.header("set-cookie").is_none());
}

#[track_caller]
pub(super) fn is_in(answer: &TestAnswer, path: &str) {
    assert_eq!(answer.status, 303, "{}", String::from_utf8_lossy(&answer.body));
    assert_eq!(answer.header("location"), Some(path));
    assert!(answer.header("set-cookie").unwrap().starts_with("__Host-session="));
}

/// The actions of the audit log with their objects' names and outcomes, from a number on.
pub(super) fn audited(harness: &Harness, from: usize) -> Vec<(String, String, String)> {
    let rows = harness.db.query("SELECT action, object_name, outcome FROM audit ORDER BY at, seq");
    let text = |row: &Json, name: &str| row[name].as_str().unwrap().to_owned();
    let all = rows.iter().map(|row| (text(row, "action"), text(row, "object_name"), text(row, "outcome")));
    all.skip(from).collect()
}

pub(super) fn records(harness: &Harness) -> usize {
    harness.db.query("SELECT 1 FROM audit").len()
}

/// The parameters of the address that a call answers to send the browser to.
#[track_caller]
pub(super) fn parameters_of(answer: &TestAnswer) -> BTreeMap<String, String> {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    parameters(answer.json()["url"].as_str().unwrap())
}
