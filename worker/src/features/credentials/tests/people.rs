//! A token is worth what its user is worth at that moment.

use drawbridge_contract::problem::ProblemCode as P;
use drawbridge_domain::scopes::ApiScopes;

use super::*;

#[test]
fn a_token_sleeps_falls_and_dies_with_its_user() {
    let harness = Harness::new();
    let admin = harness.set_up();
    let (user, _) = harness.add_user(&admin.tenant(), Role::Developer, "dev@example.com");
    let token = harness.insert_token(&admin.tenant(), &user, ApiScopes::FULL);
    let program = harness.program(&token.secret);
    let asked = |path: &str| program.send(Method::GET, path, None);
    let at = format!("/api/v1/users/{user}");
    let act = |verb: &str| {
        assert_eq!(admin.send_json(Method::POST, &format!("{at}/{verb}"), &json!({})).status, 200);
    };
    let role = |role: &str| {
        let tag = admin.send(Method::GET, &at, None).header("etag").unwrap().to_owned();
        admin.with("if-match", &tag);
        let answer = admin.send_json(Method::PATCH, &at, &json!({ "role": role }));
        admin.plain();
        assert_eq!(answer.status, 200, "{}", answer.text());
    };
    assert_eq!(asked("/api/v1/apps").status, 200);
    act("suspend");
    asked("/api/v1/session").problem(P::Unauthenticated);
    act("reactivate");
    assert_eq!(asked("/api/v1/apps").status, 200);
    for (lower, needs) in [("designer", "/api/v1/apps"), ("participant", "/api/v1/connections")] {
        role(lower);
        asked(needs).problem(P::NeedsRole);
        assert_eq!(asked("/api/v1/session").json()["role"], lower);
    }
    // What a Designer's token cannot read, it cannot make either.
    role("designer");
    for (method, path) in [(Method::POST, "/api/v1/apps"), (Method::POST, "/api/v1/tokens")] {
        program.send_json(method, path, &json!({ "name": "x" })).problem(P::NeedsRole);
    }
    role("developer");
    assert_eq!(asked("/api/v1/apps").status, 200);
    assert_eq!(admin.send(Method::DELETE, &at, None).status, 204);
    asked("/api/v1/session").problem(P::Unauthenticated);
}

#[test]
fn an_app_outlives_who_made_it_and_reaches_no_further_for_it() {
    let harness = Harness::new();
    let admin = harness.set_up();
    let (user, _) = harness.add_user(&admin.tenant(), Role::Developer, "dev@example.com");
    let (app, _) = harness.insert_app(&admin.tenant(), &user, ApiScopes::FULL);
    let claims = harness.claims(&admin.tenant(), &app, ApiScopes::FULL);
    let program = harness.program(&harness.access_token(&claims));
    let session = || program.send(Method::GET, "/api/v1/session", None);
    for verb in ["suspend", ""] {
        let at = format!("/api/v1/users/{user}");
        let done = match verb {
            "" => admin.send(Method::DELETE, &at, None),
            verb => admin.send_json(Method::POST, &format!("{at}/{verb}"), &json!({})),
        };
        assert!(done.status < 300, "{}", done.text());
        assert_eq!(session().json()["role"], "automationAdministrator");
    }
    let invite = json!({ "email": "new@example.com", "firstName": "A", "lastName": "B", "role": "globalAdministrator" });
    program.send_json(Method::POST, "/api/v1/users", &invite).problem(P::NeedsRole);
}
