//! Whom a provider's word lets in, and as whom.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::role::Role;
use http::Method;
use serde_json::json;

use super::{
    audited, bring, claims, come_back, is_in, open_to_all, parameters_of, proved, ready, records, refused,
    sign_in, slug, start,
};
use crate::testing::{Browser, PASSWORD, Signer, chain};

#[test]
fn people_of_a_proved_domain_join_with_the_role_that_is_set() {
    let (harness, ada) = ready();
    let slug = slug(&ada);
    let join = |email: &str| sign_in(&harness.browser(), &slug, email, email);
    refused(&join("grace@example.com"), "not_connected");
    open_to_all(&harness);
    refused(&join("grace@example.com"), "not_connected");
    proved(&harness, &ada.tenant(), "example.com");
    refused(&join("grace@sub.example.com"), "not_connected");
    refused(&join("grace@notexample.com"), "not_connected");
    let before = records(&harness);
    let browser = harness.browser();
    is_in(&sign_in(&browser, &slug, "g1", "grace@example.com"), "/");
    let me = browser.who_am_i();
    assert_eq!((me.role, me.by_sso, me.tenants.len()), (Role::Designer, true, 1));
    let told: Vec<String> = audited(&harness, before).into_iter().map(|(action, ..)| action).collect();
    assert_eq!(told, ["user.joined", "identity.connected", "session.created"]);
    // The next time the identity is known, whatever the email says by then.
    let again = harness.browser();
    is_in(&sign_in(&again, &slug, "g1", "grace@elsewhere.example"), "/");
    assert_eq!(again.who_am_i().user.id, me.user.id);
    // And the address of somebody who is connected lets nobody else in.
    refused(&sign_in(&harness.browser(), &slug, "g2", "grace@example.com"), "not_connected");
    chain::verify(&harness.db).unwrap();
}

#[test]
fn an_email_address_takes_no_user_over() {
    let (harness, ada) = ready();
    let slug = slug(&ada);
    open_to_all(&harness);
    // Not proved: the administrator's address opens nothing.
    refused(&sign_in(&harness.browser(), &slug, "evil", "ada@example.com"), "not_connected");
    proved(&harness, &ada.tenant(), "example.com");
    // Proved, and not verified by the provider.
    let browser = harness.browser();
    let sent = start(&browser, &format!("tenant={slug}"));
    let mut unverified = claims(&harness, &sent, "evil", "ada@example.com");
    unverified["email_verified"] = json!(false);
    refused(&bring(&browser, &sent, &Signer::Ec(1).sign(&unverified)), "not_connected");
    assert!(harness.db.query("SELECT 1 FROM sso_identities").is_empty());
    // Both: it is the tenant's own word, and the user is connected.
    let before = records(&harness);
    is_in(&sign_in(&browser, &slug, "ada-1", "ada@example.com"), "/");
    assert_eq!(browser.who_am_i().user.id, ada.who_am_i().user.id);
    let told: Vec<String> = audited(&harness, before).into_iter().map(|(action, ..)| action).collect();
    assert_eq!(told, ["identity.connected", "session.created"]);
}

#[test]
fn suspended_and_removed_people_do_not_come_back() {
    let (harness, ada) = ready();
    let slug = slug(&ada);
    proved(&harness, &ada.tenant(), "example.com");
    open_to_all(&harness);
    let browser = harness.browser();
    is_in(&sign_in(&browser, &slug, "g1", "grace@example.com"), "/");
    let user = browser.who_am_i().user.id;
    assert_eq!(ada.send(Method::POST, &format!("/api/v1/users/{user}/suspend"), None).status, 200);
    browser.send(Method::GET, "/api/v1/session", None).problem(ProblemCode::Unauthenticated);
    let before = records(&harness);
    refused(&sign_in(&harness.browser(), &slug, "g1", "grace@example.com"), "suspended");
    refused(&sign_in(&harness.browser(), &slug, "g2", "grace@example.com"), "not_connected");
    assert_eq!(
        audited(&harness, before)[0],
        ("session.refused".to_owned(), "Grace Hopper".to_owned(), "refused".to_owned())
    );
    // Removed: the identity is forgotten with the user; without joining by oneself there is no way back.
    harness.db.query("UPDATE sso SET auto_join = 0");
    assert_eq!(ada.send(Method::DELETE, &format!("/api/v1/users/{user}"), None).status, 204);
    assert!(harness.db.query("SELECT 1 FROM sso_identities").is_empty());
    assert!(harness.db.query("SELECT 1 FROM accounts WHERE email LIKE 'sso:%'").is_empty());
    refused(&sign_in(&harness.browser(), &slug, "g1", "grace@example.com"), "not_connected");
}

#[test]
fn an_invited_person_comes_by_the_link_or_by_a_proved_address() {
    let (harness, ada) = ready();
    let (slug, tenant) = (slug(&ada), ada.tenant());
    let (user, token) = harness.invite(&tenant, Role::Developer, "new@example.com");
    let told = harness.browser().send(Method::GET, &format!("/api/v1/invitations/{token}"), None).json();
    assert_eq!(told["singleSignOn"], "Acme ID");
    let accept = |browser: &Browser, token: &str, subject: &str| {
        let sent = start(browser, &format!("invitation={token}"));
        let jwt = Signer::Ec(1).sign(&claims(&harness, &sent, subject, "private@mail.example"));
        bring(browser, &sent, &jwt)
    };
    let browser = harness.browser();
    is_in(&accept(&browser, &token, "n1"), "/");
    let me = browser.who_am_i();
    assert_eq!((me.user.id, me.role, me.by_sso), (user, Role::Developer, true));
    assert!(harness.db.query("SELECT 1 FROM invitations").is_empty());
    // Once, and not for who is connected already.
    let page = browser.send(Method::GET, &format!("/oauth/sign-in?invitation={token}"), None);
    refused(&page, "not_available");
    let (_, second) = harness.invite(&tenant, Role::Developer, "second@example.com");
    refused(&accept(&harness.browser(), &second, "n1"), "identity_taken");
    // Withdrawn while at the provider.
    let late = harness.browser();
    let sent = start(&late, &format!("invitation={second}"));
    harness.db.query("DELETE FROM invitations");
    let jwt = Signer::Ec(1).sign(&claims(&harness, &sent, "n2", "x@example.com"));
    refused(&bring(&late, &sent, &jwt), "invitation_gone");
    // The address is the tenant's own word.
    proved(&harness, &tenant, "example.com");
    let (third, _) = harness.invite(&tenant, Role::Participant, "third@example.com");
    let browser = harness.browser();
    is_in(&sign_in(&browser, &slug, "n3", "third@example.com"), "/");
    assert_eq!(browser.who_am_i().user.id, third);
    chain::verify(&harness.db).unwrap();
}

#[test]
fn who_is_signed_in_connects_and_disconnects_themselves() {
    let (harness, ada) = ready();
    let slug = slug(&ada);
    let connect = |browser: &Browser| browser.send(Method::POST, "/api/v1/session/sso", None);
    connect(&harness.browser()).problem(ProblemCode::Unauthenticated);
    let own = |browser: &Browser| browser.send(Method::GET, "/api/v1/session/sso", None).json();
    assert_eq!(own(&ada), json!({ "label": "Acme ID", "hasPassword": true }));
    let sent = parameters_of(&connect(&ada));
    // The answer counts in the same session only: signed out, or as somebody else, it does not.
    let token = Signer::Ec(1).sign(&claims(&harness, &sent, "a1", "ada@private.example"));
    let session = ada.cookie.borrow().clone();
    let only_sso: Vec<String> = session
        .clone()
        .unwrap()
        .split("; ")
        .filter(|pair| pair.starts_with("__Host-sso"))
        .map(str::to_owned)
        .collect();
    *ada.cookie.borrow_mut() = Some(only_sso.join("; "));
    refused(&come_back(&ada, &sent), "flow_other_browser");
    *ada.cookie.borrow_mut() = session;
    let answer = bring(&ada, &sent, &token);
    assert_eq!(answer.header("location"), Some(format!("/t/{slug}/account?connected=1").as_str()));
    assert!(answer.header("set-cookie").is_none(), "the session stays as it was");
    assert_eq!(own(&ada)["connectedAs"], "ada@private.example");
    // Somebody else cannot have the same account at the provider.
    let (_, bob) = harness.add_user(&ada.tenant(), Role::Designer, "bob@example.com");
    let sent = parameters_of(&connect(&bob));
    refused(
        &bring(&bob, &sent, &Signer::Ec(1).sign(&claims(&harness, &sent, "a1", "x@y.example"))),
        "identity_taken",
    );
    let by_sso = harness.browser();
    is_in(&sign_in(&by_sso, &slug, "a1", "whatever@x.example"), "/");
    assert_eq!(by_sso.who_am_i().user.email, "ada@example.com");
    // What the provider's word began cannot change what it rests on.
    connect(&by_sso).problem(ProblemCode::NeedsPassword);
    by_sso.send(Method::DELETE, "/api/v1/session/sso", None).problem(ProblemCode::NeedsPassword);
    assert_eq!(ada.send(Method::DELETE, "/api/v1/session/sso", None).status, 204);
    by_sso.send(Method::GET, "/api/v1/session", None).problem(ProblemCode::Unauthenticated);
    ada.send(Method::DELETE, "/api/v1/session/sso", None).problem(ProblemCode::NotFound);
    refused(&sign_in(&harness.browser(), &slug, "a1", "whatever@x.example"), "not_connected");
}

#[test]
fn an_account_of_the_provider_has_no_password_to_guess() {
    let (harness, ada) = ready();
    proved(&harness, &ada.tenant(), "example.com");
    open_to_all(&harness);
    let browser = harness.browser();
    is_in(&sign_in(&browser, &slug(&ada), "g1", "grace@example.com"), "/");
    let account = harness.db.query("SELECT email FROM accounts WHERE email LIKE 'sso:%'")[0]["email"].clone();
    for email in ["grace@example.com", account.as_str().unwrap()] {
        for password in ["", PASSWORD] {
            let body = json!({ "email": email, "password": password });
            let answer = harness.browser().send_json(Method::POST, "/api/v1/session", &body);
            assert!([401, 422].contains(&answer.status), "{email} {password}");
        }
    }
    let body = json!({ "currentPassword": "", "newPassword": "eleven copper kettles" });
    browser.send_json(Method::PUT, "/api/v1/session/password", &body).problem(ProblemCode::NeedsPassword);
    // Elsewhere the address is free: another tenant invites its owner, who sets a password of their own.
    let (other, _) = harness.other_tenant();
    let (_, token) = harness.invite(&other, Role::Designer, "grace@example.com");
    let body = json!({ "token": token, "password": "eleven copper kettles" });
    let owner = harness.browser();
    assert_eq!(owner.send_json(Method::POST, "/api/v1/invitations/accept", &body).status, 201);
    assert_eq!(owner.who_am_i().tenant.id, other);
    assert_eq!(owner.who_am_i().tenants.len(), 1);
}
