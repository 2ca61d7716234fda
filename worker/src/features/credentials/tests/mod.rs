//! Tests of what the scheduled run does for apps and tokens, and of who may give what.

mod climbing;
mod people;

use std::rc::Rc;

use drawbridge_contract::endpoints as api;
use drawbridge_contract::types::live::Topic;
use drawbridge_domain::role::Role;
use drawbridge_domain::time::{DAY, HOUR};
use http::Method;
use serde_json::{Value as Json, json};

use crate::features::upkeep;
use crate::testing::{Browser, Harness};

const K1: &str = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const K2: &str = "k2:HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

#[track_caller]
fn make(browser: &Browser, kind: &str, body: &Json) -> Json {
    let answer = browser.send_json(Method::POST, &format!("/api/v1/{kind}s"), body);
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

fn run(harness: &Harness) {
    pollster::block_on(upkeep::run(&harness.services));
    let log = harness.log.0.borrow();
    assert!(!log.iter().any(|line| line.contains("\"upkeep\"")), "{:?}", log.last());
}

/// The events of a kind of act, as the audit log has them: days and name.
fn notices(harness: &Harness) -> Vec<String> {
    let rows = harness.db.query(
        "SELECT action, actor_type, object_name, changes FROM audit WHERE action LIKE '%.expiring' ORDER BY at, object_name DESC",
    );
    let words = |row: &Json| {
        assert_eq!(row["actor_type"], "system");
        let changes: Json = serde_json::from_str(row["changes"].as_str().unwrap()).unwrap();
        format!(
            "{} {} {}",
            row["action"].as_str().unwrap(),
            row["object_name"].as_str().unwrap(),
            changes["days"]["after"]
        )
    };
    rows.iter().map(words).collect()
}

#[test]
fn each_notice_is_told_once_and_reaches_webhooks() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let hook =
        json!({ "name": "Desk", "url": "https://hooks.example.net", "events": ["credential.expiring"] });
    make(&browser, "webhook", &hook);
    let now = harness.services.now();
    make(&browser, "app", &json!({ "name": "App", "expiresAt": now.plus(40 * DAY) }));
    make(&browser, "token", &json!({ "name": "Token", "expiresAt": now.plus(7 * DAY) }));
    make(&browser, "app", &json!({ "name": "Endless" }));
    let (_, other) = harness.other_tenant();
    make(&other, "token", &json!({ "name": "Theirs", "expiresAt": now.plus(31 * DAY) }));
    run(&harness);
    assert!(notices(&harness).is_empty(), "who says 7 days need not be told 7 days");
    harness.clock.advance(6 * DAY + HOUR);
    run(&harness);
    assert_eq!(notices(&harness), ["token.expiring Token 1", "token.expiring Theirs 30"].map(str::to_owned));
    run(&harness);
    assert_eq!(notices(&harness).len(), 2, "once");
    let sent = harness.db.query("SELECT body FROM webhook_deliveries WHERE event = 'credential.expiring'");
    assert_eq!(sent.len(), 1, "another tenant's is not told here");
    let body: Json = serde_json::from_str(sent[0]["body"].as_str().unwrap()).unwrap();
    assert_eq!((&body["data"]["token"]["name"], &body["data"]["days"]), (&json!("Token"), &json!(1)));
    assert_eq!(body["data"]["expiresAt"], json!(now.plus(7 * DAY)));
    assert_eq!(body["data"]["owner"]["name"], "Ada Lovelace");

    // A run that comes late tells the one that counts now.
    harness.clock.advance(28 * DAY);
    run(&harness);
    assert_eq!(notices(&harness)[2..], ["app.expiring App 7".to_owned()]);
    // A new end begins anew; one that is disabled is nobody's worry.
    let browser = harness.browser_of("ada@example.com");
    let id = harness.db.query("SELECT id FROM apps WHERE name = 'App'")[0]["id"].as_str().unwrap().to_owned();
    let end = harness.services.now().plus(20 * DAY);
    browser.with("if-match", "\"v1\"");
    let answer =
        browser.send_json(Method::PATCH, &format!("/api/v1/apps/{id}"), &json!({ "expiresAt": end }));
    assert_eq!(answer.status, 200, "{}", answer.text());
    browser.plain();
    harness.clock.advance(14 * DAY);
    run(&harness);
    assert_eq!(notices(&harness)[3..], ["app.expiring App 7".to_owned()]);
    let browser = harness.browser_of("ada@example.com");
    assert_eq!(
        browser.send_json(Method::POST, &format!("/api/v1/apps/{id}/disable"), &json!({})).status,
        200
    );
    harness.clock.advance(5 * DAY + HOUR);
    run(&harness);
    assert_eq!(notices(&harness).len(), 4);
}

#[test]
fn many_notices_are_told_in_one_run_and_found_by_their_index() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (tenant, user) = (browser.tenant(), browser.who_am_i().user.id);
    let end = harness.services.now().plus(5 * DAY).millis();
    harness.db.script(&format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250)
         INSERT INTO tokens (tenant_id, id, user_id, name, scopes, addresses, made_at, expires_at, secret_hash, secret_hint,
           created_at)
         SELECT '{tenant}', 'pat_' || i, '{user}', 'x', 'full', '[]', 0, {end} + i, 'h' || i, '', 0 FROM n"
    ));
    run(&harness);
    assert_eq!(notices(&harness).len(), 250);
    let batches = harness.db.batches.borrow();
    for (part, index) in [
        ("FROM apps\n         WHERE expires_at > ?1", "apps_by_end"),
        ("FROM tokens t JOIN users u", "tokens_by_end"),
        ("UPDATE apps SET previous_hash = NULL", "apps_by_grace"),
        ("UPDATE tokens SET previous_hash = NULL", "tokens_by_grace"),
        (
            "UPDATE tokens SET sealed_secret = NULL\n             WHERE revoked_at IS NULL AND expires_at",
            "tokens_by_end",
        ),
    ] {
        let found = batches.iter().flatten().find(|statement| statement.sql.contains(part));
        let plan = harness.db.plan(found.unwrap_or_else(|| panic!("{part}")));
        assert!(
            plan[0].contains(index) && !plan.iter().any(|step| step.contains("FOR ORDER BY")),
            "{plan:?}"
        );
    }
}

#[test]
fn secrets_that_ended_are_destroyed() {
    let harness = Harness::new();
    let browser = harness.set_up();
    for (kind, path) in [("app", "apps"), ("token", "tokens")] {
        let id = make(&browser, kind, &json!({ "name": "x" }))[kind]["id"].as_str().unwrap().to_owned();
        let rotate = format!("/api/v1/{path}/{id}/rotate");
        assert_eq!(browser.send_json(Method::POST, &rotate, &json!({ "grace": "hour" })).status, 200);
    }
    let left = |what: &str| {
        let sql = format!("SELECT 1 FROM apps WHERE {what} UNION ALL SELECT 1 FROM tokens WHERE {what}");
        harness.db.query(&sql).len()
    };
    harness.clock.advance(HOUR - 1);
    run(&harness);
    assert_eq!(left("previous_hash IS NOT NULL AND sealed_previous IS NOT NULL"), 2);
    harness.clock.advance(1);
    run(&harness);
    assert_eq!(
        left("previous_hash IS NOT NULL OR sealed_previous IS NOT NULL OR previous_until IS NOT NULL"),
        0
    );
    assert_eq!(left("sealed_secret IS NOT NULL"), 2);
    harness.clock.advance(366 * DAY);
    run(&harness);
    assert_eq!(left("sealed_secret IS NOT NULL"), 1, "the token is over, the app has no end");
}

#[test]
fn a_new_master_key_seals_them_again_and_the_old_one_can_go() {
    let first = Harness::new();
    let browser = first.set_up();
    let app = make(&browser, "app", &json!({ "name": "App" }));
    let token = make(&browser, "token", &json!({ "name": "Token" }));
    let rotate = format!("/api/v1/apps/{}/rotate", app["app"]["id"].as_str().unwrap());
    let second = browser.send_json(Method::POST, &rotate, &json!({ "grace": "week" })).json();
    let moved = |harness: &Rc<Harness>| Browser {
        harness: Rc::clone(harness),
        cookie: browser.cookie.clone(),
        headers: std::cell::RefCell::default(),
        token: std::cell::RefCell::default(),
    };
    let both = Harness::with_keys(Rc::clone(&first.db), &format!("{K2},{K1}"));
    run(&both);
    assert_eq!(both.db.query("SELECT key_id FROM master_key_checks"), [json!({ "key_id": "k2" })]);
    let later = Harness::with_keys(Rc::clone(&first.db), K2);
    let browser = moved(&later);
    let show = |path: &str, id: &Json| {
        browser.send(Method::GET, &format!("/api/v1/{path}/{}/secret", id.as_str().unwrap()), None).json()
    };
    let shown = show("apps", &app["app"]["id"]);
    assert_eq!((&shown["clientSecret"], &shown["previous"]), (&second["secret"], &app["secret"]));
    assert_eq!(show("tokens", &token["token"]["id"])["secret"], token["secret"]);
}

#[test]
fn changes_are_told_to_those_who_may_see_them() {
    let harness = Harness::new();
    let admin = harness.set_up();
    let (user, developer) = harness.add_user(&admin.tenant(), Role::Developer, "dev@example.com");
    let last = || harness.feeds.told.borrow().last().unwrap().1.clone();
    make(&developer, "token", &json!({ "name": "Token" }));
    let notice: Json = serde_json::from_str(&last()).unwrap();
    let of = |notice: &Json, topic: &str| {
        notice["changes"].as_array().unwrap().iter().find(|told| told["change"]["topic"] == topic).cloned()
    };
    assert_eq!(of(&notice, "tokens").unwrap()["to"]["users"], json!([user]));
    make(&admin, "app", &json!({ "name": "App" }));
    let notice: Json = serde_json::from_str(&last()).unwrap();
    assert_eq!(of(&notice, "apps").unwrap()["to"]["users"], Json::Null);
    assert_eq!(Topic::Apps.needs(), Role::Developer);
    let suspend = format!("/api/v1/users/{user}/suspend");
    assert_eq!(admin.send_json(Method::POST, &suspend, &json!({})).status, 200);
    assert!(of(&serde_json::from_str(&last()).unwrap(), "tokens").is_some(), "its status is another");
    admin.get::<api::ReadSession>().ok();
}
