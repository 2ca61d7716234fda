//! Changing and deleting, and what another tenant sees of it: nothing.

use std::rc::Rc;

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::connection::PENDING_LIFE;
use http::Method;
use serde_json::{Value as Json, json};

use super::{ALL, at, audited, body_with, client_of, connect, register};
use crate::testing::{Browser, Harness, Interrupt, TestAnswer};

fn patch(browser: &Browser, target: &str, version: &str, body: &Json) -> TestAnswer {
    let answer = browser.with("if-match", version).send_json(Method::PATCH, target, body);
    browser.plain();
    answer
}

fn sealed(harness: &Harness) -> Json {
    harness.db.query("SELECT sealed_secret FROM oauth_clients")[0]["sealed_secret"].clone()
}

#[test]
fn what_is_absent_or_an_empty_secret_stays() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let client = register(&browser);
    let before = sealed(&harness);

    let renamed =
        patch(&browser, &at(&client), "\"v1\"", &json!({ "name": " Renamed ", "clientSecret": "" }));
    assert_eq!(renamed.header("etag"), Some("\"v2\""));
    assert_eq!(
        (client_of(&renamed).name.as_str(), client_of(&renamed).client_id.as_str()),
        ("Renamed", "abc-123")
    );
    assert_eq!(sealed(&harness), before);

    let answer = patch(
        &browser,
        &at(&client),
        "\"v2\"",
        &json!({ "clientId": "new-id", "clientSecret": "new-secret" }),
    );
    assert_eq!((answer.status, answer.header("etag")), (200, Some("\"v3\"")));
    assert_ne!(sealed(&harness), before);
    assert_eq!(browser.send(Method::GET, &at(&client), None).json(), answer.json());

    // Nothing new: nothing is written.
    for same in
        [json!({}), json!({ "name": "Renamed" }), json!({ "clientSecret": "" }), json!({ "name": null })]
    {
        assert_eq!(patch(&browser, &at(&client), "\"v3\"", &same).header("etag"), Some("\"v3\""));
    }
    assert_eq!(
        audited(&harness, "oauth_client.changed"),
        [
            json!({ "name": { "before": "Main", "after": "Renamed" } }),
            json!({ "clientId": { "before": "abc-123", "after": "new-id" }, "clientSecret": { "changed": true } }),
        ]
    );
}

#[test]
fn a_change_needs_the_present_version() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let client = register(&browser);
    let body = json!({ "name": "Renamed" });
    browser.send_json(Method::PATCH, &at(&client), &body).problem(ProblemCode::PreconditionRequired);
    for stale in ["\"v0\"", "\"v2\"", "*", "v1", "W/\"v1\"", "\"1\""] {
        patch(&browser, &at(&client), stale, &body).problem(ProblemCode::PreconditionFailed);
    }
    // Somebody else comes between the read and the write.
    let (late, interrupt) = Interrupt::browser(&browser);
    let target = at(&client);
    interrupt.before("UPDATE oauth_clients", move || {
        assert_eq!(patch(&browser, &target, "\"v1\"", &json!({ "name": "First" })).status, 200);
    });
    patch(&late, &at(&client), "\"v1\"", &body).problem(ProblemCode::PreconditionFailed);
    assert!(interrupt.done());
    assert_eq!(late.send(Method::GET, &at(&client), None).json()["name"], "First");
    assert_eq!(audited(&harness, "oauth_client.changed").len(), 1);
}

#[test]
fn bad_fields_of_a_change_are_told() {
    let browser = Harness::new().set_up();
    let client = register(&browser);
    for (body, field, code) in [
        (json!({ "name": "" }), "name", "missing"),
        (json!({ "clientId": "a b" }), "clientId", "forbidden_character"),
        (json!({ "clientSecret": "a\nb" }), "clientSecret", "control_character"),
        (json!({ "clientSecret": "x".repeat(2001) }), "clientSecret", "too_long"),
        (json!({ "connector": "box" }), "connector", "unknown_field"),
        (json!({ "name": 1 }), "name", "wrong_type"),
    ] {
        let answer = patch(&browser, &at(&client), "\"v1\"", &body);
        assert_eq!(answer.field_codes(), [(field.to_owned(), code.to_owned())], "{body}");
    }
}

#[test]
fn a_client_in_use_stays_and_one_that_is_not_goes() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let client = register(&browser);
    connect(&harness, &client, "con_1");
    let refused = browser.send(Method::DELETE, &at(&client), None).problem(ProblemCode::InUse);
    assert!(refused.detail.starts_with("1 connection was"), "{}", refused.detail);
    connect(&harness, &client, "con_2");
    let refused = browser.send(Method::DELETE, &at(&client), None).problem(ProblemCode::InUse);
    assert!(refused.detail.starts_with("2 connections were"), "{}", refused.detail);
    assert!(!refused.detail.contains("restored"), "{}", refused.detail);

    // Deleted ones are not to be seen in the list, and still need the client.
    let delete = |id: &str| {
        let now = harness.services.now().millis();
        harness.db.query(&format!(
            "UPDATE connections SET status = 'active', deleted_at = {now} WHERE id = '{id}'"
        ));
        browser.send(Method::DELETE, &at(&client), None).problem(ProblemCode::InUse).detail
    };
    let one = delete("con_1");
    assert!(one.contains("1 of them is deleted and can be restored for 30 days"), "{one}");
    assert!(one.ends_with("Delete the connections first, or keep the client."), "{one}");
    let all = delete("con_2");
    assert!(all.contains("All of them are deleted") && all.ends_with("Delete the client then."), "{all}");
    harness.db.query("DELETE FROM connections");

    // A connection is made between the look and the deletion.
    let (late, interrupt) = Interrupt::browser(&browser);
    let (of, made) = (Rc::clone(&harness), client.clone());
    interrupt.before("DELETE FROM oauth_clients", move || connect(&of, &made, "con_3"));
    late.send(Method::DELETE, &at(&client), None).problem(ProblemCode::InUse);
    assert!(interrupt.done());
    assert!(audited(&harness, "oauth_client.deleted").is_empty());
    harness.db.query("DELETE FROM connections");

    let gone = browser.send(Method::DELETE, &at(&client), None);
    assert_eq!((gone.status, gone.body.len()), (204, 0));
    assert_eq!(audited(&harness, "oauth_client.deleted").len(), 1);
    for method in [Method::GET, Method::DELETE] {
        browser.send(method, &at(&client), None).problem(ProblemCode::NotFound);
    }
}

#[test]
fn a_connection_that_nobody_finished_in_time_keeps_no_client() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let client = register(&browser);
    connect(&harness, &client, "con_1");
    let uses = || browser.send(Method::GET, &at(&client), None).json()["connections"].clone();
    assert_eq!(uses(), 1);
    harness.clock.advance(PENDING_LIFE);
    assert_eq!(uses(), 0);
    assert_eq!(browser.send(Method::DELETE, &at(&client), None).status, 204);
}

#[test]
fn of_two_deletions_at_once_one_finds_nothing() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let client = register(&browser);
    let (late, interrupt) = Interrupt::browser(&browser);
    let target = at(&client);
    interrupt.before("DELETE FROM oauth_clients", move || {
        assert_eq!(browser.send(Method::DELETE, &target, None).status, 204);
    });
    late.send(Method::DELETE, &at(&client), None).problem(ProblemCode::NotFound);
    assert_eq!(audited(&harness, "oauth_client.deleted").len(), 1);
}

#[test]
fn another_tenants_client_is_as_one_that_is_not_there() {
    let harness = Harness::new();
    let ours = harness.set_up();
    let client = register(&ours);
    let (_, theirs) = harness.other_tenant();
    let unknown = format!("{ALL}/oac_00000000010000000000000000");
    let change = json!({ "name": "Stolen", "clientSecret": "stolen" });
    let words = |target: &str| {
        let answers = [
            theirs.send(Method::GET, target, None),
            patch(&theirs, target, "\"v1\"", &change),
            theirs.send(Method::DELETE, target, None),
        ];
        answers.map(|answer| answer.problem(ProblemCode::NotFound).detail)
    };
    assert_eq!(words(&at(&client)), words(&unknown));
    assert_eq!(theirs.send(Method::GET, ALL, None).json()["items"], json!([]));
    assert_eq!(client_of(&ours.send(Method::GET, &at(&client), None)), client);
    // A path that is no id is as unknown as any other.
    for bad in ["x", "usr_00000000010000000000000000", "oac_", "%00"] {
        ours.send(Method::GET, &format!("{ALL}/{bad}"), None).problem(ProblemCode::NotFound);
    }
    let registered = theirs.send_json(Method::POST, ALL, &body_with("name", json!("Theirs")));
    assert_eq!(client_of(&registered).created_by.name, "Test Global administrator");
}
