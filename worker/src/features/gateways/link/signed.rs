//! Whether an agent signed what it says that it did.

use crate::encoding::base64url;
use crate::ports::Algorithm;
use crate::services::Services;

/// A key that belongs to nobody (RFC 8032 §7.1, test 1): what is said by somebody unknown is checked with it, so that it
/// takes as long as what is said by somebody known.
const NOBODY: [u8; 32] = [
    0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e,
    0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
];

/// Whether the signature is that of the text by the key. `None`: there is no such key, and it is checked all the same.
pub(super) async fn verified(
    services: &Services,
    key: Option<[u8; 32]>,
    text: &str,
    signature: &[u8; 64],
) -> bool {
    let jwk = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{}"}}"#, base64url(&key.unwrap_or(NOBODY)));
    let good = services.signatures.verify(Algorithm::EdDsa, &jwk, text.as_bytes(), signature).await;
    // Not every 32 bytes are a key: one that is none has signed nothing.
    good.unwrap_or(false) && key.is_some()
}
