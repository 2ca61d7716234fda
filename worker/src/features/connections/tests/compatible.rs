//! The list on the path that scripts for Nintex Automation Cloud know.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::{ApiScope, ApiScopes};
use http::Method;
use serde_json::{Value as Json, json};

use super::{by_sign_in, made, make, signed_in, test};
use crate::testing::{Browser, Harness, ORIGIN};

const LIST: &str = "/workflows/v1/connections";

#[track_caller]
fn get(browser: &Browser, target: &str) -> Json {
    let answer = browser.send(Method::GET, target, None);
    assert_eq!(answer.status, 200, "{target}: {}", answer.text());
    answer.json()
}

fn names(page: &Json) -> Vec<String> {
    let all = page["connections"].as_array().unwrap().iter();
    all.map(|one| one["displayName"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_connection_has_the_fields_that_scripts_read_and_no_others() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let me = browser.who_am_i().user.id;
    let broken = made(&harness, &browser, "Broken");
    let good = signed_in(&harness, &browser, "Good");
    harness.outward.next_json(401, json!({}));
    test(&browser, &broken).ok();
    make(&browser, &by_sign_in("Pending")).ok();
    let expected = |connection: &drawbridge_contract::types::connections::Connection,
                    invalid: bool,
                    kept: bool| {
        json!({
            "id": connection.summary.id, "displayName": connection.summary.name, "isInvalid": invalid,
            "createdDate": connection.summary.created_at, "contractName": "Sandbox CRM", "contractId": "sandbox-crm",
            "createdByUserId": me, "appId": "sandbox-crm", "contractTags": "Development",
            "hasPublicOperation": true, "private": false, "keepAlive": kept,
        })
    };
    let connections = [expected(&broken, true, false), expected(&good, false, true)];
    assert_eq!(get(&browser, LIST), json!({ "connections": connections }));
    browser.send(Method::POST, &format!("/api/v1/connections/{}/disable", good.summary.id), None);
    let disabled = &get(&browser, LIST)["connections"][1];
    assert_eq!((&disabled["isInvalid"], &disabled["keepAlive"]), (&json!(false), &json!(false)));
}

#[test]
fn the_next_link_leads_through_all_pages_of_what_the_caller_may_see() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let tenant = browser.tenant();
    let (_, dan) = harness.add_user(&tenant, Role::Designer, "dan@example.com");
    for name in ["delta", "Alpha", "charlie", "Bravo", "echo"] {
        made(&harness, &browser, name);
    }
    made(&harness, &dan, "own");
    let (_, stranger) = harness.other_tenant();
    made(&harness, &stranger, "far");
    let (mut found, mut target) = (Vec::new(), format!("{LIST}?limit=2"));
    loop {
        let page = get(&browser, &target);
        found.extend(names(&page));
        let Some(next) = page.get("nextLink") else { break };
        target = next.as_str().unwrap().to_owned();
        assert!(
            target.starts_with(&format!("{ORIGIN}{LIST}?cursor=")) && target.ends_with("&limit=2"),
            "{target}"
        );
    }
    assert_eq!(found, ["Alpha", "Bravo", "charlie", "delta", "echo", "own"]);
    assert_eq!(names(&get(&dan, LIST)), ["own"]);
    assert_eq!(names(&get(&stranger, LIST)), ["far"]);
    for (query, field) in [("limit=201", "limit"), ("cursor=x", "cursor"), ("status=active", "status")] {
        let answer = browser.send(Method::GET, &format!("{LIST}?{query}"), None);
        assert_eq!(answer.field_codes()[0].0, field);
    }
}

#[test]
fn apps_and_tokens_need_the_scope() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let me = browser.who_am_i();
    made(&harness, &browser, "One");
    let program = |scopes: &[ApiScope]| {
        harness.program(&harness.insert_token(&me.tenant.id, &me.user.id, ApiScopes::of(scopes)).secret)
    };
    assert_eq!(names(&get(&program(&[ApiScope::ReadConnection]), LIST)), ["One"]);
    for (path, needed) in [(LIST, "read:connection"), ("/workflows/v1/connectors", "read:connector")] {
        let answer = program(&[ApiScope::UseConnection]).send(Method::GET, path, None);
        let problem = answer.problem(ProblemCode::InsufficientScope);
        assert_eq!(problem.required_scope.as_deref(), Some(needed));
    }
    let (_, participant) = harness.add_user(&me.tenant.id, Role::Participant, "pat@example.com");
    participant.send(Method::GET, LIST, None).problem(ProblemCode::NeedsRole);
}
