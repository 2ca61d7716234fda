//! Setting single sign-on up, testing it, switching it, and domains.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::role::Role;
use drawbridge_domain::time::{DAY, SECOND};
use http::Method;
use serde_json::{Value as Json, json};

use super::{
    ISSUER, SECRET, SSO, bring, change, claims, description, is_in, parameters_of, proved, ready, refused,
    settings, sign_in, slug, start,
};
use crate::features::upkeep;
use crate::ports::OutwardError;
use crate::testing::{Browser, Harness, Signer, TestAnswer};

fn read(browser: &Browser) -> Json {
    browser.send(Method::GET, SSO, None).json()
}

fn post(browser: &Browser, what: &str) -> TestAnswer {
    browser.send(Method::POST, &format!("{SSO}/{what}"), None)
}

#[test]
fn it_is_set_up_tested_and_switched_on_in_this_order() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let first = ada.send(Method::GET, SSO, None);
    assert_eq!(first.header("etag"), Some("\"v0\""));
    assert_eq!(first.json()["status"], "notSetUp");
    assert_eq!(first.json()["redirectUrl"], "https://drawbridge.example/oauth/sign-in/callback");
    post(&ada, "test").problem(ProblemCode::NotFound);
    post(&ada, "enable").problem(ProblemCode::NotFound);
    harness.outward.next_json(200, description());
    let answer = change(&ada, 0, &settings());
    assert_eq!(answer.status, 200);
    let kept = answer.json();
    assert_eq!((&kept["status"], &kept["settings"]["issuer"]), (&json!("untested"), &json!(ISSUER)));
    assert_eq!(kept["settings"]["defaultRole"], "participant");
    assert_eq!(harness.outward.asked.borrow()[0].url, format!("{ISSUER}/.well-known/openid-configuration"));
    post(&ada, "enable").problem(ProblemCode::Conflict);
    let sent = parameters_of(&post(&ada, "test"));
    harness.outward.next_json(
        200,
        json!({ "id_token": Signer::Rsa.sign(&claims(&harness, &sent, "a1", "a@b.example")) }),
    );
    harness.outward.next_json(200, json!({ "keys": [Signer::Rsa.key()] }));
    let back = super::come_back(&ada, &sent);
    let page = format!("/t/{}/settings/single-sign-on?tested=1", slug(&ada));
    assert_eq!(back.header("location"), Some(page.as_str()));
    assert!(back.header("set-cookie").is_none(), "a test signs nobody in");
    assert_eq!(read(&ada)["settings"]["testedAs"], "a@b.example");
    let offer = format!("/api/v1/sign-in/{}", slug(&ada));
    harness.browser().send(Method::GET, &offer, None).problem(ProblemCode::NotFound);
    assert_eq!(post(&ada, "enable").json()["status"], "on");
    post(&ada, "enable").problem(ProblemCode::Conflict);
    let told = harness.browser().send(Method::GET, &offer, None).json();
    assert_eq!(told, json!({ "tenantName": "Acme", "label": "Acme ID" }));
    let everything = format!("{:?}{:?}", harness.db.dump(&[]), harness.log.0.borrow());
    assert!(!everything.contains(SECRET) && !read(&ada).to_string().contains(SECRET));
}

#[test]
fn a_test_that_fails_says_why_and_leaves_it_untested() {
    let (harness, ada) = ready();
    harness.db.query("UPDATE sso SET enabled = 0, tested_at = NULL");
    let sent = parameters_of(&post(&ada, "test"));
    let mut claims = claims(&harness, &sent, "a1", "a@b.example");
    claims["aud"] = json!("another");
    let page = bring(&ada, &sent, &Signer::Rsa.sign(&claims));
    refused(&page, "bad_token");
    assert!(String::from_utf8(page.body).unwrap().contains("It was made for another application."));
    assert_eq!(read(&ada)["status"], "untested");
    // The settings change while somebody tests: what was tested is not what stands there.
    let sent = parameters_of(&post(&ada, "test"));
    assert_eq!(change(&ada, 1, &json!({ "scopes": "openid email groups" })).status, 200);
    let token = Signer::Rsa.sign(&super::claims(&harness, &sent, "a1", "a@b.example"));
    refused(&bring(&ada, &sent, &token), "settings_changed");
    assert_eq!(read(&ada)["status"], "untested");
}

#[test]
fn each_bad_field_is_told_and_nothing_is_called() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let with = |name: &str, value: Json| {
        let mut body = settings();
        body[name] = value;
        body
    };
    for (body, fields) in [
        (json!({}), vec![("issuer", "missing"), ("clientId", "missing"), ("clientSecret", "missing")]),
        (with("issuer", json!("id.example.com")), vec![("issuer", "not_an_issuer")]),
        (with("issuer", json!("http://id.example.com")), vec![("issuer", "not_an_issuer")]),
        (with("clientSecret", json!("")), vec![("clientSecret", "missing")]),
        (with("clientSecret", json!("a\u{7}b")), vec![("clientSecret", "control_character")]),
        (with("clientId", json!(" ")), vec![("clientId", "missing")]),
        (with("scopes", json!("email")), vec![("scopes", "no_openid")]),
        (with("label", json!("<b>")), vec![("label", "forbidden_character")]),
        (with("defaultRole", json!("globalAdministrator")), vec![("defaultRole", "not_possible")]),
        (with("defaultRole", json!("automationAdministrator")), vec![("defaultRole", "not_possible")]),
        (with("defaultRole", json!("root")), vec![("defaultRole", "unknown_value")]),
        (with("password", json!("x")), vec![("password", "unknown_field")]),
        (with("issuer", json!("https://10.0.0.1")), vec![("issuer", "not_usable")]),
        (with("issuer", json!("https://localhost")), vec![("issuer", "not_usable")]),
        (with("issuer", json!("https://id.internal/x")), vec![("issuer", "not_usable")]),
        (with("issuer", json!("http://localhost:8787")), vec![("issuer", "not_usable")]),
    ] {
        let codes = change(&ada, 0, &body).field_codes();
        let codes: Vec<(&str, &str)> =
            codes.iter().map(|(path, code)| (path.as_str(), code.as_str())).collect();
        assert_eq!(codes, fields, "{body}");
    }
    assert!(harness.outward.asked.borrow().is_empty());
    assert_eq!(read(&ada)["status"], "notSetUp");
}

#[test]
fn a_provider_must_be_what_it_says_and_offer_what_is_needed() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let with = |name: &str, value: Json| {
        let mut description = description();
        description[name] = value;
        description
    };
    for bad in [
        with("issuer", json!("https://evil.example.com")),
        with("issuer", Json::Null),
        with("token_endpoint", Json::Null),
        with("token_endpoint", json!("http://id.example.com/token")),
        with("jwks_uri", json!("https://169.254.169.254/keys")),
        with("authorization_endpoint", json!("javascript:alert(1)")),
        with("response_types_supported", json!(["id_token"])),
        with("code_challenge_methods_supported", json!(["plain"])),
    ] {
        harness.outward.next_json(200, bad.clone());
        assert_eq!(change(&ada, 0, &settings()).field_codes()[0].1, "not_usable", "{bad}");
    }
    harness.outward.next_json(404, description());
    assert_eq!(change(&ada, 0, &settings()).field_codes()[0].1, "not_usable");
    for error in [OutwardError::TimedOut, OutwardError::TooLarge, OutwardError::Unreachable("no".to_owned())]
    {
        harness.outward.next(move |_| Err(error.clone()));
        assert_eq!(change(&ada, 0, &settings()).field_codes()[0].1, "not_usable");
    }
    // A slash at the end is the provider's to decide; a secret in the body where it takes it in no other way.
    let mut body = settings();
    body["issuer"] = json!("https://id.example.com");
    let mut slashed = with("issuer", json!("https://id.example.com/"));
    slashed["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]);
    harness.outward.next_json(200, slashed);
    assert_eq!(change(&ada, 0, &body).json()["settings"]["issuer"], "https://id.example.com/");
    let sent = parameters_of(&post(&ada, "test"));
    harness.outward.next_json(500, json!({}));
    let state = &sent["state"];
    let target = format!("/oauth/sign-in/callback?state={state}&code=x&iss=https://id.example.com/");
    refused(&ada.send(Method::GET, &target, None), "provider_unreachable");
    let asked = harness.outward.asked.borrow();
    let last = asked.last().unwrap();
    let body = String::from_utf8(last.body.clone().unwrap()).unwrap();
    assert!(body.contains("client_id=drawbridge&client_secret=the-client-secret"), "{body}");
    assert!(!last.headers.contains_key("authorization"));
}

#[test]
fn another_provider_or_client_is_tested_before_anybody_is_sent_there() {
    let (harness, ada) = ready();
    proved(&harness, &ada.tenant(), "example.com");
    harness.db.query("UPDATE sso SET auto_join = 1");
    let by_sso = harness.browser();
    is_in(&sign_in(&by_sso, &slug(&ada), "g1", "grace@example.com"), "/");
    // Words and rules change while it is on.
    assert_eq!(change(&ada, 1, &json!({ "label": "Work account" })).json()["status"], "on");
    change(&ada, 1, &json!({ "label": "Late" })).problem(ProblemCode::PreconditionFailed);
    let secret = change(&ada, 2, &json!({ "clientSecret": "rotated" })).json();
    assert_eq!((&secret["status"], secret["settings"].get("testedAt")), (&json!("on"), None));
    by_sso.who_am_i();
    // The secret is not sent to another server than the one that it was typed for.
    let elsewhere = json!({ "issuer": "https://other.example.com" });
    assert_eq!(
        change(&ada, 3, &elsewhere).field_codes(),
        [("clientSecret".to_owned(), "missing".to_owned())]
    );
    assert_eq!(change(&ada, 3, &json!({ "clientId": "another" })).json()["status"], "untested");
    by_sso.send(Method::GET, "/api/v1/session", None).problem(ProblemCode::Unauthenticated);
    ada.who_am_i();
}

#[test]
fn switching_off_and_deleting_end_the_sessions_that_it_began() {
    let (harness, ada) = ready();
    let slug = slug(&ada);
    proved(&harness, &ada.tenant(), "example.com");
    for (method, path, status) in [(Method::POST, "/disable", 200), (Method::DELETE, "", 204)] {
        let by_sso = harness.browser();
        is_in(&sign_in(&by_sso, &slug, "a1", "ada@example.com"), "/");
        assert_eq!(ada.send(method, &format!("{SSO}{path}"), None).status, status);
        by_sso.send(Method::GET, "/api/v1/session", None).problem(ProblemCode::Unauthenticated);
        harness.db.query("UPDATE sso SET enabled = 1");
    }
    assert_eq!(read(&ada)["status"], "notSetUp");
    ada.send(Method::DELETE, SSO, None).problem(ProblemCode::NotFound);
    post(&ada, "disable").problem(ProblemCode::NotFound);
    // The same provider again: who was connected is still.
    harness.outward.next_json(200, description());
    assert_eq!(change(&ada, 0, &settings()).status, 200);
    assert_eq!(ada.send(Method::GET, "/api/v1/session/sso", None).json()["connectedAs"], "ada@example.com");
}

#[test]
fn a_domain_counts_once_the_dns_shows_its_proof_and_for_one_tenant() {
    let (harness, ada) = ready();
    let name = |browser: &Browser, domain: &str| {
        browser.send_json(Method::POST, &format!("{SSO}/domains"), &json!({ "domain": domain }))
    };
    let named = name(&ada, " Example.COM ");
    assert_eq!(named.status, 201);
    let named = named.json();
    assert_eq!(named["recordName"], "_drawbridge.example.com");
    let value = named["recordValue"].as_str().unwrap();
    assert!(value.starts_with("drawbridge-verification=") && value.len() == 67);
    assert_eq!(name(&ada, "example.com").field_codes()[0].1, "taken");
    assert_eq!(name(&ada, "localhost").field_codes()[0].1, "not_a_domain");
    let prove = |browser: &Browser, answer: Json| {
        harness.clock.advance(5 * SECOND);
        harness.outward.next_json(200, answer);
        post(browser, "domains/example.com/prove")
    };
    let shows =
        |text: &str| json!({ "Status": 0, "Answer": [{ "type": 16, "data": format!("\"{text}\"") }] });
    prove(&ada, json!({ "Status": 3 })).problem(ProblemCode::Conflict);
    post(&ada, "domains/example.com/prove").problem(ProblemCode::TooManyRequests);
    prove(&ada, shows("v=spf1 -all")).problem(ProblemCode::Conflict);
    let alias = json!({ "Status": 0, "Answer": [{ "type": 5, "data": value }] });
    prove(&ada, alias).problem(ProblemCode::Conflict);
    prove(&ada, json!({ "Status": 2 })).problem(ProblemCode::ProviderUnavailable);
    prove(&ada, json!([])).problem(ProblemCode::ProviderUnavailable);
    start(&harness.browser(), &format!("tenant={}", slug(&ada)));
    assert!(read(&ada)["domains"][0].get("provedAt").is_none());
    assert!(prove(&ada, shows(value)).json()["provedAt"].is_string());
    let asked = harness.outward.asked.borrow().last().unwrap().url.clone();
    assert_eq!(asked, "http://localhost:9555/dns-query?name=_drawbridge.example.com&type=TXT");
    start(&harness.browser(), "email=somebody@example.com");

    // Another tenant may name it, with a secret of its own, and not prove it.
    let (_, eve) = harness.other_tenant();
    assert_ne!(name(&eve, "example.com").json()["recordValue"], value);
    prove(&eve, shows(value)).problem(ProblemCode::Conflict);
    let own = read(&eve)["domains"][0]["recordValue"].as_str().unwrap().to_owned();
    prove(&eve, shows(&own)).problem(ProblemCode::Conflict);
    assert_eq!(ada.send(Method::DELETE, &format!("{SSO}/domains/example.com"), None).status, 204);
    assert_eq!(prove(&eve, shows(&own)).status, 200);
    post(&ada, "domains/example.com/prove").problem(ProblemCode::NotFound);
    for number in 0..20 {
        assert_eq!(name(&ada, &format!("d{number}.example")).status, 201);
    }
    name(&ada, "one-more.example").problem(ProblemCode::QuotaExceeded);
}

#[test]
fn administrators_read_and_only_global_administrators_change() {
    let (harness, ada) = ready();
    let (_, admin) = harness.add_user(&ada.tenant(), Role::AutomationAdministrator, "aa@example.com");
    let (_, developer) = harness.add_user(&ada.tenant(), Role::Developer, "dev@example.com");
    assert_eq!(read(&admin)["status"], "on");
    developer.send(Method::GET, SSO, None).problem(ProblemCode::NeedsRole);
    change(&admin, 1, &json!({ "autoJoin": true })).problem(ProblemCode::NeedsRole);
    post(&admin, "disable").problem(ProblemCode::NeedsRole);
}

#[test]
fn in_production_the_resolver_is_a_public_one_and_this_machine_is_out_of_reach() {
    let (harness, ada) = ready();
    let production = harness.variant(|services| {
        let settings = &services.settings;
        services.settings = std::rc::Rc::new(crate::services::Settings {
            public_origin: settings.public_origin.clone(),
            ..crate::services::Settings::default()
        });
    });
    let browser = production.browser();
    *browser.cookie.borrow_mut() = ada.cookie.borrow().clone();
    let body = json!({ "issuer": "http://localhost:9555", "clientSecret": "x" });
    assert_eq!(change(&browser, 1, &body).field_codes()[0].1, "not_usable");
    browser.send_json(Method::POST, &format!("{SSO}/domains"), &json!({ "domain": "example.com" }));
    post(&browser, "domains/example.com/prove").problem(ProblemCode::ProviderUnavailable);
    let asked = harness.outward.asked.borrow();
    assert_eq!(
        asked.last().unwrap().url,
        "https://cloudflare-dns.com/dns-query?name=_drawbridge.example.com&type=TXT"
    );
}

/// A proved domain with its secret, looked up by the scheduled run each day.
#[test]
fn a_proof_is_looked_up_every_day_and_its_loss_is_said_and_locks_nobody_out() {
    let (harness, ada) = ready();
    let domains = format!("{SSO}/domains");
    let named = ada.send_json(Method::POST, &domains, &json!({ "domain": "example.com" })).json();
    let shows = |text: &Json| json!({ "Status": 0, "Answer": [{ "type": 16, "data": text }] });
    harness.outward.next_json(200, shows(&named["recordValue"]));
    assert_eq!(post(&ada, "domains/example.com/prove").status, 200);
    let day = |answer: Option<Json>| {
        harness.clock.advance(DAY);
        if let Some(answer) = answer {
            harness.outward.next_json(200, answer);
        }
        pollster::block_on(upkeep::often(&harness.services));
        ada.sign_in("ada@example.com");
        read(&ada)["domains"][0].clone()
    };
    let said = || {
        let rows =
            harness.db.query("SELECT action FROM audit WHERE action LIKE 'sso.domain_%' ORDER BY at, seq");
        rows.iter()
            .skip(2)
            .map(|row| row["action"].as_str().unwrap()["sso.domain_".len()..].to_owned())
            .collect::<Vec<_>>()
    };
    let fine = day(Some(shows(&named["recordValue"])));
    assert_eq!(fine["missing"], false);
    assert_ne!(fine["provedAt"], named["provedAt"]);
    let asked = harness.outward.asked.borrow().len();
    pollster::block_on(upkeep::often(&harness.services));
    assert_eq!(harness.outward.asked.borrow().len(), asked, "once a day");
    // A day without an answer is a fault that passes; two are said, once.
    let seen = day(None);
    assert_eq!((&seen["missing"], &seen["provedAt"]), (&json!(false), &fine["provedAt"]));
    assert_eq!(day(Some(json!({ "Status": 3 })))["missing"], true);
    assert_eq!(day(Some(json!({ "Status": 3 })))["missing"], true);
    assert_eq!(said(), ["missing"]);
    start(&harness.browser(), "email=somebody@example.com");
    let (_, eve) = harness.other_tenant();
    let own = eve.send_json(Method::POST, &domains, &json!({ "domain": "example.com" })).json();
    let take = || {
        harness.clock.advance(5 * SECOND);
        eve.sign_in("eve@example.org");
        harness.outward.next_json(200, shows(&own["recordValue"]));
        post(&eve, "domains/example.com/prove")
    };
    take().problem(ProblemCode::Conflict);
    assert_eq!(day(Some(shows(&named["recordValue"])))["missing"], false);
    // After two weeks whoever proves the domain has it.
    for _ in 0..13 {
        day(Some(json!({ "Status": 3 })));
    }
    take().problem(ProblemCode::Conflict);
    assert_eq!(day(None)["missing"], true);
    assert_eq!(take().status, 200);
    assert!(read(&ada)["domains"][0].get("provedAt").is_none());
    // The last two are of the same moment, in two logs.
    let said = said();
    assert_eq!(said[..4], ["missing", "named", "found", "missing"]);
    assert!(said[4..].contains(&"lost".to_owned()) && said[4..].contains(&"proved".to_owned()), "{said:?}");
}
