//! Single sign-on on the real runtime: tokens of a real provider, whose signatures `WebCrypto` checks.

use drawbridge_contract::endpoints::{
    ChangeSsoSettings, EnableSso, NameSsoDomain, ProveSsoDomain, ReadSso, TestSso,
};
use drawbridge_contract::types::SecretText;
use drawbridge_contract::types::sessions::WhoAmI;
use drawbridge_contract::types::sso::{ChangeSso, DomainPath, NameDomain};
use drawbridge_domain::role::Role;
use drawbridge_domain::sso::SsoStatus;
use drawbridge_tests::answer::Answered;
use drawbridge_tests::browser::Browser;
use drawbridge_tests::fixtures::{Stack, shared};
use drawbridge_tests::provider::Visitor;
use serde_json::json;

/// The cookies of an answer, as they are sent back.
fn cookies(answer: &Answered) -> String {
    let lines = answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
    lines.map(|line| line.split(';').next().unwrap()).collect::<Vec<_>>().join("; ")
}

fn with_cookies(browser: &Browser, path: &str, cookies: &str) -> Answered {
    browser.raw("GET", path).header("cookie", cookies).send()
}

/// A client of the provider whose tokens are signed in that way.
fn client(stack: &Stack, algorithm: &str) -> (String, String) {
    let (id, secret) = (format!("sso-{algorithm}"), "a-secret-of-single-sign-on".to_owned());
    let callback = format!("{}/oauth/sign-in/callback", stack.server.origin());
    let body = json!({
        "clientId": id, "clientSecret": secret, "redirectUris": [callback], "idTokenAlg": algorithm,
        "grantTypes": ["authorization_code"],
    });
    stack.sandbox.control("POST", "clients", &body);
    (id, secret)
}

fn settings(stack: &Stack, algorithm: &str) -> ChangeSso {
    let (id, secret) = client(stack, algorithm);
    ChangeSso {
        issuer: Some(stack.sandbox.origin().to_owned()),
        client_id: Some(id),
        client_secret: Some(SecretText::new(secret)),
        default_role: Some(Role::Designer),
        auto_join: Some(true),
        ..ChangeSso::default()
    }
}

#[test]
fn tokens_signed_in_both_ways_are_checked_by_the_runtime() {
    let stack = shared();
    let admin = stack.tenant("Signed tokens");
    stack.server.log().keep_out("a-secret-of-single-sign-on");
    let named = admin.to::<NameSsoDomain>().with(&NameDomain { domain: "sandbox.example".to_owned() }).good();
    stack.sandbox.control("POST", "dns", &json!({ "name": named.record_name, "text": named.record_value }));
    admin.to::<ProveSsoDomain>().at(DomainPath { domain: named.domain }).good();
    for (algorithm, person) in [("ES256", "grace"), ("RS256", "alan")] {
        let (_, version) = admin.to::<ReadSso>().done();
        admin.to::<ChangeSsoSettings>().with(&settings(&stack, algorithm)).if_match(&version).good();
        // The test signs nobody in.
        let started = admin.to::<TestSso>().send();
        let sent = started.json()["url"].as_str().unwrap().to_owned();
        let own = format!("__Host-session={}; {}", admin.cookie().unwrap(), cookies(&started));
        let back = Visitor::new(person).goes_to(&sent);
        let tested = with_cookies(&admin.stranger(), &back, &own).with_status(303);
        assert!(
            tested.header("location").unwrap().ends_with("?tested=1")
                && tested.header("set-cookie").is_none()
        );
        assert_eq!(admin.to::<EnableSso>().good().status, SsoStatus::On);

        let stranger = admin.stranger();
        let begun =
            stranger.navigate(&format!("/oauth/sign-in?tenant={}", admin.who.tenant.slug)).with_status(303);
        let browser = cookies(&begun);
        let back = Visitor::new(person).goes_to(begun.header("location").unwrap());
        // A code that was not given for this sign-in, and another browser, bring nothing.
        let strange = with_cookies(&stranger.stranger(), &back, "").with_status(403);
        assert_eq!(strange.header("x-refusal"), Some("flow_other_browser"));
        with_cookies(&stranger, &back, &browser).with_status(303);
        let who: WhoAmI = stranger.raw("GET", "/api/v1/session").send().read();
        assert_eq!((who.role, who.by_sso), (Role::Designer, true));
        assert_eq!(who.user.email, format!("{person}@sandbox.example"));
        let again = with_cookies(&stranger.stranger(), &back, &browser).with_status(409);
        assert_eq!(again.header("x-refusal"), Some("flow_used"));
    }
}

#[test]
fn a_token_that_was_altered_on_its_way_is_none() {
    let stack = shared();
    let admin = stack.tenant("Altered tokens");
    let (_, version) = admin.to::<ReadSso>().done();
    admin.to::<ChangeSsoSettings>().with(&settings(&stack, "ES256")).if_match(&version).good();
    let header = "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9";
    let signature = "A".repeat(86);
    for token in [format!("{header}.e30.{signature}"), "eyJhbGciOiJub25lIn0.e30.".to_owned()] {
        let switch = stack.sandbox.switch(&json!({
            "kind": "token_extra", "clientId": "sso-ES256", "accountId": "ada", "set": { "id_token": token }, "times": 1,
        }));
        assert!(switch["id"].is_string());
        let started = admin.to::<TestSso>().send();
        let own = format!("__Host-session={}; {}", admin.cookie().unwrap(), cookies(&started));
        let back = Visitor::new("ada").goes_to(started.json()["url"].as_str().unwrap());
        let refused = with_cookies(&admin.stranger(), &back, &own).with_status(403);
        assert_eq!(refused.header("x-refusal"), Some("bad_token"));
    }
    assert_eq!(admin.to::<ReadSso>().good().status, SsoStatus::Untested);
}
