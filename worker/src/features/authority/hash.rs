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
mod tests;
