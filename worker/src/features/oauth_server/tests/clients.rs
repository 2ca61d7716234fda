//! Client authentication.

use drawbridge_domain::time::{HOUR, MINUTE, SECOND};

use super::*;
use crate::services::Settings;

fn tried(world: &World, header: &str, body: &str) -> TestAnswer {
    post(&world.harness, "/oauth/token", &[("authorization", header)], &format!("{GRANT}{body}"))
}

#[test]
fn two_ways_of_authentication_at_once_are_refused() {
    let world = World::new();
    let (id, secret, header) = (&world.app.id, &world.app.secret, world.app.basic());
    fault(&tried(&world, &header, &format!("&client_secret={secret}")), 400, "invalid_request");
    fault(
        &tried(&world, &header, &format!("&client_id={id}&client_secret={secret}")),
        400,
        "invalid_request",
    );
    fault(&tried(&world, &header, "&client_assertion=x"), 400, "invalid_request");
    let body = format!("{GRANT}&client_id={id}&client_secret={secret}&client_assertion_type=x");
    fault(&post(&world.harness, "/oauth/token", &[], &body), 400, "invalid_request");
    let twice = [("authorization", &*header), ("authorization", &*header)];
    fault(&post(&world.harness, "/oauth/token", &twice, GRANT), 400, "invalid_request");
    // The name alone proves nothing, so it may stand in both places, where it is the same.
    assert_eq!(tried(&world, &header, &format!("&client_id={id}")).status, 200);
    fault(&tried(&world, &header, "&client_id=app_0000000001zzzzzzzzzzzzzzzz"), 400, "invalid_request");
}

#[test]
fn id_and_secret_are_form_encoded_within_the_basic_header() {
    let world = World::new();
    let (id, secret) = (world.app.id.as_str(), world.app.secret.as_str());
    let every: Vec<String> = secret.bytes().map(|byte| format!("%{byte:02x}")).collect();
    for pair in [
        format!("{id}:{secret}"),
        format!("{}:{}", id.replace('_', "%5F"), secret.replace('_', "%5f")),
        format!("{id}:{}", every.concat()),
    ] {
        assert_eq!(tried(&world, &basic(&pair), "").status, 200, "{pair}");
    }
    // Decoded once, never twice; a plus is a space.
    for wrong in [
        format!("{id}:{}", secret.replace('_', "%255F")),
        format!("{id}:{secret}+"),
        format!("{id}:+{secret}"),
        format!("{id}:{secret}%"),
        format!("{id}:{secret}%2"),
        format!("{id}:{secret}%ff"),
        format!("{id}:{secret}%00"),
    ] {
        fault(&tried(&world, &basic(&wrong), ""), 401, "invalid_client");
    }
}

#[test]
fn a_basic_header_that_is_none_is_a_failed_authentication() {
    let world = World::new();
    let (id, secret) = (world.app.id.as_str(), world.app.secret.as_str());
    let good = world.app.basic();
    for wrong in [
        "Basic".to_owned(),
        "Basic ".to_owned(),
        "Basic !!!!".to_owned(),
        good.trim_end_matches('=').replace("Basic ", "Basic =").clone(),
        good.replace("Basic", "Bearer"),
        good.replace("Basic ", ""),
        good.replace(' ', "\t"),
        format!("{good}, {good}"),
        basic(&format!("{id}{secret}")),
        basic(":"),
        basic(&format!(":{secret}")),
        format!("Basic {}", base64(&[b"app:\xff\xfe".as_slice()].concat())),
        format!("Digest username=\"{id}\""),
    ] {
        fault(&tried(&world, &wrong, ""), 401, "invalid_client");
    }
    assert_eq!(tried(&world, &good.replace("Basic", "bAsIc"), "").status, 200, "schemes have no case");
}

#[test]
fn who_is_not_proved_is_told_the_same_whoever_it_is() {
    let world = World::new();
    let (_, eve) = world.harness.other_tenant();
    let other = add_app(&world.harness, &eve.tenant(), "full", "EdDSA");
    let (id, secret) = (world.app.id.as_str(), world.app.secret.as_str());
    let (unused, _) = super::secret(&world.harness, CLIENT_SECRET);
    let (personal, _) = super::secret(&world.harness, PERSONAL_TOKEN);
    let mut told = Vec::new();
    for (id, secret) in [
        (id, unused.as_str()),
        (id, other.secret.as_str()),
        (other.id.as_str(), secret),
        ("app_0000000001zzzzzzzzzzzzzzzz", secret),
        ("app", secret),
        ("'; DROP TABLE apps", secret),
        (id, "wrong"),
        (id, &personal),
        (id, &"x".repeat(10_000)),
    ] {
        let answer = tried(&world, &basic(&format!("{id}:{secret}")), "");
        fault(&answer, 401, "invalid_client");
        told.push(answer.text());
        let body = format!("{GRANT}&client_id={id}&client_secret={secret}");
        let answer = post(&world.harness, "/oauth/token", &[], &body);
        fault(&answer, 401, "invalid_client");
        told.push(answer.text());
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
}

#[test]
fn a_client_without_a_secret_is_not_authenticated() {
    let world = World::new();
    let id = world.app.id.as_str();
    fault(&tried(&world, &basic(&format!("{id}:")), ""), 401, "invalid_client");
    for body in [
        GRANT.to_owned(),
        format!("{GRANT}&client_id={id}"),
        format!("{GRANT}&client_id={id}&client_secret="),
        format!("{GRANT}&client_secret={}", world.app.secret),
        format!("{GRANT}&client_id={id}&client_assertion=x"),
    ] {
        for path in ["/oauth/token", "/oauth/revoke", "/oauth/introspect"] {
            fault(&post(&world.harness, path, &[], &body), 401, "invalid_client");
        }
    }
}

#[test]
fn a_typing_error_is_told_from_a_wrong_secret_without_a_look_up() {
    let world = World::new();
    let mut typed = world.app.secret.clone().into_bytes();
    typed[20] = if typed[20] == b'x' { b'y' } else { b'x' };
    let before = world.harness.db.batches.borrow().len();
    let header = basic(&format!("{}:{}", world.app.id, String::from_utf8(typed).unwrap()));
    let answer = tried(&world, &header, "");
    fault(&answer, 401, "invalid_client");
    assert!(answer.text().contains("A character of the client secret"));
    assert_eq!(world.harness.db.batches.borrow().len(), before);
}

#[test]
fn an_app_that_may_not_be_used_gets_nothing() {
    let world = World::new();
    world.set("disabled = 1");
    fault(&world.form("/oauth/token", GRANT), 401, "invalid_client");
    world.set("disabled = 0, expires_at = 1780000000000");
    fault(&world.form("/oauth/token", GRANT), 401, "invalid_client");
    world.set("expires_at = 1780000000001");
    assert_eq!(world.form("/oauth/token", GRANT).status, 200);
    world.set("addresses = '[\"198.51.100.0/24\"]'");
    fault(&world.form("/oauth/token", GRANT), 401, "invalid_client");
    world.set("addresses = '[\"192.0.2.0/24\"]'");
    assert_eq!(world.form("/oauth/token", GRANT).status, 200);
    alter(&world.harness, "DELETE FROM apps");
    fault(&world.form("/oauth/token", GRANT), 401, "invalid_client");
}

#[test]
fn the_secret_before_works_while_its_grace_lasts() {
    let world = World::new();
    let (new, hash) = super::secret(&world.harness, CLIENT_SECRET);
    let until = world.harness.services.now().plus(HOUR).millis();
    world.set(&format!("previous_hash = secret_hash, previous_until = {until}, secret_hash = '{hash}'"));
    let newer = TestApp { id: world.app.id.clone(), secret: new };
    world.harness.clock.advance(HOUR - 1);
    assert_eq!(world.form("/oauth/token", GRANT).status, 200);
    token_of(&world.harness, &newer, "");
    world.harness.clock.advance(1);
    fault(&world.form("/oauth/token", GRANT), 401, "invalid_client");
    token_of(&world.harness, &newer, "");
}

#[test]
fn no_secret_and_no_token_stands_in_the_log() {
    let world = World::new();
    let token = world.token();
    let (wrong, _) = super::secret(&world.harness, CLIENT_SECRET);
    tried(&world, &basic(&format!("{}:{wrong}", world.app.id)), "");
    world.form("/oauth/introspect", &format!("token={token}"));
    world.form("/oauth/revoke", &format!("token={token}"));
    let log = world.harness.log.0.borrow().join("\n");
    assert!(log.contains("\"event\":\"oauth\"") && log.contains(world.app.id.as_str()));
    for secret in [&world.app.secret, &wrong, &token, &base64(world.app.secret.as_bytes())] {
        assert!(!log.contains(secret.as_str()), "{log}");
    }
}

#[test]
fn a_refused_app_is_recorded_once_a_minute() {
    let world = World::new();
    let (unused, _) = super::secret(&world.harness, CLIENT_SECRET);
    let refuse =
        |id: &str| fault(&tried(&world, &basic(&format!("{id}:{unused}")), ""), 401, "invalid_client");
    let recorded = || {
        let rows = world.harness.db.query("SELECT * FROM audit WHERE action = 'app.refused'");
        let good = |row: &Json| row["outcome"] == "refused" && row["object_id"] == world.app.id.as_str();
        assert!(rows.iter().all(|row| good(row) && row["address"] == "192.0.2.7"));
        rows.len()
    };
    for _ in 0..3 {
        refuse(world.app.id.as_str());
    }
    refuse("app_0000000001zzzzzzzzzzzzzzzz");
    assert_eq!(recorded(), 1);
    world.harness.clock.advance(MINUTE);
    refuse(world.app.id.as_str());
    assert_eq!(recorded(), 2);
}

#[test]
fn who_asks_too_often_is_told_when_to_go_on() {
    let world = World::new();
    let settings = Settings { api_rate_per_minute: 2, ..Settings::default() };
    let slow = world.harness.variant(|services| services.settings = Rc::new(settings));
    world.harness.authorities.work_with(&slow.services);
    let answer = world.form("/oauth/token", GRANT);
    assert_eq!((answer.status, answer.header("ratelimit-policy")), (200, Some("\"default\";q=2;w=60")));
    assert_eq!(world.form("/oauth/introspect", "token=x").header("ratelimit"), Some("\"default\";r=0;t=60"));
    let answer = world.form("/oauth/token", GRANT);
    fault(&answer, 429, "temporarily_unavailable");
    assert_eq!(answer.header("retry-after"), Some("30"));
    world.harness.clock.advance(30 * SECOND);
    assert_eq!(world.form("/oauth/token", GRANT).status, 200);
}
