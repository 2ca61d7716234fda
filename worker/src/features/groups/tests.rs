//! Tests of the feature, through the router.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::role::Role;
use http::Method;
use serde_json::{Value as Json, json};

use crate::testing::{Browser, Harness, Interrupt, TestAnswer};

const GROUPS: &str = "/api/v1/groups";

fn make(browser: &Browser, name: &str) -> TestAnswer {
    browser.send_json(Method::POST, GROUPS, &json!({ "name": name, "description": "For sales" }))
}

fn made(browser: &Browser, name: &str) -> String {
    let answer = make(browser, name);
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    format!("{GROUPS}/{}", answer.json()["id"].as_str().unwrap())
}

fn patch(browser: &Browser, target: &str, version: &str, body: &Json) -> TestAnswer {
    let answer = browser.with("if-match", version).send_json(Method::PATCH, target, body);
    browser.plain();
    answer
}

fn names(answer: &TestAnswer) -> Vec<String> {
    let items = answer.json()["items"].as_array().unwrap().clone();
    items.iter().map(|item| item["name"].as_str().or(item["email"].as_str()).unwrap().to_owned()).collect()
}

#[test]
fn a_group_is_made_changed_and_deleted() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let group = made(&browser, " Sales ");
    let read = browser.send(Method::GET, &group, None);
    assert_eq!((read.json()["name"].as_str(), read.header("etag")), (Some("Sales"), Some("\"v1\"")));
    assert_eq!(read.json()["members"], 0);
    let changed = patch(&browser, &group, "\"v1\"", &json!({ "name": "Sales EU", "description": "" }));
    assert_eq!((changed.status, changed.header("etag")), (200, Some("\"v2\"")));
    assert_eq!((&changed.json()["name"], &changed.json()["description"]), (&json!("Sales EU"), &json!("")));
    patch(&browser, &group, "\"v1\"", &json!({ "name": "X" })).problem(ProblemCode::PreconditionFailed);
    assert_eq!(patch(&browser, &group, "\"v2\"", &json!({})).header("etag"), Some("\"v2\""));
    assert_eq!(browser.send(Method::DELETE, &group, None).status, 204);
    browser.send(Method::GET, &group, None).problem(ProblemCode::NotFound);
    browser.send(Method::DELETE, &group, None).problem(ProblemCode::NotFound);
}

#[test]
fn a_name_is_taken_once_whatever_the_case() {
    let harness = Harness::new();
    let browser = harness.set_up();
    made(&browser, "Équipe");
    let other = made(&browser, "Other");
    let taken = [("name".to_owned(), "taken".to_owned())];
    assert_eq!(make(&browser, "ÉQUIPE").field_codes(), taken);
    assert_eq!(patch(&browser, &other, "\"v1\"", &json!({ "name": "équipe" })).field_codes(), taken);
    for (body, field, code) in [
        (json!({ "name": "" }), "name", "missing"),
        (json!({ "name": "<b>" }), "name", "forbidden_character"),
        (json!({ "name": "x", "description": "x".repeat(501) }), "description", "too_long"),
        (json!({ "name": "x", "members": [] }), "members", "unknown_field"),
    ] {
        let answer = browser.send_json(Method::POST, GROUPS, &body);
        assert_eq!(answer.field_codes(), [(field.to_owned(), code.to_owned())], "{body}");
    }
    // Two at once.
    let (late, interrupt) = Interrupt::browser(&browser);
    interrupt.before("INSERT INTO groups", move || assert_eq!(make(&browser, "Twice").status, 201));
    make(&late, "twice").problem(ProblemCode::Conflict);
    assert!(interrupt.done());
    // In another tenant a name is free.
    let (_, eve) = harness.other_tenant();
    made(&eve, "Équipe");
}

#[test]
fn groups_and_members_are_listed_by_name_page_by_page() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let tenant = browser.tenant();
    for name in ["beta", "Alpha", "gamma"] {
        made(&browser, name);
    }
    let list = |query: &str| browser.send(Method::GET, &format!("{GROUPS}?{query}"), None);
    assert_eq!(names(&list("")), ["Alpha", "beta", "gamma"]);
    assert_eq!(names(&list("search=AMM")), ["gamma"]);
    let first = list("pageSize=2");
    let cursor = first.json()["nextCursor"].as_str().unwrap().to_owned();
    assert_eq!(names(&list(&format!("pageSize=2&cursor={cursor}"))), ["gamma"]);
    assert_eq!(list("cursor=x").field_codes().len(), 1);

    let group = made(&browser, "Team");
    let mut people = Vec::new();
    for name in ["c", "a", "b"] {
        let email = format!("{name}@example.com");
        let user = harness.insert_user(&tenant, Role::Designer, &email);
        harness.db.query(&format!("UPDATE users SET name_key = '{name}' WHERE id = '{user}'"));
        let answer = browser.send(Method::PUT, &format!("{group}/members/{user}"), None);
        assert_eq!(answer.status, 204);
        people.push(user);
    }
    // Once more changes nothing.
    let again = browser.send(Method::PUT, &format!("{group}/members/{}", people[0]), None);
    assert_eq!(again.status, 204);
    assert_eq!(harness.db.query("SELECT 1 FROM audit WHERE action = 'group.member_added'").len(), 3);
    assert_eq!(browser.send(Method::GET, &group, None).json()["members"], 3);
    let members = |query: &str| browser.send(Method::GET, &format!("{group}/members?{query}"), None);
    assert_eq!(names(&members("")), ["a@example.com", "b@example.com", "c@example.com"]);
    assert_eq!(names(&members("search=b%40")), ["b@example.com"]);
    let cursor = members("pageSize=1").json()["nextCursor"].as_str().unwrap().to_owned();
    assert_eq!(names(&members(&format!("pageSize=1&cursor={cursor}"))), ["b@example.com"]);

    let place = format!("{group}/members/{}", people[0]);
    let of_user = browser.send(Method::GET, &format!("/api/v1/users/{}", people[0]), None).json();
    assert_eq!(of_user["groups"][0]["name"], "Team");
    assert_eq!(browser.send(Method::DELETE, &place, None).status, 204);
    browser.send(Method::DELETE, &place, None).problem(ProblemCode::NotFound);
}

#[test]
fn members_are_of_the_same_tenant() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let group = made(&ada, "Team");
    let (other, eve) = harness.other_tenant();
    let theirs = harness.insert_user(&other, Role::Designer, "dan@example.org");
    ada.send(Method::PUT, &format!("{group}/members/{theirs}"), None).problem(ProblemCode::NotFound);
    let ours = ada.who_am_i().user.id;
    eve.send(Method::PUT, &format!("{group}/members/{ours}"), None).problem(ProblemCode::NotFound);
    assert!(harness.db.query("SELECT 1 FROM group_members").is_empty());
}

#[test]
fn what_a_group_was_given_is_told_and_goes_with_it() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let tenant = ada.tenant();
    let group = made(&ada, "Team");
    let id = group.rsplit('/').next().unwrap();
    let (dan, theirs) = harness.add_user(&tenant, Role::Designer, "dan@example.com");
    assert_eq!(ada.send(Method::PUT, &format!("{group}/members/{dan}"), None).status, 204);
    for (serial, level) in [(1, "owner"), (2, "user")] {
        harness.db.query(&format!(
            "INSERT INTO connections (tenant_id, id, name, name_key, connector, auth, settings, status, reason,
               status_since, created_by, created_at)
             VALUES ('{tenant}', 'con_{serial:026}', 'C{serial}', 'c{serial}', 'box', 'oauth', '{{}}', 'active', 'proved',
               0, '{dan}', 0)"
        ));
        harness.db.query(&format!(
            "INSERT INTO connection_grants VALUES ('{tenant}', 'con_{serial:026}', 'group', '{id}', '{level}')"
        ));
    }
    let held = ada.send(Method::GET, &format!("{group}/holdings"), None).json();
    assert_eq!(held["total"], 2);
    let item =
        |place: usize| (held["items"][place]["level"].clone(), held["items"][place]["onlyOwner"].clone());
    assert_eq!((item(0), item(1)), ((json!("owner"), json!(true)), (json!("user"), json!(false))));
    let seen = || names(&theirs.send(Method::GET, "/api/v1/connections", None)).len();
    assert_eq!(seen(), 2);
    assert_eq!(ada.send(Method::DELETE, &group, None).status, 204);
    assert_eq!(seen(), 0);
    assert!(harness.db.query("SELECT 1 FROM connection_grants").is_empty());
    assert_eq!(harness.db.query("SELECT 1 FROM connections WHERE grants_version = 2").len(), 2);
    assert!(harness.db.query("SELECT 1 FROM group_members").is_empty());
    let record = &harness.db.query("SELECT changes FROM audit WHERE action = 'group.deleted'")[0];
    let changes: Json = serde_json::from_str(record["changes"].as_str().unwrap()).unwrap();
    assert_eq!(changes["connections"], json!({ "count": 2, "first": ["C1", "C2"] }));
}

#[test]
fn the_same_key_makes_one_group_and_a_thousand_are_enough() {
    let harness = Harness::new();
    let browser = harness.set_up();
    browser.with("idempotency-key", "make-1");
    let first = make(&browser, "Sales");
    let again = make(&browser, "Sales");
    assert_eq!((again.header("idempotent-replayed"), &again.body), (Some("true"), &first.body));
    browser.plain();
    harness.db.query(&format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
         INSERT INTO groups (tenant_id, id, name, name_key, created_at) SELECT '{}', 'grp_' || i, 'g', 'g' || i, 0 FROM n",
        browser.tenant()
    ));
    make(&browser, "One more").problem(ProblemCode::QuotaExceeded);
}
