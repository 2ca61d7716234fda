//! Certificates for the tests (X.509 with Ed25519, RFC 8410), written out by hand: there is not much in them.

use base64ct::{Base64, Encoding as _};
use ed25519_dalek::{Signer as _, SigningKey};

/// Ed25519, as an algorithm is named.
const ED25519: [u8; 7] = [0x30, 5, 0x06, 3, 0x2b, 0x65, 0x70];
/// What stands before the seed in a private key.
const KEY: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

fn value(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    // The shortest form: others are refused.
    let head = match content.len() {
        0..128 => vec![tag, length[1]],
        128..256 => vec![tag, 0x81, length[1]],
        _ => vec![tag, 0x82, length[0], length[1]],
    };
    [head, content].concat()
}

fn called(name: &str) -> Vec<u8> {
    let text = value(0x0c, &[name.as_bytes()]);
    value(0x30, &[&value(0x31, &[&value(0x30, &[&[6, 3, 0x55, 4, 3], &text])])])
}

fn certificate(issuer: (&str, &SigningKey), subject: &str, key: &SigningKey, extension: &[u8]) -> Vec<u8> {
    let life = [value(0x17, &[b"250101000000Z"]), value(0x18, &[b"20990101000000Z"])].concat();
    let public = value(0x03, &[&[0], key.verifying_key().as_bytes()]);
    let told = value(
        0x30,
        &[
            &[0xa0, 3, 2, 1, 2],
            &[2, 1, 1],
            &ED25519,
            &called(issuer.0),
            &value(0x30, &[&life]),
            &called(subject),
            &value(0x30, &[&ED25519, &public]),
            &value(0xa3, &[&value(0x30, &[extension])]),
        ],
    );
    let signature = issuer.1.sign(&told).to_bytes();
    value(0x30, &[&told, &ED25519, &value(0x03, &[&[0], &signature])])
}

fn new_key() -> SigningKey {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).unwrap();
    SigningKey::from_bytes(&seed)
}

/// Somebody who issues certificates.
pub(crate) struct Authority(SigningKey);

/// A certificate and its key, as TLS takes them.
pub(crate) struct Issued {
    pub(crate) certificate: Vec<u8>,
    pub(crate) key: Vec<u8>,
}

/// A new authority that nobody trusts yet.
pub(crate) fn authority() -> Authority {
    Authority(new_key())
}

impl Authority {
    /// What whoever trusts it has to have.
    pub(crate) fn pem(&self) -> String {
        let content = value(0x04, &[&value(0x30, &[&[1, 1, 0xff]])]);
        let extension = value(0x30, &[&[6, 3, 0x55, 0x1d, 0x13, 1, 1, 0xff], &content]);
        let coded = Base64::encode_string(&certificate(("Tests", &self.0), "Tests", &self.0, &extension));
        format!("-----BEGIN CERTIFICATE-----\n{coded}\n-----END CERTIFICATE-----\n")
    }

    /// A certificate for a name.
    pub(crate) fn issue(&self, name: &str) -> Issued {
        let key = new_key();
        let content = value(0x04, &[&value(0x30, &[&value(0x82, &[name.as_bytes()])])]);
        let extension = value(0x30, &[&[6, 3, 0x55, 0x1d, 0x11], &content]);
        let certificate = certificate(("Tests", &self.0), name, &key, &extension);
        Issued { certificate, key: [KEY.as_slice(), &key.to_bytes()].concat() }
    }
}
