//! Registering, listing and reading.

use drawbridge_contract::problem::ProblemCode;
use http::Method;
use serde_json::{Value as Json, json};

use super::super::{secret_place, store};
use super::{ALL, SECRET, at, audited, body, body_with, client_of, connect, register};
use crate::testing::{Harness, Interrupt};

#[test]
fn a_registered_client_is_sealed_listed_and_read_without_its_secret() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let me = browser.who_am_i();
    let answer = browser.send_json(Method::POST, ALL, &body());
    assert_eq!((answer.status, answer.header("etag")), (201, Some("\"v1\"")));
    let client = client_of(&answer);
    assert_eq!(client.redirect_url, "https://drawbridge.example/oauth/callback");
    assert_eq!((client.created_by.id.clone(), client.created_by.name.as_str()), (me.user.id, "Ada Lovelace"));
    connect(&harness, &client, "con_1");

    let read = browser.send(Method::GET, &at(&client), None);
    assert_eq!(read.header("etag"), Some("\"v1\""));
    let list = browser.send(Method::GET, ALL, None);
    assert_eq!(list.json()["items"][0], read.json());
    let expected = {
        let mut client = client.clone();
        client.connections = 1;
        client
    };
    assert_eq!(client_of(&read), expected);
    for text in [&answer.body, &read.body, &list.body] {
        assert!(!String::from_utf8_lossy(text).contains("ecret"));
    }

    let services = &harness.services;
    let flow = |connector: &str| {
        pollster::block_on(store::find_for_flow(services, &me.tenant.id, connector, &client.id)).unwrap()
    };
    let found = flow("sandbox-crm").unwrap();
    assert_eq!((found.name.as_str(), found.client_id.as_str()), ("Main", "abc-123"));
    let opened =
        services.vault.open(secret_place(&me.tenant.id, &client.id), &found.sealed_secret).ok().unwrap();
    assert_eq!(opened.text(), Some(SECRET));
    assert!(flow("box").is_none(), "a client serves its own connector only");

    let records = audited(&harness, "oauth_client.created");
    assert_eq!(
        records,
        [json!({
            "connector": { "after": "sandbox-crm" }, "name": { "after": "Main" },
            "clientId": { "after": "abc-123" }, "clientSecret": { "changed": true },
        })]
    );
}

#[test]
fn each_bad_field_is_told_and_nothing_is_written() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let long = |count: usize| Json::from("x".repeat(count));
    let cases: Vec<(&str, Json, &str)> = vec![
        ("connector", Json::Null, "missing"),
        ("connector", json!(""), "missing"),
        ("connector", json!("nothing"), "unknown_value"),
        ("connector", json!("http"), "no_sign_in"),
        ("connector", json!(1), "wrong_type"),
        ("name", Json::Null, "missing"),
        ("name", json!(" \t "), "missing"),
        ("name", long(101), "too_long"),
        ("name", json!("a<b"), "forbidden_character"),
        ("name", json!("a\u{202e}b"), "control_character"),
        ("name", json!(["a"]), "wrong_type"),
        ("clientId", Json::Null, "missing"),
        ("clientId", json!(""), "missing"),
        ("clientId", long(256), "too_long"),
        ("clientId", json!("a b"), "forbidden_character"),
        ("clientId", json!("a\u{0}b"), "control_character"),
        ("clientSecret", Json::Null, "missing"),
        ("clientSecret", json!(""), "missing"),
        ("clientSecret", json!("  "), "missing"),
        ("clientSecret", long(2001), "too_long"),
        ("clientSecret", json!("a\u{7}b"), "control_character"),
        ("clientSecret", json!({ "a": 1 }), "wrong_type"),
        ("extra", json!(1), "unknown_field"),
    ];
    for (field, value, code) in cases {
        let answer = browser.send_json(Method::POST, ALL, &body_with(field, value.clone()));
        assert_eq!(answer.field_codes(), [(field.to_owned(), code.to_owned())], "{field} {value}");
    }
    let answer = browser.send_json(
        Method::POST,
        ALL,
        &json!({ "connector": "", "name": "", "clientId": "", "clientSecret": "" }),
    );
    assert_eq!(answer.field_codes().len(), 4, "all faults are told at once");
    assert!(harness.db.query("SELECT 1 FROM oauth_clients").is_empty());
    assert!(audited(&harness, "oauth_client.created").is_empty());

    for (field, value) in [
        ("name", json!("é".repeat(100))),
        ("name", json!("لوحة 🚀 \"quoted\"")),
        ("clientId", long(255)),
        ("clientSecret", long(2000)),
        ("clientSecret", json!("pässwörd with blanks")),
    ] {
        client_of(&browser.send_json(Method::POST, ALL, &body_with(field, value)));
    }
}

#[test]
fn the_list_is_paged_and_filtered_by_connector() {
    let harness = Harness::new();
    let browser = harness.set_up();
    for connector in ["box", "sandbox-crm", "box", "sandbox-crm", "box"] {
        harness.clock.advance(1);
        client_of(&browser.send_json(Method::POST, ALL, &body_with("connector", json!(connector))));
    }
    let walk = |filter: &str, size: usize| {
        let (mut pages, mut cursor) = (Vec::new(), String::new());
        loop {
            let page =
                browser.send(Method::GET, &format!("{ALL}?pageSize={size}{filter}{cursor}"), None).json();
            let items = page["items"].as_array().unwrap();
            pages.push(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>());
            let Some(next) = page["nextCursor"].as_str() else { return pages };
            cursor = format!("&cursor={next}");
        }
    };
    let all = walk("", 200).concat();
    assert_eq!(all.len(), 5);
    let lengths = |pages: Vec<Vec<String>>| pages.iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(walk("", 2).concat(), all);
    assert_eq!(lengths(walk("", 2)), [2, 2, 1]);
    assert_eq!(lengths(walk("", 5)), [5], "a full last page has no next one");
    assert_eq!(lengths(walk("&connector=box", 2)), [2, 1]);
    assert_eq!(lengths(walk("&connector=nothing", 2)), [0]);

    for (query, path, code) in [
        ("cursor=x", "cursor", "bad_cursor"),
        ("pageSize=0", "pageSize", "bad_value"),
        ("pageSize=201", "pageSize", "bad_value"),
        ("pageSize=-1", "pageSize", "bad_value"),
        ("pageSize=many", "pageSize", "bad_value"),
        ("pagesize=5", "pagesize", "unknown_field"),
        ("connector=box&connector=http", "connector", "repeated"),
    ] {
        let answer = browser.send(Method::GET, &format!("{ALL}?{query}"), None);
        assert_eq!(answer.field_codes(), [(path.to_owned(), code.to_owned())], "{query}");
    }
}

#[test]
fn the_limit_holds_within_the_batch() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let first = register(&browser);
    harness.db.query(
        "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 499)
         INSERT INTO oauth_clients (tenant_id, id, connector, name, client_id, sealed_secret, created_by, created_at)
         SELECT tenant_id, 'oac_' || i, connector, name, client_id, sealed_secret, created_by, created_at
         FROM oauth_clients, n",
    );
    // The last place, wanted by two at the same moment.
    let (late, interrupt) = Interrupt::browser(&browser);
    interrupt.before("INSERT INTO oauth_clients", move || {
        register(&browser);
    });
    let refused = late.send_json(Method::POST, ALL, &body()).problem(ProblemCode::QuotaExceeded);
    assert!(interrupt.done() && refused.detail.contains("500"), "{}", refused.detail);
    assert_eq!(harness.db.query("SELECT 1 FROM oauth_clients").len(), 500);
    assert_eq!(audited(&harness, "oauth_client.created").len(), 2);

    assert_eq!(late.send(Method::DELETE, &at(&first), None).status, 204);
    register(&late);
}

#[test]
fn another_tenants_clients_do_not_count() {
    let harness = Harness::new();
    let browser = harness.set_up();
    harness.db.query(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
         INSERT INTO oauth_clients (tenant_id, id, connector, name, client_id, sealed_secret, created_by, created_at)
         SELECT tenants.id, 'oac_' || i, 'box', 'x', 'x', 'x', 'x', 0 FROM tenants, n",
    );
    browser.send_json(Method::POST, ALL, &body()).problem(ProblemCode::QuotaExceeded);
    let (_, theirs) = harness.other_tenant();
    register(&theirs);
}

#[test]
fn the_same_key_registers_once() {
    let harness = Harness::new();
    let browser = harness.set_up();
    browser.with("idempotency-key", "k1");
    let first = browser.send_json(Method::POST, ALL, &body());
    let again = browser.send_json(Method::POST, ALL, &body());
    assert_eq!((again.status, again.header("idempotent-replayed")), (201, Some("true")));
    assert_eq!((&again.body, again.header("etag")), (&first.body, Some("\"v1\"")));
    let other = browser.send_json(Method::POST, ALL, &body_with("name", json!("Other")));
    other.problem(ProblemCode::IdempotencyMismatch);

    // Two at once with a new key: the one that comes second is answered what the first made.
    let (late, interrupt) = Interrupt::browser(browser.with("idempotency-key", "k2"));
    interrupt.before("INSERT INTO oauth_clients", move || {
        register(&browser);
    });
    let second = late.send_json(Method::POST, ALL, &body());
    assert_eq!(second.header("idempotent-replayed"), Some("true"));
    assert!(interrupt.done());
    assert_eq!(harness.db.query("SELECT 1 FROM oauth_clients").len(), 2);
}
