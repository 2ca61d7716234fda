//! Tests of the hash and of the life of its key.

use std::cell::OnceCell;
use std::rc::Rc;

use super::*;
use crate::testing::Harness;

const K1: &str = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const K2: &str = "k2:HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn hash(services: &Services, secret: &str) -> String {
    pollster::block_on(keyed_hash(services, secret)).unwrap()
}

fn sealed(harness: &Harness) -> String {
    let rows = harness.db.query("SELECT sealed FROM deployment_secrets WHERE name = 'credential_hash'");
    assert_eq!(rows.len(), 1);
    rows[0]["sealed"].as_str().unwrap().to_owned()
}

#[test]
fn it_is_the_known_hash() {
    // Test case 2 of RFC 4231, its key filled up with zeros to 32 bytes, which HMAC does itself (RFC 2104 §2).
    let mut key = [0; LENGTH];
    key[..4].copy_from_slice(b"Jefe");
    assert_eq!(
        hashed(&HashKey(Zeroizing::new(key)), "what do ya want for nothing?").unwrap(),
        "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM"
    );
}

#[test]
fn the_key_is_made_once_for_all_instances_and_read_once_in_each() {
    let harness = Harness::new();
    let first = hash(&harness.services, "a");
    assert_ne!(first, hash(&harness.services, "b"));
    let other = harness.variant(|services| services.hash_key = Rc::new(OnceCell::new()));
    assert_eq!(hash(&other.services, "a"), first);
    let batches = harness.db.batches.borrow().len();
    assert_eq!(hash(&other.services, "a"), first);
    assert_eq!(harness.db.batches.borrow().len(), batches, "asked the database again");
    assert!(sealed(&harness).starts_with("v1.k1."));
}

#[test]
fn of_two_that_make_it_at_once_the_first_counts() {
    let harness = Harness::new();
    let kept = pollster::block_on(async {
        let seal = |byte: u8| {
            harness.services.vault.seal(&*harness.services.random, PLACE, &[byte; LENGTH]).unwrap()
        };
        let (one, two) = (seal(1), seal(2));
        let kept = store::keep_first(&harness.services, NAME, &one).await.unwrap();
        assert_eq!(store::keep_first(&harness.services, NAME, &two).await.unwrap(), kept);
        kept
    });
    let key = open(&harness.services, &kept).ok().unwrap();
    assert_eq!(hash(&harness.services, "a"), hashed(&key, "a").unwrap());
}

#[test]
fn a_new_master_key_seals_it_and_the_hashes_stay() {
    let harness = Harness::with_keys(Rc::new(crate::testing::Sqlite::new()), K1);
    let first = hash(&harness.services, "a");
    let turned = Harness::with_keys(Rc::clone(&harness.db), &format!("{K2},{K1}"));
    for expected in [1, 0] {
        let statements = pollster::block_on(reseal(&turned.services)).unwrap();
        assert_eq!(statements.len(), expected);
        pollster::block_on(turned.services.db.batch(statements)).unwrap();
    }
    assert!(sealed(&turned).starts_with("v1.k2."));
    let later = Harness::with_keys(Rc::clone(&harness.db), K2);
    assert_eq!(hash(&later.services, "a"), first);
}
