//! The hash under which the secrets of apps and tokens are stored: HMAC-SHA-256 with a key of the deployment, so that
//! a copy of the database alone tells not even whether a secret that was found somewhere is one of ours.
//!
//! The secrets hold more than 160 random bits: nothing slower is needed.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::encoding::base64url;
use crate::http::Failure;
use crate::ports::Statement;
use crate::services::Services;
use crate::vault::Place;

mod store;

/// The name of the key among the deployment's secrets.
const NAME: &str = "credential_hash";
const PLACE: Place<'static> = Place { tenant: "deployment", record: NAME, field: "secret" };
const LENGTH: usize = 32;

/// The key of the hashes, in memory. It cannot be printed.
pub struct HashKey(Zeroizing<[u8; LENGTH]>);

/// The hash of a secret, as it is stored. The key is read once per instance of the Worker, and made when the first
/// hash of the deployment is.
pub async fn keyed_hash(services: &Services, secret: &str) -> Result<String, Failure> {
    if let Some(key) = services.hash_key.get() {
        return hashed(key, secret);
    }
    let key = load(services).await?;
    hashed(services.hash_key.get_or_init(|| key), secret)
}

fn hashed(key: &HashKey, secret: &str) -> Result<String, Failure> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.0.as_slice())
        .map_err(|_| Failure::internal("no key of hashes"))?;
    mac.update(secret.as_bytes());
    Ok(base64url(&mac.finalize().into_bytes()))
}

async fn load(services: &Services) -> Result<HashKey, Failure> {
    if let Some(sealed) = store::find(services, NAME).await? {
        return open(services, &sealed);
    }
    let made = Zeroizing::new(services.random_bytes::<LENGTH>()?);
    let sealed = services.vault.seal(&*services.random, PLACE, made.as_slice())?;
    // Another instance may have made one at the same moment: the first is the deployment's.
    open(services, &store::keep_first(services, NAME, &sealed).await?)
}

fn open(services: &Services, sealed: &str) -> Result<HashKey, Failure> {
    let broken = || Failure::internal("the key of the hashes does not open");
    let opened = services.vault.open(PLACE, sealed).map_err(|_| broken())?;
    let mut key = Zeroizing::new([0; LENGTH]);
    if opened.bytes().len() != LENGTH {
        return Err(broken());
    }
    key.copy_from_slice(opened.bytes());
    Ok(HashKey(key))
}

/// The statement that replaces the seal of the key where it is not of the present master key; none: it is, or there
/// is no key yet. The key itself stays: the hashes hang on it.
pub async fn reseal(services: &Services) -> Result<Vec<Statement>, Failure> {
    let Some(old) = store::find(services, NAME).await? else { return Ok(Vec::new()) };
    if !services.vault.is_old(&old) {
        return Ok(Vec::new());
    }
    let key = open(services, &old)?;
    let sealed = services.vault.seal(&*services.random, PLACE, key.0.as_slice())?;
    Ok(vec![store::replace(NAME, &old, &sealed)])
}

#[cfg(test)]
mod tests {
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
}
