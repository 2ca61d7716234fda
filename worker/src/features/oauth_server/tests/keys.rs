//! The keys that sign: made once, published in time, followed by others.

use drawbridge_domain::time::{DAY, HOUR, MINUTE};

use super::*;
use crate::features::upkeep;
use crate::testing::Sqlite;

const K1: &str = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const K2: &str = "k2:HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// The ids of the keys that are published.
fn published(harness: &Harness) -> Vec<String> {
    let answer = harness.browser_keys();
    answer["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

impl Harness {
    fn browser_keys(&self) -> Json {
        send(self, Method::GET, "/.well-known/jwks.json", &[], "").json()
    }
}

fn signer(world: &World) -> String {
    taken_apart(&world.token()).0["kid"].as_str().unwrap().to_owned()
}

fn daily(world: &World) {
    pollster::block_on(upkeep::run(&world.harness.services));
}

#[test]
fn of_instances_that_make_the_first_key_at_once_one_does() {
    let world = World::new();
    let other = world.harness.variant(|services| services.issuing = Rc::default());
    // Both have read that there is none.
    for harness in [&world.harness, &other] {
        assert!(pollster::block_on(super::super::keys::current(&harness.services)).is_ok());
    }
    let first = taken_apart(&world.token()).0;
    let second = taken_apart(&token_of(&other, &world.app, "")).0;
    assert_eq!(first["kid"], second["kid"]);
    assert_eq!(world.harness.db.query("SELECT id FROM signing_keys").len(), 1);
}

#[test]
fn a_key_is_published_a_day_before_it_signs_and_until_what_it_signed_is_over() {
    let world = World::new();
    let first = signer(&world);
    let (mut since, mut last) = (None, None);
    let began = world.harness.services.now();
    let next = loop {
        daily(&world);
        let published = published(&world.harness);
        let now = world.harness.services.now();
        let token = world.token();
        let (header, _) = taken_apart(&token);
        let kid = header["kid"].as_str().unwrap().to_owned();
        assert!(published.contains(&kid), "what signs is published");
        if published.len() > 1 && since.is_none() {
            since = Some(now);
        }
        if kid != first {
            break kid;
        }
        last = Some((now, token));
        assert!(now.since(began) < 100 * DAY);
        world.harness.clock.advance(HOUR);
    };
    let now = world.harness.services.now();
    assert!(now.since(since.unwrap()) >= DAY, "published for a day before it signs");
    assert!((89 * DAY..=90 * DAY).contains(&now.since(began)), "and it signs after 90 days");
    // The last token of the first key is good to its end, and then the key goes.
    let (at, token) = last.unwrap();
    world.harness.clock.advance(HOUR - 1 - now.since(at));
    assert_eq!(world.form("/oauth/introspect", &format!("token={token}")).json()["active"], true);
    world.harness.clock.advance(2 * HOUR);
    daily(&world);
    assert_eq!(signer(&world), next);
    assert_eq!(published(&world.harness), [next]);
    assert_eq!(world.harness.db.query("SELECT id FROM signing_keys").len(), 1, "the old one is forgotten");
}

#[test]
fn keys_go_on_where_the_daily_run_did_not_come() {
    let world = World::new();
    let first = signer(&world);
    world.harness.clock.advance(120 * DAY);
    let second = signer(&world);
    assert_ne!(first, second);
    assert_eq!(published(&world.harness), [second]);
    // It comes too late for the first key's end: there is no gap all the same.
    world.harness.clock.advance(90 * DAY);
    daily(&world);
    let between = signer(&world);
    world.harness.clock.advance(DAY + MINUTE);
    assert_ne!(signer(&world), between);
}

#[test]
fn a_private_key_is_sealed_and_opened_once_per_instance() {
    let world = World::new();
    let row = world.harness.db.query("SELECT sealed_private, public_jwk FROM signing_keys");
    assert!(row.is_empty(), "no key before the first use");
    let signatures = Rc::new(crate::testing::PureSignatures::default());
    let counting = Rc::clone(&signatures);
    let harness = world.harness.variant(|services| services.signatures = counting);
    for _ in 0..3 {
        token_of(&harness, &world.app, "");
    }
    world.harness.clock.advance(MINUTE);
    token_of(&harness, &world.app, "");
    assert_eq!(signatures.readied.get(), 1);
    let row = world.harness.db.query("SELECT sealed_private, public_jwk FROM signing_keys");
    assert!(row[0]["sealed_private"].as_str().unwrap().starts_with("v1.k1."));
    let public: Json = serde_json::from_str(row[0]["public_jwk"].as_str().unwrap()).unwrap();
    let mut names: Vec<&String> = public.as_object().unwrap().keys().collect();
    names.sort_unstable();
    assert_eq!(names, ["crv", "kty", "x"]);
}

#[test]
fn issuing_asks_the_database_nothing_when_it_is_warm() {
    let world = World::new();
    world.token();
    let before = world.harness.db.batches.borrow().len();
    world.token();
    assert_eq!(world.harness.db.batches.borrow().len(), before);
}

#[test]
fn a_new_master_key_seals_the_keys_again_and_they_go_on_signing() {
    let harness = Harness::with_keys(Rc::new(Sqlite::new()), K1);
    let admin = harness.set_up();
    let app = add_app(&harness, &admin.tenant(), "full", "EdDSA");
    let before = taken_apart(&token_of(&harness, &app, "")).0;
    let turned = Harness::with_keys(Rc::clone(&harness.db), &format!("{K2},{K1}"));
    pollster::block_on(upkeep::run(&turned.services));
    let seals = harness.db.query("SELECT sealed_private AS seal FROM signing_keys");
    assert!(seals[0]["seal"].as_str().unwrap().starts_with("v1.k2."));
    let later = Harness::with_keys(Rc::clone(&harness.db), K2);
    assert_eq!(taken_apart(&token_of(&later, &app, "")).0, before);
    // One that was running meanwhile goes on, too.
    harness.clock.advance(MINUTE);
    assert_eq!(taken_apart(&token_of(&turned, &app, "")).0, before);
}
