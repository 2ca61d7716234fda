//! Sealing and opening. The console seals, the agent opens; the Worker has none of this.

use std::convert::Infallible;

use base64ct::{Base64UrlUnpadded, Encoding};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{
    Deserializable, Kem, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal_with_rng,
};

use super::{Credentials, Purpose, SEALED_MOST};

type X25519 = X25519HkdfSha256;

/// The length of an encapsulated key, in bytes.
const ENCAPSULATED: usize = 32;

/// The replica's key is none, or the credentials cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsealable;

/// Randomness of whoever calls, as HPKE wants it.
struct Random<F>(F);

impl<F: FnMut(&mut [u8])> TryRng for Random<F> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        (self.0)(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        (self.0)(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        (self.0)(bytes);
        Ok(())
    }
}

impl<F: FnMut(&mut [u8])> TryCryptoRng for Random<F> {}

/// The public half of a private key, which is any 32 random bytes.
pub fn public(private: &[u8; 32]) -> Option<[u8; 32]> {
    let private = <X25519 as Kem>::PrivateKey::from_bytes(private).ok()?;
    Some(X25519::sk_to_pk(&private).to_bytes().into())
}

/// Seals credentials to a replica's public key. `random` fills what it is given with secret randomness, such as
/// `crypto.getRandomValues`.
pub fn seal(
    key: &[u8; 32],
    purpose: &Purpose<'_>,
    credentials: &Credentials,
    random: impl FnMut(&mut [u8]),
) -> Result<String, Unsealable> {
    credentials.kind().ok_or(Unsealable)?;
    let key = <X25519 as Kem>::PublicKey::from_bytes(key).map_err(|_| Unsealable)?;
    let plain = crate::json::write(credentials).map_err(|_| Unsealable)?;
    let (encapsulated, sealed) = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519>(
        &OpModeS::Base,
        &key,
        purpose.text().as_bytes(),
        plain.as_bytes(),
        b"",
        &mut Random(random),
    )
    .map_err(|_| Unsealable)?;
    let mut both = encapsulated.to_bytes().to_vec();
    both.extend(sealed);
    Ok(Base64UrlUnpadded::encode_string(&both))
}

/// What is in a box: JSON of [`Credentials`]. `None`: it is not for this key or not for this purpose.
pub fn open(private: &[u8; 32], purpose: &Purpose<'_>, sealed: &str) -> Option<Vec<u8>> {
    if sealed.len() > SEALED_MOST {
        return None;
    }
    let both = Base64UrlUnpadded::decode_vec(sealed).ok()?;
    let (encapsulated, sealed) = both.split_at_checked(ENCAPSULATED)?;
    let private = <X25519 as Kem>::PrivateKey::from_bytes(private).ok()?;
    let encapsulated = <X25519 as Kem>::EncappedKey::from_bytes(encapsulated).ok()?;
    let info = purpose.text();
    single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519>(
        &OpModeR::Base,
        &private,
        &encapsulated,
        info.as_bytes(),
        sealed,
        b"",
    )
    .ok()
}
