//! The list of users.

use drawbridge_domain::role::Role;
use http::Method;
use serde_json::{Value as Json, json};

use super::USERS;
use crate::testing::{Browser, Harness};

fn list(browser: &Browser, query: &str) -> Json {
    let answer = browser.send(Method::GET, &format!("{USERS}?{query}"), None);
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

fn emails(page: &Json) -> Vec<String> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|user| user["email"].as_str().unwrap().split('@').next().unwrap().to_owned()).collect()
}

#[test]
fn users_are_found_by_name_email_role_and_state_and_counted() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let tenant = browser.tenant();
    harness.insert_user(&tenant, Role::Designer, "zoe@example.com");
    harness.insert_user(&tenant, Role::Developer, "bob@example.com");
    harness.invite(&tenant, Role::Designer, "new@example.com");
    harness.other_tenant();
    harness.db.query("UPDATE users SET state = 'suspended' WHERE email = 'bob@example.com'");
    harness.db.query("UPDATE users SET name_key = 'élodie é' WHERE email = 'zoe@example.com'");

    for (query, expected) in [
        ("", vec!["ada", "new", "bob", "zoe"]),
        ("search=LOVELACE", vec!["ada"]),
        ("search=%C3%89LO", vec!["zoe"]),
        ("search=bob%40", vec!["bob"]),
        ("search=%25", vec![]),
        ("search=%20", vec!["ada", "new", "bob", "zoe"]),
        ("role=designer", vec!["new", "zoe"]),
        ("role=designer&state=active", vec!["zoe"]),
        ("state=suspended", vec!["bob"]),
        ("sort=-name", vec!["zoe", "bob", "new", "ada"]),
    ] {
        let page = list(&browser, query);
        assert_eq!(emails(&page), expected, "{query}");
        assert_eq!(page["counts"], json!({ "invited": 1, "active": 2, "suspended": 1 }), "{query}");
    }
}

#[test]
fn pages_follow_each_other_in_every_order() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let tenant = browser.tenant();
    for number in 0..6 {
        harness.clock.advance(1);
        harness.insert_user(&tenant, Role::Designer, &format!("u{number}@example.com"));
    }
    for sort in ["name", "-name", "created", "-created"] {
        let whole = emails(&list(&browser, &format!("sort={sort}")));
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = list(&browser, &format!("sort={sort}&pageSize=2{cursor}"));
            found.extend(emails(&page));
            let Some(next) = page["nextCursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!((found.len(), &found), (7, &whole), "{sort}");
    }
    let cursor = list(&browser, "pageSize=2")["nextCursor"].as_str().unwrap().to_owned();
    for (query, field, code) in [
        (format!("sort=created&cursor={cursor}"), "cursor", "bad_value"),
        ("cursor=x".to_owned(), "cursor", "bad_value"),
        ("pageSize=201".to_owned(), "pageSize", "bad_value"),
        (format!("search={}", "x".repeat(101)), "search", "too_long"),
        ("role=king".to_owned(), "role", "unknown_value"),
    ] {
        let answer = browser.send(Method::GET, &format!("{USERS}?{query}"), None);
        assert_eq!(answer.field_codes(), [(field.to_owned(), code.to_owned())], "{query}");
    }
}
