//! Introspection.

use drawbridge_domain::role::Role;
use drawbridge_domain::time::{DAY, HOUR};

use super::*;
use crate::testing::NewToken;

fn told(world: &World, token: &str) -> Json {
    let answer = world.form("/oauth/introspect", &format!("token={token}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    answer.json()
}

#[test]
fn an_access_token_of_the_tenant_is_told_whole() {
    let world = World::new();
    let app = add_app(&world.harness, &world.tenant, "read:user use:connection", "EdDSA");
    let token = token_of(&world.harness, &app, "");
    let (_, claims) = taken_apart(&token);
    let mut expected = claims.clone();
    expected["active"] = true.into();
    expected["token_type"] = "Bearer".into();
    assert_eq!(told(&world, &token), expected);
    // A hint does not matter, be it right, wrong or unknown.
    for hint in ["access_token", "refresh_token", "anything"] {
        let answer = world.form("/oauth/introspect", &format!("token={token}&token_type_hint={hint}"));
        assert_eq!(answer.json(), expected);
    }
    // What the app has lost since is lost for its tokens too.
    alter(&world.harness, &format!("UPDATE apps SET scopes = 'read:user read:app' WHERE id = '{}'", app.id));
    assert_eq!(told(&world, &token)["scope"], "read:user");
}

#[test]
fn what_is_not_active_is_told_as_that_and_nothing_more() {
    let world = World::new();
    let token = world.token();
    let app = add_app(&world.harness, &world.tenant, "full", "EdDSA");
    let asleep = token_of(&world.harness, &app, "");
    let set =
        |change: &str| alter(&world.harness, &format!("UPDATE apps SET {change} WHERE id = '{}'", app.id));
    for text in ["x", "a.b.c", "dbr_pat_x", &world.app.secret, &"x".repeat(10_000)] {
        assert_eq!(told(&world, text), inactive());
    }
    set("disabled = 1");
    assert_eq!(told(&world, &asleep), inactive());
    set("disabled = 0, expires_at = 1");
    assert_eq!(told(&world, &asleep), inactive());
    set("expires_at = NULL");
    assert_eq!(told(&world, &asleep)["active"], true);
    alter(&world.harness, &format!("DELETE FROM apps WHERE id = '{}'", app.id));
    assert_eq!(told(&world, &asleep), inactive());
    world.harness.clock.advance(HOUR);
    assert_eq!(told(&world, &token), inactive());
}

#[test]
fn another_tenants_tokens_are_as_those_that_do_not_exist() {
    let world = World::new();
    let (_, eve) = world.harness.other_tenant();
    let stranger = add_app(&world.harness, &eve.tenant(), "full", "EdDSA");
    let rows = world.harness.db.query(&format!("SELECT id FROM users WHERE tenant_id = '{}'", eve.tenant()));
    let user = UserId::parse(rows[0]["id"].as_str().unwrap()).unwrap();
    let personal = world.harness.insert_token(&eve.tenant(), &user, ApiScopes::FULL).secret;
    for token in [token_of(&world.harness, &stranger, ""), personal] {
        assert_eq!(told(&world, &token), inactive());
        let own = post(
            &world.harness,
            "/oauth/introspect",
            &[("authorization", &stranger.basic())],
            &format!("token={token}"),
        );
        assert_eq!(own.json()["active"], true);
    }
}

#[test]
fn a_personal_access_token_is_told_while_it_and_its_user_are_active() {
    let world = World::new();
    let (user, _) = world.harness.add_user(&world.tenant, Role::Developer, "dev@example.com");
    let scopes = ApiScopes::parse("read:user manage:app").unwrap();
    let NewToken { id, secret: token } = world.harness.insert_token(&world.tenant, &user, scopes);
    let now = world.harness.services.now().millis() / 1000;
    let active = json!({
        "active": true, "scope": "read:user manage:app", "token_type": "Bearer", "sub": user, "jti": id,
        "iss": ORIGIN, "aud": ORIGIN, "exp": now + 90 * 86_400, "tenant": world.tenant,
    });
    assert_eq!(told(&world, &token), active);
    let turns = [
        (
            "UPDATE users SET state = 'suspended' WHERE role = 'developer'",
            "UPDATE users SET state = 'active'",
        ),
        ("UPDATE tokens SET revoked_at = 1", "UPDATE tokens SET revoked_at = NULL"),
        ("UPDATE tenants SET max_token_days = 89", "UPDATE tenants SET max_token_days = 90"),
    ];
    for (off, on) in turns {
        alter(&world.harness, off);
        assert_eq!(told(&world, &token), inactive(), "{off}");
        alter(&world.harness, on);
        assert_eq!(told(&world, &token), active, "{on}");
    }
    world.harness.clock.advance(90 * DAY);
    assert_eq!(told(&world, &token), inactive());
}

#[test]
fn who_asks_must_be_an_app_that_may_be_used() {
    let world = World::new();
    let body = format!("token={}", world.token());
    fault(&post(&world.harness, "/oauth/introspect", &[], &body), 401, "invalid_client");
    let bearer = format!("Bearer {}", world.token());
    let asked = post(&world.harness, "/oauth/introspect", &[("authorization", &bearer)], &body);
    fault(&asked, 401, "invalid_client");
    let cookie = world.admin.cookie.borrow().clone().unwrap();
    let headers = [("cookie", cookie.as_str()), ("origin", ORIGIN)];
    fault(&post(&world.harness, "/oauth/introspect", &headers, &body), 401, "invalid_client");
    world.set("disabled = 1");
    fault(&world.form("/oauth/introspect", &body), 401, "invalid_client");
}
