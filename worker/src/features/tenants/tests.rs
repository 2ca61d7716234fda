//! Tests of the feature, through the router.

use drawbridge_contract::endpoints as api;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::id::Id;
use drawbridge_domain::role::Role;
use drawbridge_domain::time::DAY;
use http::Method;
use serde_json::{Value as Json, json};

use crate::features::upkeep;
use crate::testing::{Browser, Harness, Interrupt, TestAnswer};

const TENANT: &str = "/api/v1/tenant";
const TENANTS: &str = "/api/v1/tenants";

fn rename(browser: &Browser, version: &str, name: &Json) -> TestAnswer {
    let answer = browser.with("if-match", version).send_json(Method::PATCH, TENANT, &json!({ "name": name }));
    browser.with("if-match", "");
    answer
}

fn make(browser: &Browser, name: &str) -> TestAnswer {
    browser.send_json(Method::POST, TENANTS, &json!({ "name": name }))
}

fn switch(browser: &Browser, tenant: &str) -> TestAnswer {
    browser.send(Method::POST, &format!("{TENANTS}/{tenant}/switch"), None)
}

fn count(harness: &Harness, table: &str) -> usize {
    harness.db.query(&format!("SELECT 1 FROM {table}")).len()
}

#[test]
fn a_tenant_is_renamed_by_who_has_read_it() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let read = browser.send(Method::GET, TENANT, None);
    assert_eq!((read.json()["name"].as_str(), read.header("etag")), (Some("Acme"), Some("\"v1\"")));

    let answer = rename(&browser, "\"v1\"", &json!("  Acme & Sons "));
    assert_eq!((answer.status, answer.header("etag")), (200, Some("\"v2\"")));
    let after = browser.send(Method::GET, TENANT, None);
    assert_eq!((after.json(), after.header("etag")), (answer.json(), Some("\"v2\"")));
    assert_eq!(after.json()["name"], "Acme & Sons");
    assert_eq!(after.json()["slug"], read.json()["slug"], "addresses stay");
    assert_eq!(browser.who_am_i().tenant.name, "Acme & Sons");

    // The same name again changes nothing.
    assert_eq!(rename(&browser, "\"v2\"", &json!("Acme & Sons")).header("etag"), Some("\"v2\""));
    let records = harness.db.query("SELECT changes FROM audit WHERE action = 'tenant.changed'");
    assert_eq!(records.len(), 1);
    let changes: Json = serde_json::from_str(records[0]["changes"].as_str().unwrap()).unwrap();
    assert_eq!(changes, json!({ "name": { "before": "Acme", "after": "Acme & Sons" } }));
}

#[test]
fn a_stale_or_missing_version_changes_nothing() {
    let harness = Harness::new();
    let browser = harness.set_up();
    assert_eq!(rename(&browser, "\"v1\"", &json!("Second")).status, 200);
    let before = harness.db.dump(&[]);
    for stale in ["\"v1\"", "\"v3\"", "\"v-1\"", "*", "W/\"v2\"", "v2", "\"v99999999999999999999\""] {
        rename(&browser, stale, &json!("Third")).problem(ProblemCode::PreconditionFailed);
    }
    rename(&browser, "", &json!("Third")).problem(ProblemCode::PreconditionRequired);
    assert!(harness.db.changed_since(&before).is_empty());

    let (late, interrupt) = Interrupt::browser(&browser);
    interrupt.before("UPDATE tenants SET name", move || {
        assert_eq!(rename(&browser, "\"v2\"", &json!("First come")).status, 200);
    });
    rename(&late, "\"v2\"", &json!("Too late")).problem(ProblemCode::PreconditionFailed);
    assert!(interrupt.done());
    assert_eq!(late.who_am_i().tenant.name, "First come");
}

#[test]
fn each_bad_name_is_told() {
    let harness = Harness::new();
    let browser = harness.set_up();
    for (name, code) in [
        (Json::Null, "wrong_type"),
        (json!(""), "missing"),
        (json!("   "), "missing"),
        (json!("x".repeat(101)), "too_long"),
        (json!("<b>"), "forbidden_character"),
        (json!("a\u{200b}b"), "control_character"),
        (json!(1), "wrong_type"),
    ] {
        let fields = [("name".to_owned(), code.to_owned())];
        // What is null in a change stays as it is.
        if !name.is_null() {
            assert_eq!(rename(&browser, "\"v1\"", &name).field_codes(), fields, "{name}");
        }
        let made = browser.send_json(Method::POST, TENANTS, &json!({ "name": name }));
        assert_eq!(made.field_codes(), fields, "{name}");
    }
    let extra = browser.send_json(Method::POST, TENANTS, &json!({ "name": "x", "slug": "mine" }));
    assert_eq!(extra.field_codes(), [("slug".to_owned(), "unknown_field".to_owned())]);
    assert_eq!(count(&harness, "tenants"), 1);
}

#[test]
fn use_is_counted_for_this_tenant_only() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (other, theirs) = harness.other_tenant();
    harness.add_user(&other, Role::Designer, "dan@example.org");
    for tenant in [other.as_str(), browser.tenant().as_str()] {
        harness.db.query(&format!(
            "INSERT INTO oauth_clients (tenant_id, id, connector, name, client_id, sealed_secret, created_by, created_at)
             VALUES ('{tenant}', 'oac_1', 'box', 'x', 'x', 'x', 'x', 0)"
        ));
    }
    let used = |browser: &Browser| {
        let usage = browser.get::<api::ReadUsage>().ok();
        usage.limits.iter().map(|limit| (limit.used, limit.most)).collect::<Vec<_>>()
    };
    assert_eq!(
        used(&browser),
        [(0, 1000), (1, 10_000), (0, 1000), (1, 500), (0, 20), (0, 500), (0, 10_000), (0, 100)]
    );
    assert_eq!(
        used(&theirs),
        [(0, 1000), (2, 10_000), (0, 1000), (1, 500), (0, 20), (0, 500), (0, 10_000), (0, 100)]
    );
}

#[test]
fn one_makes_another_tenant_and_switches_to_it() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let first = browser.who_am_i();
    let made = make(&browser, "Acme").json();
    assert_ne!(made["slug"], first.tenant.slug.as_str(), "two of one name differ");
    assert_eq!(browser.who_am_i().tenant, first.tenant, "making does not switch");

    let answer = switch(&browser, made["id"].as_str().unwrap());
    assert_eq!(answer.status, 200);
    let me = browser.who_am_i();
    assert_eq!(serde_json::to_value(&me).unwrap(), answer.json());
    assert_eq!((me.tenant.id.as_str(), me.role), (made["id"].as_str().unwrap(), Role::GlobalAdministrator));
    assert_ne!(me.user.id, first.user.id);
    assert_eq!(me.session, first.session, "nobody signs in again");
    let listed = browser.get::<api::ListTenants>().ok().items;
    assert_eq!(listed, me.tenants);
    assert_eq!(listed.len(), 2);

    // Each record stands in its tenant's own chain.
    let records =
        harness.db.query("SELECT tenant_id, seq, action, actor_id FROM audit ORDER BY at, tenant_id, seq");
    let of = |tenant: &str| {
        let own = records.iter().filter(|row| row["tenant_id"] == tenant);
        own.map(|row| json!([row["seq"], row["action"], row["actor_id"]])).collect::<Vec<_>>()
    };
    let (old, new) = (first.user.id.as_str(), me.user.id.as_str());
    assert_eq!(
        of(first.tenant.id.as_str()),
        [json!([1, "tenant.created", old]), json!([2, "session.switched", old])]
    );
    assert_eq!(of(me.tenant.id.as_str()), [json!([1, "tenant.created", new])]);
}

#[test]
fn nobody_switches_to_a_tenant_that_is_not_theirs() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (other, _) = harness.other_tenant();
    let words = |tenant: &str| switch(&browser, tenant).problem(ProblemCode::NotFound).detail;
    assert_eq!(words(other.as_str()), words("ten_00000000010000000000000000"));
    // Nor to one where they are suspended or only invited.
    for state in ["suspended", "invited"] {
        harness.db.query(&format!(
            "INSERT OR REPLACE INTO users
             SELECT '{other}', 'usr_00000000010000000000000000', account_id, email, first_name, last_name, role, '{state}',
               created_at, 1, name_key FROM users WHERE email = 'ada@example.com' AND state = 'active'"
        ));
        assert_eq!(words(other.as_str()), words("ten_00000000010000000000000000"));
        assert_eq!(browser.who_am_i().tenants.len(), 1);
    }
    assert!(harness.db.query("SELECT 1 FROM audit WHERE action = 'session.switched'").is_empty());
}

#[test]
fn the_same_key_makes_one_tenant() {
    let harness = Harness::new();
    let browser = harness.set_up();
    browser.with("idempotency-key", "make-1");
    let first = make(&browser, "Second");
    let again = make(&browser, "Second");
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(
        (first.header("idempotent-replayed"), again.header("idempotent-replayed")),
        (None, Some("true"))
    );
    make(&browser, "Third").problem(ProblemCode::IdempotencyMismatch);
    assert_eq!((count(&harness, "tenants"), count(&harness, "audit")), (2, 2));

    // A key belongs to its user.
    let (_, other) = harness.other_tenant();
    let theirs = make(other.with("idempotency-key", "make-1"), "Second");
    assert_eq!((theirs.status, theirs.header("idempotent-replayed")), (201, None));
    for bad in ["a b", "ä", &"k".repeat(256)] {
        make(browser.with("idempotency-key", bad), "Fourth").problem(ProblemCode::BadRequest);
    }
    assert_eq!(make(browser.with("idempotency-key", &"k".repeat(255)), "Fourth").status, 201);
}

#[test]
fn a_key_is_forgotten_after_a_day() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let first = make(browser.with("idempotency-key", "make-1"), "Second");
    harness.clock.advance(DAY - 1);
    pollster::block_on(upkeep::run(&harness.services));
    let browser = harness.browser_of("ada@example.com");
    assert_eq!(make(browser.with("idempotency-key", "make-1"), "Second").body, first.body);
    harness.clock.advance(2);
    pollster::block_on(upkeep::run(&harness.services));
    assert_eq!(make(&browser, "Second").header("idempotent-replayed"), None);
    assert_eq!(count(&harness, "tenants"), 3);
}

#[test]
fn of_two_with_the_same_key_at_once_one_is_made() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (late, interrupt) = Interrupt::browser(browser.with("idempotency-key", "make-1"));
    interrupt.before("INSERT INTO tenants", move || assert_eq!(make(&browser, "Second").status, 201));
    let second = make(&late, "Second");
    assert_eq!((second.status, second.header("idempotent-replayed")), (201, Some("true")));
    assert!(interrupt.done());
    assert_eq!(
        (count(&harness, "tenants"), count(&harness, "audit"), count(&harness, "idempotency")),
        (2, 2, 1)
    );

    // With another content the one that comes second is told so.
    let harness = Harness::new();
    let browser = harness.set_up();
    let (late, interrupt) = Interrupt::browser(browser.with("idempotency-key", "make-1"));
    interrupt.before("INSERT INTO tenants", move || assert_eq!(make(&browser, "Second").status, 201));
    make(&late, "Third").problem(ProblemCode::IdempotencyMismatch);
    assert_eq!(count(&harness, "tenants"), 2);
}

#[test]
fn who_makes_tokens_reads_their_rules_but_not_the_settings() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (_, developer) = harness.add_user(&browser.tenant(), Role::Developer, "dev@example.com");
    let (_, designer) = harness.add_user(&browser.tenant(), Role::Designer, "dora@example.com");
    let rules = || developer.get::<api::ReadCredentialPolicy>().ok();
    assert_eq!((rules().show_secrets_once, rules().max_token_days), (false, 366));
    let body = json!({ "credentials": { "showSecretsOnce": true, "maxTokenDays": 30 } });
    let change = browser.with("if-match", "\"v1\"").send_json(Method::PATCH, TENANT, &body);
    assert_eq!(change.status, 200);
    assert_eq!((rules().show_secrets_once, rules().max_token_days), (true, 30));
    assert_eq!(developer.send(Method::GET, TENANT, None).status, 403);
    assert_eq!(designer.send(Method::GET, "/api/v1/tenant/credentials", None).status, 403);
}
