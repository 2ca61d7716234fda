//! Signatures: those of others checked, our own made.

use std::rc::Rc;

use zeroize::Zeroizing;

use super::Pending;

/// How a token is signed (RFC 7518 §3.1, RFC 8037 §3.1). Nothing else is accepted: no `none`, no shared secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA with PKCS #1 v1.5 padding and SHA-256.
    Rs256,
    /// ECDSA over P-256 with SHA-256; the signature is r and s, 32 bytes each.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// How it is called in tokens and keys (`alg`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The kind of its keys (`kty`).
    pub const fn key_type(self) -> &'static str {
        match self {
            Self::Rs256 => "RSA",
            Self::Es256 => "EC",
            Self::EdDsa => "OKP",
        }
    }
}

/// A new key and its public half, both as JSON Web Keys.
pub struct KeyPair {
    /// Nothing but `kty`, `crv` and the numbers of the public key.
    pub public: String,
    /// The whole key: to be sealed, never to be shown.
    pub private: Zeroizing<String>,
}

/// A key that is ready to sign.
pub trait Signer {
    /// The signature of a message.
    fn sign<'a>(&'a self, message: &'a [u8]) -> Pending<'a, Result<Vec<u8>, String>>;
}

/// The checking and making of signatures. The errors' words are for the log.
pub trait Signatures {
    /// Whether the signature is that of the message by the key, a JSON Web Key with nothing but `kty` and the numbers
    /// of the public key.
    fn verify<'a>(
        &'a self,
        algorithm: Algorithm,
        key: &'a str,
        message: &'a [u8],
        signature: &'a [u8],
    ) -> Pending<'a, Result<bool, String>>;

    /// A new key for Ed25519, or for RSA with 2048 bits; we sign in no other way.
    fn make_key(&self, algorithm: Algorithm) -> Pending<'_, Result<KeyPair, String>>;

    /// Makes a private key ready, once for many signatures.
    fn signer<'a>(
        &'a self,
        algorithm: Algorithm,
        private: &'a str,
    ) -> Pending<'a, Result<Rc<dyn Signer>, String>>;
}
