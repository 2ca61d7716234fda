//! Sealing of secrets: AES-256-GCM under a key per tenant, derived with HKDF-SHA-256 from a master key.
//!
//! The sealed form is `v1.<key id>.<base64url of nonce and ciphertext>`. Tenant, record and field are the
//! associated data, so that a sealed text moved to another place does not open. Several master keys may be
//! given: the first seals, all open.

mod check;
mod keys;

pub use check::{MasterKeyState, check_master_keys};
pub use keys::{BadKeys, MasterKeys};

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, Key, KeyInit, Nonce};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::encoding::{base64url, from_base64url};
use crate::ports::{Random, RandomFailed};

/// Where a sealed secret belongs.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The tenant, or `deployment`.
    pub tenant: &'a str,
    /// The record that holds it.
    pub record: &'a str,
    /// The field of the record.
    pub field: &'a str,
}

/// An opened secret. It cannot be printed or serialised, and is zeroed when dropped.
pub struct Opened(Zeroizing<Vec<u8>>);

impl Opened {
    /// The secret as text; `None` when it is no UTF-8.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The secret's bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Why a secret was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenError {
    /// It was sealed with a master key that is not given.
    UnknownKey,
    /// It is no sealed text, was altered, or belongs elsewhere.
    Broken,
}

/// Why a secret was not sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealError {
    /// No random bytes.
    NoRandom,
    /// The cipher failed; it does so only for texts of many gigabytes.
    Cipher,
}

impl From<RandomFailed> for SealError {
    fn from(_: RandomFailed) -> Self {
        Self::NoRandom
    }
}

/// Seals and opens.
pub struct Vault {
    keys: MasterKeys,
}

const VERSION: &str = "v1";
const NONCE: usize = 12;

impl Vault {
    /// A vault with these master keys.
    pub fn new(keys: MasterKeys) -> Self {
        Self { keys }
    }

    /// The id of the master key that seals.
    pub fn sealing_key(&self) -> &str {
        self.keys.first().0
    }

    /// Whether a sealed text should be sealed again, because another master key seals now.
    pub fn is_old(&self, sealed: &str) -> bool {
        key_id(sealed).is_some_and(|id| id != self.sealing_key())
    }

    /// Seals a secret for its place.
    pub fn seal(&self, random: &dyn Random, place: Place<'_>, secret: &[u8]) -> Result<String, SealError> {
        let (id, master) = self.keys.first();
        let mut nonce = [0; NONCE];
        random.fill(&mut nonce)?;
        let aad = associated(id, place);
        let ciphertext = cipher(master, place.tenant)
            .ok_or(SealError::Cipher)?
            .encrypt(Nonce::from_slice(&nonce), Payload { msg: secret, aad: &aad })
            .map_err(|_| SealError::Cipher)?;
        let body = [nonce.as_slice(), &ciphertext].concat();
        Ok(format!("{VERSION}.{id}.{}", base64url(&body)))
    }

    /// Opens a sealed secret at its place.
    pub fn open(&self, place: Place<'_>, sealed: &str) -> Result<Opened, OpenError> {
        let id = key_id(sealed).ok_or(OpenError::Broken)?;
        let master = self.keys.get(id).ok_or(OpenError::UnknownKey)?;
        let body = sealed.rsplit('.').next().and_then(from_base64url).ok_or(OpenError::Broken)?;
        let (nonce, ciphertext) = body.split_at_checked(NONCE).ok_or(OpenError::Broken)?;
        let aad = associated(id, place);
        cipher(master, place.tenant)
            .ok_or(OpenError::Broken)?
            .decrypt(Nonce::from_slice(nonce), Payload { msg: ciphertext, aad: &aad })
            .map(|secret| Opened(Zeroizing::new(secret)))
            .map_err(|_| OpenError::Broken)
    }
}

fn key_id(sealed: &str) -> Option<&str> {
    let mut parts = sealed.split('.');
    let (version, id, _body) = (parts.next()?, parts.next()?, parts.next()?);
    (version == VERSION && parts.next().is_none()).then_some(id)
}

/// The parts with their lengths, so that no two places look the same.
fn associated(key: &str, place: Place<'_>) -> Vec<u8> {
    let mut aad = Vec::new();
    for part in [VERSION, key, place.tenant, place.record, place.field] {
        aad.extend_from_slice(part.len().to_string().as_bytes());
        aad.push(b':');
        aad.extend_from_slice(part.as_bytes());
    }
    aad
}

fn cipher(master: &[u8; 32], tenant: &str) -> Option<Aes256Gcm> {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(b"drawbridge vault v1"), master)
        .expand_multi_info(&[b"tenant:", tenant.as_bytes()], key.as_mut_slice())
        .ok()?;
    Some(Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(key.as_slice())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::SeededRandom;

    fn vault(keys: &str) -> Vault {
        Vault::new(MasterKeys::parse(keys).unwrap())
    }

    const K1: &str = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const K2: &str = "k2:HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const PLACE: Place<'static> = Place { tenant: "ten_1", record: "con_1", field: "secrets" };

    #[test]
    fn a_secret_opens_only_at_its_place() {
        let (vault, random) = (vault(K1), SeededRandom::default());
        let sealed = vault.seal(&random, PLACE, b"hunter2").unwrap();
        assert!(sealed.starts_with("v1.k1.") && !sealed.contains("hunter2"));
        assert_eq!(vault.open(PLACE, &sealed).ok().unwrap().text(), Some("hunter2"));
        for place in [
            Place { tenant: "ten_2", ..PLACE },
            Place { record: "con_2", ..PLACE },
            Place { field: "other", ..PLACE },
        ] {
            assert_eq!(vault.open(place, &sealed).err(), Some(OpenError::Broken));
        }
    }

    #[test]
    fn the_same_secret_never_looks_the_same_twice() {
        let (vault, random) = (vault(K1), SeededRandom::default());
        assert_ne!(vault.seal(&random, PLACE, b"x").unwrap(), vault.seal(&random, PLACE, b"x").unwrap());
    }

    #[test]
    fn an_altered_text_does_not_open() {
        let (vault, random) = (vault(K1), SeededRandom::default());
        let sealed = vault.seal(&random, PLACE, b"hunter2").unwrap();
        for at in 0..sealed.len() {
            let mut bytes = sealed.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(bytes).unwrap();
            assert!(vault.open(PLACE, &altered).is_err(), "{altered}");
        }
        for nonsense in ["", "v1", "v1.k1", "v1.k1.", "v1.k1.AAAA", "v2.k1.AAAA", "v1.k1.A.B"] {
            assert!(vault.open(PLACE, nonsense).is_err());
        }
    }

    #[test]
    fn rotation_keeps_old_secrets_readable_and_tells_them_apart() {
        let random = SeededRandom::default();
        let sealed = vault(K1).seal(&random, PLACE, b"hunter2").unwrap();
        let both = vault(&format!("{K2},{K1}"));
        assert_eq!(both.open(PLACE, &sealed).ok().unwrap().text(), Some("hunter2"));
        assert!(both.is_old(&sealed));
        let again = both.seal(&random, PLACE, b"hunter2").unwrap();
        assert!(again.starts_with("v1.k2.") && !both.is_old(&again));
        assert_eq!(vault(K2).open(PLACE, &sealed).err(), Some(OpenError::UnknownKey));
        let impostor = vault(&K2.replace("k2:", "k1:"));
        assert_eq!(impostor.open(PLACE, &sealed).err(), Some(OpenError::Broken));
    }
}
