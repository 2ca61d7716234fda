//! Signatures of others, checked.

use super::Pending;

/// How a token is signed (RFC 7518 §3.1). Nothing else is accepted: no `none`, no shared secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA with PKCS #1 v1.5 padding and SHA-256.
    Rs256,
    /// ECDSA over P-256 with SHA-256; the signature is r and s, 32 bytes each.
    Es256,
}

/// The checking of signatures.
pub trait Signatures {
    /// Whether the signature is that of the message by the key, a JSON Web Key with nothing but `kty` and the numbers
    /// of the public key. The error's words are for the log.
    fn verify<'a>(
        &'a self,
        algorithm: Algorithm,
        key: &'a str,
        message: &'a [u8],
        signature: &'a [u8],
    ) -> Pending<'a, Result<bool, String>>;
}
