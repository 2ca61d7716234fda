//! Making a connection with fixed credentials.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::SecretText;
use drawbridge_domain::connection::Status;
use http::Method;
use serde_json::json;

use super::{ada, by_key, by_sign_in, made, make, read};
use crate::ports::OutwardError;
use crate::testing::Harness;

#[test]
fn a_connection_is_proved_before_it_is_made() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "  Contacts ");
    assert_eq!(connection.summary.name, "Contacts");
    assert_eq!(connection.summary.state.status, Status::Active);
    assert_eq!(connection.connected_as.as_ref().unwrap().name.as_deref(), Some("Ada Lovelace"));
    assert_eq!(connection.verified_by.as_deref(), Some("GET /generic/me"));
    assert_eq!(read(&browser, &connection).ok(), connection, "what is answered is what is stored");
    let asked = harness.outward.asked.borrow();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].url, "http://localhost:9555/generic/me");
    assert_eq!(asked[0].headers["x-api-key"], "sandbox-key-ada");
}

#[test]
fn credentials_that_do_not_work_make_nothing() {
    let harness = Harness::new();
    let browser = harness.set_up();
    harness
        .outward
        .next_json(401, json!({ "error": "invalid", "error_description": "No sandbox-key-ada here" }));
    let problem = make(&browser, &by_key("Contacts")).raw.problem(ProblemCode::CredentialsRefused);
    assert!(problem.detail.contains("No … here"), "the secret is not repeated: {}", problem.detail);
    harness.outward.next_json(500, json!({}));
    make(&browser, &by_key("Contacts")).raw.problem(ProblemCode::ProviderUnavailable);
    harness.outward.next(|_| Err(OutwardError::TimedOut));
    make(&browser, &by_key("Contacts")).raw.problem(ProblemCode::ProviderUnavailable);
    harness.outward.next_json(200, json!({ "error": "broken" }));
    make(&browser, &by_key("Contacts")).raw.problem(ProblemCode::ProviderUnavailable);
    for table in ["connections", "connection_secrets", "connection_grants", "connection_events"] {
        assert!(harness.db.query(&format!("SELECT 1 FROM {table}")).is_empty(), "{table}");
    }
}

#[test]
fn secrets_are_sealed_and_never_answered() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "Contacts");
    let stored = format!("{:?}", harness.db.query("SELECT * FROM connection_secrets, connections, audit"));
    assert!(!stored.contains("sandbox-key-ada"));
    let answer = read(&browser, &connection);
    assert!(!String::from_utf8_lossy(&answer.raw.body).contains("sandbox-key-ada"));
    assert!(harness.log.0.borrow().iter().all(|line| !line.contains("sandbox-key-ada")));
}

#[test]
fn all_bad_fields_are_told_at_once() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let mut body = by_key("a/b");
    body.credentials.clear();
    body.credentials.insert("nothing".to_owned(), SecretText::new("x".to_owned()));
    body.settings.insert("apiKey".to_owned(), "not a secret's place".to_owned());
    let codes = make(&browser, &body).raw.field_codes();
    let expect = [
        ("name", "forbidden_character"),
        ("credentials.apiKey", "missing"),
        ("settings.apiKey", "unknown_field"),
        ("credentials.nothing", "unknown_field"),
    ];
    let mut codes: Vec<_> = codes.iter().map(|(path, code)| (path.as_str(), code.as_str())).collect();
    codes.retain(|pair| pair != &("credentials.apiKey", "required"));
    for pair in expect.iter().filter(|pair| pair.0 != "credentials.apiKey") {
        assert!(codes.contains(pair), "{pair:?} in {codes:?}");
    }
    assert!(harness.outward.asked.borrow().is_empty());
    let mut body = by_key("x");
    body.connector = "nothing".to_owned();
    assert_eq!(make(&browser, &body).raw.field_codes()[0].0, "connector");
    let mut body = by_key("x");
    body.auth = "nothing".to_owned();
    assert_eq!(make(&browser, &body).raw.field_codes()[0].0, "auth");
}

#[test]
fn names_are_judged_character_by_character() {
    let harness = Harness::new();
    let browser = harness.set_up();
    for character in "<>\"'\\/{}[]%$#*^!@~?=,;`".chars() {
        let codes = make(&browser, &by_key(&format!("a{character}b"))).raw.field_codes();
        assert_eq!(codes, [("name".to_owned(), "forbidden_character".to_owned())]);
    }
    for (name, code) in [
        ("", "missing"),
        ("  ", "missing"),
        ("a\u{202e}b", "control_character"),
        ("a\u{7}b", "control_character"),
    ] {
        assert_eq!(make(&browser, &by_key(name)).raw.field_codes()[0].1, code);
    }
    assert_eq!(make(&browser, &by_key(&"x".repeat(101))).raw.field_codes()[0].1, "too_long");
    made(&harness, &browser, "מכירות 🚀");
}

#[test]
fn inward_addresses_are_not_called() {
    let harness = Harness::new();
    let browser = harness.set_up();
    for base in [
        "https://localhost",
        "https://127.0.0.1",
        "https://169.254.169.254",
        "https://10.1.2.3",
        "https://[::1]",
        "https://intranet",
        "http://example.com",
    ] {
        let answer = browser.send_json(
            Method::POST,
            "/api/v1/connections",
            &json!({ "connector": "http", "name": "x", "auth": "bearer", "credentials": { "token": "abcdef" },
                     "settings": { "baseUrl": base, "validationPath": "/me" } }),
        );
        assert!([422, 502].contains(&answer.status), "{base}: {}", String::from_utf8_lossy(&answer.body));
    }
    assert!(harness.outward.asked.borrow().is_empty());
}

#[test]
fn every_fixed_way_puts_its_credentials_where_they_belong() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let cases = [
        (
            "api-key-header",
            json!({ "keyName": "X-Key", "keyPrefix": "Token" }),
            json!({ "apiKey": "k3y-k3y" }),
        ),
        ("api-key-query", json!({ "keyName": "key" }), json!({ "apiKey": "k3y&k3y" })),
        ("basic", json!({ "username": "ada" }), json!({ "password": "pa:ss word" })),
        ("bearer", json!({}), json!({ "token": "t0ken" })),
    ];
    for (auth, settings, credentials) in cases {
        let mut settings = settings;
        settings["baseUrl"] = "https://api.example.com/v1".into();
        settings["validationPath"] = "/me".into();
        harness.outward.next_json(200, ada());
        let answer = browser.send_json(
            Method::POST,
            "/api/v1/connections",
            &json!({ "connector": "http", "name": auth, "auth": auth, "settings": settings, "credentials": credentials }),
        );
        assert_eq!(answer.status, 201, "{auth}: {}", String::from_utf8_lossy(&answer.body));
    }
    let asked = harness.outward.asked.borrow();
    assert_eq!(asked[0].headers["x-key"], "Token k3y-k3y");
    assert_eq!(asked[1].url, "https://api.example.com/v1/me?key=k3y%26k3y");
    assert_eq!(asked[2].headers["authorization"], "Basic YWRhOnBhOnNzIHdvcmQ=");
    assert_eq!(asked[3].headers["authorization"], "Bearer t0ken");
    assert!(asked.iter().all(|request| request.url.starts_with("https://api.example.com/v1/me")));
}

#[test]
fn the_same_key_makes_one_connection() {
    let harness = Harness::new();
    let browser = harness.set_up();
    browser.with("idempotency-key", "once");
    let first = made(&harness, &browser, "Contacts");
    let second = make(&browser, &by_key("Contacts"));
    assert_eq!(second.raw.header("idempotent-replayed"), Some("true"));
    assert_eq!(second.raw.header("etag"), Some("\"v2\""));
    assert_eq!(second.ok(), first);
    make(&browser, &by_key("Other")).raw.problem(ProblemCode::IdempotencyMismatch);
    assert_eq!(harness.db.query("SELECT id FROM connections").len(), 1);
}

#[test]
fn a_tenant_has_at_most_so_many_connections() {
    let harness = Harness::new();
    let browser = harness.set_up();
    made(&harness, &browser, "First");
    harness.db.query(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
         INSERT INTO connections (tenant_id, id, name, name_key, connector, auth, settings, status, reason, status_since, created_by, created_at)
         SELECT tenant_id, 'con_' || i, 'n', 'n', connector, auth, '{}', 'active', 'proved', 0, created_by, 0 FROM n, connections WHERE name = 'First'",
    );
    harness.outward.next_json(200, ada());
    let problem = make(&browser, &by_key("One too many")).raw.problem(ProblemCode::QuotaExceeded);
    assert!(problem.detail.contains("1000"), "{}", problem.detail);
}

#[test]
fn an_oauth_client_is_asked_for_where_one_is_needed_and_only_there() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let mut body = by_sign_in("Box");
    body.connector = "box".to_owned();
    assert_eq!(make(&browser, &body).raw.field_codes(), [("oauthClient".to_owned(), "missing".to_owned())]);
    let pending = make(&browser, &by_sign_in("Sandbox")).ok();
    assert_eq!(pending.summary.state.status, Status::Pending);
    assert!(pending.pending_until.is_some());
}
