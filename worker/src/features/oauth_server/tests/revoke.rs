//! Revocation.

use drawbridge_domain::role::Role;
use drawbridge_domain::time::HOUR;

use super::*;
use crate::features::upkeep;

fn revoke(world: &World, token: &str) -> TestAnswer {
    world.form("/oauth/revoke", &format!("token={token}"))
}

fn is_active(world: &World, token: &str) -> bool {
    world.form("/oauth/introspect", &format!("token={token}")).json()["active"].as_bool().unwrap()
}

#[test]
fn an_app_ends_its_own_token_at_once_and_only_that_one() {
    let world = World::new();
    let (token, other) = (world.token(), world.token());
    assert!(is_active(&world, &token));
    let answer = world.form("/oauth/revoke", &format!("token={token}&token_type_hint=refresh_token"));
    assert_eq!(answer.status, 200, "a wrong hint does not matter (RFC 7009 §2.1)");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(!is_active(&world, &token) && is_active(&world, &other));
    assert_eq!(revoke(&world, &token).status, 200, "once more is no error");
    let records = world.harness.db.query("SELECT * FROM audit WHERE action = 'app.token_revoked'");
    assert_eq!(records.len(), 1);
    assert_eq!(
        (records[0]["actor_type"].as_str(), records[0]["actor_id"].as_str()),
        (Some("app"), Some(world.app.id.as_str()))
    );
    assert!(!records[0]["changes"].as_str().unwrap().contains(&token));
    world.harness.clock.advance(2 * HOUR);
    pollster::block_on(upkeep::run(&world.harness.services));
    assert!(world.harness.db.query("SELECT * FROM revoked_access_tokens").is_empty());
}

#[test]
fn what_is_no_token_any_more_needs_no_end() {
    let world = World::new();
    let token = world.token();
    world.harness.clock.advance(HOUR);
    for text in [token.as_str(), "x", "a.b.c", &"x".repeat(10_000)] {
        assert_eq!(revoke(&world, text).status, 200);
    }
    assert!(world.harness.db.query("SELECT * FROM revoked_access_tokens").is_empty());
}

#[test]
fn a_token_of_another_app_is_left_alone_and_told_so() {
    let world = World::new();
    let neighbour = add_app(&world.harness, &world.tenant, "full", "EdDSA");
    let (_, eve) = world.harness.other_tenant();
    let stranger = add_app(&world.harness, &eve.tenant(), "full", "EdDSA");
    for app in [neighbour, stranger] {
        let token = token_of(&world.harness, &app, "");
        fault(&revoke(&world, &token), 400, "unauthorized_client");
    }
    assert!(world.harness.db.query("SELECT * FROM revoked_access_tokens").is_empty());
}

#[test]
fn without_a_token_there_is_nothing_to_revoke() {
    let world = World::new();
    for body in ["", "token=", "token_type_hint=access_token"] {
        fault(&world.form("/oauth/revoke", body), 400, "invalid_request");
        fault(&world.form("/oauth/introspect", body), 400, "invalid_request");
    }
}

#[test]
fn personal_access_tokens_are_not_revoked_by_apps() {
    let world = World::new();
    let (user, _) = world.harness.add_user(&world.tenant, Role::Developer, "dev@example.com");
    let personal = world.harness.insert_token(&world.tenant, &user, ApiScopes::FULL).secret;
    fault(&revoke(&world, &personal), 400, "unsupported_token_type");
    assert!(is_active(&world, &personal));
}
