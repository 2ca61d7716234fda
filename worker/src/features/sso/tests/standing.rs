//! What a session is good for that a provider's word began: one tenant, and nothing of the account's.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::id::TenantId;
use drawbridge_domain::role::Role;
use http::Method;
use serde_json::json;

use super::{is_in, proved, ready, sign_in, slug};
use crate::testing::{Browser, Harness};

/// Makes Ada a user of the other tenant too.
fn in_both(harness: &std::rc::Rc<Harness>) -> (TenantId, Browser) {
    let (other, eve) = harness.other_tenant();
    harness.db.query(&format!(
        "INSERT INTO users SELECT '{other}', 'usr_00000000010000000000000000', account_id, email, first_name, last_name,
           'globalAdministrator', 'active', created_at, 1, name_key FROM users WHERE email = 'ada@example.com'"
    ));
    (other, eve)
}

#[test]
fn a_providers_word_is_good_for_its_own_tenant_only() {
    let (harness, ada) = ready();
    let (slug, tenant) = (slug(&ada), ada.tenant());
    let (other, _) = in_both(&harness);
    proved(&harness, &tenant, "example.com");
    assert_eq!(ada.who_am_i().tenants.len(), 2);
    let by_sso = harness.browser();
    is_in(&sign_in(&by_sso, &slug, "a1", "ada@example.com"), "/");
    let me = by_sso.who_am_i();
    assert_eq!((me.tenants.len(), me.tenant.id.clone()), (1, tenant.clone()), "the other is not even named");
    let switch =
        |browser: &Browser| browser.send(Method::POST, &format!("/api/v1/tenants/{other}/switch"), None);
    switch(&by_sso).problem(ProblemCode::NotFound);
    // Not even a row that says otherwise opens the other tenant.
    harness.db.query(&format!("UPDATE sessions SET tenant_id = '{other}' WHERE sso_tenant_id IS NOT NULL"));
    by_sso.send(Method::GET, "/api/v1/session", None).problem(ProblemCode::Unauthenticated);
    // The password goes on to reach both.
    assert_eq!(switch(&ada).status, 200);
}

#[test]
fn it_neither_sees_nor_ends_the_accounts_other_sessions() {
    let (harness, ada) = ready();
    proved(&harness, &ada.tenant(), "example.com");
    let by_sso = harness.browser();
    is_in(&sign_in(&by_sso, &slug(&ada), "a1", "ada@example.com"), "/");
    let listed = |browser: &Browser| {
        let answer = browser.send(Method::GET, "/api/v1/sessions", None).json();
        answer["items"].as_array().unwrap().len()
    };
    assert_eq!((listed(&by_sso), listed(&ada)), (1, 2));
    let end = |browser: &Browser, session: &str| {
        browser.send(Method::DELETE, &format!("/api/v1/sessions/{session}"), None)
    };
    end(&by_sso, ada.who_am_i().session.to_string().as_str()).problem(ProblemCode::NotFound);
    let theirs = by_sso.who_am_i().session;
    assert_eq!(end(&ada, theirs.to_string().as_str()).status, 204);
}

#[test]
fn it_neither_makes_nor_joins_other_tenants_nor_changes_what_keeps_it() {
    let (harness, ada) = ready();
    let (slug, tenant) = (slug(&ada), ada.tenant());
    proved(&harness, &tenant, "example.com");
    let by_sso = harness.browser();
    is_in(&sign_in(&by_sso, &slug, "a1", "ada@example.com"), "/");
    assert_eq!(by_sso.who_am_i().role, Role::GlobalAdministrator);
    let body = json!({ "name": "Mine" });
    by_sso.send_json(Method::POST, "/api/v1/tenants", &body).problem(ProblemCode::NeedsPassword);
    let (other, _) = harness.other_tenant();
    let (_, token) = harness.invite(&other, Role::Designer, "ada@example.com");
    let body = json!({ "token": token });
    by_sso.send_json(Method::POST, "/api/v1/invitations/join", &body).problem(ProblemCode::NeedsPassword);
    for (method, path) in [
        (Method::DELETE, "sso"),
        (Method::POST, "sso/test"),
        (Method::POST, "sso/enable"),
        (Method::POST, "sso/disable"),
        (Method::POST, "sso/domains/example.com/prove"),
        (Method::DELETE, "sso/domains/example.com"),
    ] {
        by_sso.send(method, &format!("/api/v1/{path}"), None).problem(ProblemCode::NeedsPassword);
    }
    super::change(&by_sso, 1, &json!({ "autoJoin": true })).problem(ProblemCode::NeedsPassword);
    let body = json!({ "domain": "x.example" });
    by_sso.send_json(Method::POST, "/api/v1/sso/domains", &body).problem(ProblemCode::NeedsPassword);
    assert_eq!(by_sso.send(Method::GET, "/api/v1/sso", None).status, 200, "reading is fine");
}

#[test]
fn another_tenants_provider_signs_in_to_its_own_users_only() {
    let (harness, ada) = ready();
    let (other, eve) = harness.other_tenant();
    proved(&harness, &ada.tenant(), "example.com");
    // The other tenant sets the very same provider up: subjects are told apart by tenant.
    harness.db.query(&format!(
        "INSERT INTO sso SELECT '{other}', issuer, client_id, sealed_secret, scopes, label, 'developer', 1, 1, 1, '', 1,
           provider, provider_at, keys, keys_at, keys_asked_at, 1 FROM sso"
    ));
    let by_sso = harness.browser();
    is_in(&sign_in(&by_sso, &slug(&ada), "a1", "ada@example.com"), "/");
    let rows = harness.db.query("SELECT tenant_id FROM sso_identities");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["tenant_id"], ada.tenant().to_string());
    assert_eq!(eve.send(Method::GET, "/api/v1/sso", None).json()["domains"], json!([]));
}
