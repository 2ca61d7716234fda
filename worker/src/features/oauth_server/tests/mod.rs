//! Tests of the authorization server: for every MUST of its RFCs that concerns us, one (docs/SECURITY.md lists them).

mod clients;
mod introspect;
mod keys;
mod published;
mod revoke;
mod token;
mod verify;

use std::rc::Rc;

use drawbridge_domain::credential::{CLIENT_SECRET, PERSONAL_TOKEN, written};
use drawbridge_domain::id::{AppId, Id, TenantId, UserId};
use drawbridge_domain::scopes::ApiScopes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::{Value as Json, json};
use url::Url;

use crate::encoding::{base64, from_base64url};
use crate::features::authority::keyed_hash;
use crate::http::{Body, Incoming, Outgoing, handle};
use crate::testing::{Browser, Harness, ORIGIN, TestAnswer, in_pieces};

const FORM: &str = "application/x-www-form-urlencoded";
const GRANT: &str = "grant_type=client_credentials";

/// A tenant with an app.
struct World {
    harness: Rc<Harness>,
    admin: Browser,
    tenant: TenantId,
    app: TestApp,
}

/// An app and its secret.
struct TestApp {
    id: AppId,
    secret: String,
}

impl TestApp {
    /// The Basic header of somebody who knows the secret.
    fn basic(&self) -> String {
        basic(&format!("{}:{}", self.id, self.secret))
    }
}

fn basic(pair: &str) -> String {
    format!("Basic {}", base64(pair.as_bytes()))
}

impl World {
    fn new() -> Self {
        let harness = Harness::new();
        let admin = harness.set_up();
        let tenant = admin.tenant();
        let app = add_app(&harness, &tenant, "full", "EdDSA");
        Self { harness, admin, tenant, app }
    }

    /// The answer to a form of the app, proved by its Basic header.
    fn form(&self, path: &str, body: &str) -> TestAnswer {
        post(&self.harness, path, &[("authorization", &self.app.basic())], body)
    }

    /// A token of the app.
    #[track_caller]
    fn token(&self) -> String {
        token_of(&self.harness, &self.app, "")
    }

    fn set(&self, change: &str) {
        alter(&self.harness, &format!("UPDATE apps SET {change} WHERE id = '{}'", self.app.id));
    }
}

/// A form to an address, with these headers beside its media type.
fn post(harness: &Harness, path: &str, headers: &[(&'static str, &str)], body: &str) -> TestAnswer {
    let mut all = vec![("content-type", FORM)];
    all.extend(headers);
    send(harness, Method::POST, path, &all, body)
}

fn send(
    harness: &Harness,
    method: Method,
    path: &str,
    headers: &[(&'static str, &str)],
    body: &str,
) -> TestAnswer {
    let mut map = HeaderMap::new();
    map.insert("cf-connecting-ip", HeaderValue::from_static("192.0.2.7"));
    for (name, value) in headers {
        map.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    }
    let incoming = Incoming {
        method,
        url: Url::parse(ORIGIN).unwrap().join(path).unwrap(),
        headers: map,
        body: Body::Stream(in_pieces(body.as_bytes())),
        country: "NL".to_owned(),
    };
    let (parts, body) = pollster::block_on(handle(&harness.router, &harness.services, incoming)).into_parts();
    let Outgoing::Whole(body) = body else { panic!("no whole answer") };
    TestAnswer { status: parts.status.as_u16(), headers: parts.headers, body }
}

/// The answer as the error that it must be, told in the way that every error is (RFC 6749 §5.2).
#[track_caller]
fn fault(answer: &TestAnswer, status: u16, code: &str) {
    let body = answer.json();
    assert_eq!((answer.status, body["error"].as_str()), (status, Some(code)), "{}", answer.text());
    let words = body["error_description"].as_str().unwrap();
    let plain = |byte: u8| matches!(byte, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    assert!(words.bytes().all(plain) && !words.contains("dbr_"), "{words}");
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("pragma"), Some("no-cache"));
    assert_eq!(answer.header("access-control-allow-origin"), None);
    assert_eq!(answer.header("set-cookie"), None);
    let asks = "Basic realm=\"Drawbridge\", charset=\"UTF-8\"";
    assert_eq!(answer.header("www-authenticate"), (status == 401).then_some(asks));
}

#[track_caller]
fn token_of(harness: &Harness, app: &TestApp, more: &str) -> String {
    let answer = post(harness, "/oauth/token", &[("authorization", &app.basic())], &format!("{GRANT}{more}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

/// Header and claims of a token.
fn taken_apart(token: &str) -> (Json, Json) {
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts.len(), 3);
    let json = |part: &str| serde_json::from_slice(&from_base64url(part).unwrap()).unwrap();
    (json(parts[0]), json(parts[1]))
}

fn secret(harness: &Harness, prefix: &'static str) -> (String, String) {
    let (secret, _) = written(prefix, &harness.services.random_bytes::<64>().unwrap()).unwrap();
    let hash = pollster::block_on(keyed_hash(&harness.services, &secret)).unwrap();
    (secret, hash)
}

fn add_app(harness: &Harness, tenant: &TenantId, scopes: &str, algorithm: &str) -> TestApp {
    let rows = harness.db.query(&format!("SELECT id FROM users WHERE tenant_id = '{tenant}' LIMIT 1"));
    let user = UserId::parse(rows[0]["id"].as_str().unwrap()).unwrap();
    let (id, secret) = harness.insert_app(tenant, &user, ApiScopes::from_stored(scopes));
    harness.db.script(&format!("UPDATE apps SET token_algorithm = '{algorithm}' WHERE id = '{id}'"));
    TestApp { id, secret }
}

/// Changes what stands in the database, and has nobody remember what stood there.
fn alter(harness: &Harness, sql: &str) {
    harness.db.script(sql);
    harness.authorities.forget();
}

/// Every test that the table in docs/SECURITY.md names is there.
#[test]
fn the_table_of_what_must_be_names_tests_that_exist() {
    let table = include_str!("../../../../../docs/SECURITY.md").split_once("| RFC | section |").unwrap().1;
    let table = table.split_once("\n\n").unwrap().0;
    let source = [
        include_str!("clients.rs"),
        include_str!("introspect.rs"),
        include_str!("keys.rs"),
        include_str!("published.rs"),
        include_str!("revoke.rs"),
        include_str!("token.rs"),
        include_str!("verify.rs"),
        include_str!("../../authority/tests/bearing.rs"),
        include_str!("../../authority/tests/changing.rs"),
        include_str!("../../../http/tests/credentials.rs"),
    ]
    .concat();
    let rows: Vec<&str> = table.lines().skip(2).collect();
    assert!(rows.len() > 30);
    for row in rows {
        let tests = row.trim_end_matches(" |").rsplit_once("| ").unwrap().1;
        for test in tests.split(", ") {
            let name = test.trim_matches('`');
            assert!(source.contains(&format!("#[test]\nfn {name}() {{")), "{row}");
        }
    }
}

fn inactive() -> Json {
    json!({ "active": false })
}
