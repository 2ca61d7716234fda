//! The users on the path that scripts for Nintex Automation Cloud know.

use std::fmt::Write as _;

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::{ApiScope, ApiScopes};
use http::Method;
use serde_json::{Value as Json, json};

use super::audited;
use crate::testing::{Browser, Harness, ORIGIN};

const USERS: &str = "/tenants/v1/users";

#[track_caller]
fn get(browser: &Browser, target: &str) -> Json {
    let answer = browser.send(Method::GET, target, None);
    assert_eq!(answer.status, 200, "{target}: {}", answer.text());
    answer.json()
}

fn emails(page: &Json) -> Vec<String> {
    let users = page["users"].as_array().unwrap().iter();
    users.map(|user| user["email"].as_str().unwrap().split('@').next().unwrap().to_owned()).collect()
}

#[test]
fn a_user_has_the_fields_that_scripts_read_and_no_others() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let me = browser.who_am_i();
    assert_eq!(
        get(&browser, USERS),
        json!({ "users": [{
            "id": me.user.id, "email": "ada@example.com", "firstName": "Ada", "lastName": "Lovelace",
            "isGuest": false, "organizationId": me.tenant.id, "role": "Global administrator",
        }] })
    );
}

#[test]
fn users_are_found_by_ids_emails_roles_and_text() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let tenant = browser.tenant();
    let bob = harness.insert_user(&tenant, Role::AutomationAdministrator, "bob@example.com");
    let zoe = harness.insert_user(&tenant, Role::Designer, "zoe@example.com");
    harness.invite(&tenant, Role::Designer, "new@example.com");
    let (other, _) = harness.other_tenant();
    let foreign = harness.insert_user(&other, Role::Designer, "far@example.org");
    for (query, expected) in [
        (String::new(), vec!["ada", "new", "bob", "zoe"]),
        ("filter=LOVELACE".to_owned(), vec!["ada"]),
        ("filter=%25".to_owned(), vec![]),
        (format!("id[]={bob}&id%5B%5D={zoe}&id[]={bob}"), vec!["bob", "zoe"]),
        (format!("id={zoe}"), vec!["zoe"]),
        (format!("id[]={foreign}"), vec![]),
        ("email[]=BOB@example.com&email[]=far@example.org".to_owned(), vec!["bob"]),
        ("email=zoe@example.com".to_owned(), vec!["zoe"]),
        ("email[]=".to_owned(), vec![]),
        (format!("id[]={bob}&email[]=zoe@example.com"), vec![]),
        (format!("id[]={bob}&id[]={zoe}&role[]=designer"), vec!["zoe"]),
        (format!("id[]={bob}&id[]={zoe}&filter=bob%40"), vec!["bob"]),
        ("role[]=Designer&role[]=Automation%20administrator".to_owned(), vec!["new", "bob", "zoe"]),
        ("role=automationAdministrator".to_owned(), vec!["bob"]),
    ] {
        assert_eq!(emails(&get(&browser, &format!("{USERS}?{query}"))), expected, "{query}");
    }
    for (query, field, code) in [
        ("role[]=king".to_owned(), "role[][0]", "unknown_value"),
        ("id[]=auth0".to_owned(), "id[][0]", "bad_value"),
        ("name=x".to_owned(), "name", "unknown_field"),
        ("filter=a&filter=b".to_owned(), "filter", "repeated"),
        ("limit=0".to_owned(), "limit", "bad_value"),
        ("cursor=x".to_owned(), "cursor", "bad_value"),
        (format!("filter={}", "x".repeat(101)), "filter", "too_long"),
        ("email[]=a&".repeat(101), "email[]", "too_many"),
        (format!("id[]={zoe}&").repeat(101), "id[]", "too_many"),
    ] {
        let answer = browser.send(Method::GET, &format!("{USERS}?{query}"), None);
        assert_eq!(answer.field_codes(), [(field.to_owned(), code.to_owned())], "{query}");
    }
}

#[test]
fn the_next_link_leads_through_all_pages_with_the_same_filters() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let tenant = browser.tenant();
    let mut ids = String::new();
    for number in 0..7 {
        let id = harness.insert_user(&tenant, Role::Designer, &format!("u{number}@example.com"));
        write!(ids, "&id[]={id}").unwrap();
    }
    for (query, number) in
        [("limit=3", 8), ("limit=2&role[]=Designer&filter=test", 7), (&format!("limit=2{ids}"), 7)]
    {
        let mut found = Vec::new();
        let mut target = format!("{USERS}?{query}");
        loop {
            let page = get(&browser, &target);
            found.extend(emails(&page));
            let Some(next) = page.get("nextLink") else { break };
            let next = next.as_str().unwrap();
            assert!(next.starts_with(&format!("{ORIGIN}{USERS}?")), "{next}");
            target = next.to_owned();
        }
        let whole = emails(&get(
            &browser,
            &format!("{USERS}?{}", query.split_once('&').map_or("", |(_, rest)| rest)),
        ));
        assert_eq!((found.len(), &found), (number, &whole), "{query}");
    }
}

#[test]
fn a_user_is_removed_by_the_same_rules() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let tenant = browser.tenant();
    let heir = harness.insert_user(&tenant, Role::Designer, "heir@example.com");
    let bob = harness.insert_user(&tenant, Role::Designer, "bob@example.com");
    let remove = |browser: &Browser, id: &dyn std::fmt::Display| {
        browser.send(Method::DELETE, &format!("{USERS}/{id}"), None)
    };
    let me = browser.who_am_i().user.id;
    remove(&browser, &me).problem(ProblemCode::LastGlobalAdministrator);
    let (other, stranger) = harness.other_tenant();
    remove(&stranger, &bob).problem(ProblemCode::NotFound);
    remove(&browser, &stranger.who_am_i().user.id).problem(ProblemCode::NotFound);
    assert_ne!(other, tenant);
    let answer = remove(&browser, &format!("{bob}?toUser={heir}"));
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    assert_eq!(audited(&harness, "user.removed")[0]["onlyOwnerOf"]["after"], "Test Designer");
    remove(&browser, &bob).problem(ProblemCode::NotFound);
}

#[test]
fn apps_and_tokens_need_the_scope() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let me = browser.who_am_i();
    let bob = harness.insert_user(&me.tenant.id, Role::Designer, "bob@example.com");
    let program = |scopes: &[ApiScope]| {
        let (app, _) = harness.insert_app(&me.tenant.id, &me.user.id, ApiScopes::FULL);
        let claims = harness.claims(&me.tenant.id, &app, ApiScopes::of(scopes));
        harness.program(&harness.access_token(&claims))
    };
    let reader = program(&[ApiScope::ReadUser]);
    assert_eq!(emails(&get(&reader, USERS)), ["ada", "bob"]);
    let problem =
        reader.send(Method::DELETE, &format!("{USERS}/{bob}"), None).problem(ProblemCode::InsufficientScope);
    assert_eq!(problem.required_scope.as_deref(), Some("manage:user"));
    let other = program(&[ApiScope::ReadConnection]);
    let problem = other.send(Method::GET, USERS, None).problem(ProblemCode::InsufficientScope);
    assert_eq!(problem.required_scope.as_deref(), Some("read:user"));
    assert_eq!(
        program(&[ApiScope::ManageUser]).send(Method::DELETE, &format!("{USERS}/{bob}"), None).status,
        204
    );
}
