//! Master keys that are not the right ones: nothing is answered, and above all nothing written.

use std::rc::Rc;

use drawbridge_contract::endpoints::TABLE;
use drawbridge_contract::plain;
use drawbridge_contract::problem::ProblemCode;
use http::Method;
use serde_json::{Value as Json, json};

use super::world::{Whose, World};
use crate::features::upkeep;
use crate::testing::{Browser, Harness, Sqlite, TestAnswer};

const OTHER: &str = "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const FIRST: &str = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// The same browser at an instance of the Worker with other keys.
fn there(browser: &Browser, harness: &Rc<Harness>) -> Browser {
    Browser {
        harness: Rc::clone(harness),
        cookie: browser.cookie.clone(),
        headers: browser.headers.clone(),
        token: browser.token.clone(),
    }
}

fn key_ids(harness: &Harness) -> Vec<Json> {
    let rows = harness.db.query("SELECT key_id FROM master_key_checks ORDER BY key_id");
    rows.iter().map(|row| row["key_id"].clone()).collect()
}

/// Calls every endpoint and route with these keys; nothing may be done.
fn nothing_works(world: &World, keys: &str, words: &str) {
    let other = Harness::with_keys(Rc::clone(&world.harness.db), keys);
    let refused = |answer: TestAnswer| {
        let detail = answer.problem(ProblemCode::WrongMasterKey).detail;
        assert!(detail.contains(words) && !detail.contains("AAEC") && !detail.contains("HwEC"), "{detail}");
    };
    for info in TABLE {
        let target = world.target(info, Whose::Own, world.administrator()).unwrap();
        let accounts = world.harness.db.query("SELECT 1 FROM accounts").len();
        let browser = world.browser(world.administrator());
        // To learn the present version the test itself begins a session, and to have an invitation it makes one.
        let before = world.harness.db.dump(match info.name {
            "AcceptTheInvitation" => &["users", "user_counts", "invitations"],
            _ if info.if_match => &["sessions"],
            // What agents say belongs to a gateway, which the test makes.
            _ if info.by_machines => &["gateways", "gateway_replicas", "gateway_codes"],
            _ => &[],
        });
        refused(world.call(&there(&browser, &other), info, &target, false));
        refused(world.call(&other.browser(), info, &target, false));
        assert!(world.harness.db.changed_since(&before).is_empty(), "{}", info.name);
        assert_eq!(world.harness.db.query("SELECT 1 FROM accounts").len(), accounts, "{}", info.name);
    }
    let before = world.harness.db.dump(&[]);
    for route in plain::ALL {
        let answer = other.browser().send(World::method_of(&route), route.path, None);
        if route == plain::HEALTH {
            assert_eq!(answer.status, 200, "{}", route.path);
        } else {
            refused(answer);
        }
    }
    pollster::block_on(upkeep::run(&other.services));
    assert!(other.log.0.borrow().last().unwrap().contains("upkeep"), "the daily run says so");
    assert!(world.harness.db.changed_since(&before).is_empty());
    // With the right keys all goes on as if nothing had been.
    world.browser(world.administrator()).who_am_i();
}

#[test]
fn with_another_key_of_the_same_id_nothing_works() {
    nothing_works(&World::new(), &format!("k1:{OTHER}"), "not the one that sealed");
}

#[test]
fn without_the_key_that_sealed_nothing_works() {
    let world = World::new();
    nothing_works(&world, &format!("k2:{OTHER}"), "“k1”, which is not in MASTER_KEYS");
    assert_eq!(key_ids(&world.harness), ["k1"], "the new key was not taken for a known one");
}

#[test]
fn a_wrong_key_behind_a_right_one_is_found_too() {
    let world = World::new();
    let both = Harness::with_keys(Rc::clone(&world.harness.db), &format!("k2:{OTHER},{FIRST}"));
    there(&world.browser(world.administrator()), &both).who_am_i();
    nothing_works(&world, &format!("{FIRST},k2:{}", OTHER.replace("Hw", "Iw")), "“k2” is not the one");
}

#[test]
fn a_new_first_key_seals_and_the_old_one_still_opens() {
    let world = World::new();
    let info = TABLE.iter().find(|info| info.name == "TestConnection").unwrap();
    let old = world.target(info, Whose::Own, world.administrator()).unwrap();
    let browser = world.browser(world.administrator());

    let both = Harness::with_keys(Rc::clone(&world.harness.db), &format!("k2:{OTHER},{FIRST}"));
    let browser = there(&browser, &both);
    browser.who_am_i();
    assert_eq!(key_ids(&world.harness), ["k1", "k2"]);
    both.outward.next_json(200, json!({ "id": "u1", "name": "Ada" }));
    assert_eq!(browser.send(Method::POST, &old, None).status, 200, "what k1 sealed opens");
    let made = browser.send_json(Method::POST, "/api/v1/oauth-clients", &world.body("RegisterOAuthClient"));
    assert_eq!(made.status, 201);
    let seals = world.harness.db.query("SELECT sealed_secret AS seal FROM oauth_clients ORDER BY id");
    assert!(seals.last().unwrap()["seal"].as_str().unwrap().starts_with("v1.k2."));
}

#[test]
fn the_first_start_notes_its_keys_and_a_damaged_note_is_a_wrong_key() {
    let harness = Harness::with_keys(Rc::new(Sqlite::new()), FIRST);
    assert!(key_ids(&harness).is_empty());
    assert_eq!(harness.browser().send(Method::GET, plain::READY.path, None).status, 200);
    assert_eq!(key_ids(&harness), ["k1"]);
    harness.db.query("UPDATE master_key_checks SET sealed = 'v1.k1.AAAA'");
    let again = Harness::with_keys(Rc::clone(&harness.db), FIRST);
    again.browser().send(Method::GET, plain::READY.path, None).problem(ProblemCode::WrongMasterKey);
}
