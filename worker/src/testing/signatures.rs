//! Signatures in pure Rust: the port, and a provider's keys that sign tokens.

use std::cell::Cell;
use std::rc::Rc;

use num_bigint::BigUint;
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use serde_json::{Value as Json, json};

use crate::encoding::{base64url, from_base64url, sha256};
use crate::ports::{Algorithm, KeyPair, Pending, Signatures};

/// An RSA key of 2048 bits that signs for tests and nothing else.
const MODULUS: &str = "c5b9368a2e390c2bf4c12ad48b557ac78c000b244caacf5a3b8f9bb17e9906ae87f7c1509294ea3ad1d713b0284b687d1a3c\
     7c7250a0bef21f2fb2783083f5ff0bd14ed4777dd81edaf73457e207d7ebe0337fa3547c6fa313c2844a136c7608dd72084a\
     f01e50e2a47686786a29e558c7ed6e4d2383c8f899c178833aba6f87786d5d4643018f8c311a7b861ffa1fde925332c5cf85\
     4a6d9f6d959b7ab39b6a69d53a48c98aa7c25cd1e852e78e80e59c26aa3fa5564835b559fbf9d4ccacf5fa725e48463bb26e\
     2ef2c32a8d5a8652814b4375271030416d9b0c579a8f6f3b81c24b4f3066de59a956db95cba788c0f5780245e7583ebb7d88\
     9f0b933c1fd7";
const EXPONENT: &str = "92b1c27c2ca51899b82264d38278adfa44ad7796bbe6f2a64090607404b82613f13ee8c70da9bc4a5d8b53c91b6c2f1eba0b\
     6c4d27f2cb1839f91a513fb5781a7cbb12e061b31558771e7750489b8720329c22b39c28226f7c6691dd9fa195c527fec596\
     4ba6425e94a47749f98211ed978f598993b2dfb549e617b24d2d2b36aa1e1cabe940459e032395d2caed0c04cf6693826d07\
     6398c20b9c0e9196cb32f08de3196a7fc55fd03cfd3a9a12bce237f90ad64a13ee29d479949f02970538bc92f338aa5ebd4a\
     d077a2d5f277fa0ae82e0ffb52a56b0d7d2d828f56d8f4947febe898a4af549bece5740ed66733872693b196ccb616f38517\
     977360c15601";

fn number(hexadecimal: &str) -> BigUint {
    BigUint::parse_bytes(hexadecimal.as_bytes(), 16).unwrap()
}

/// What an RSA signature over a message says (RFC 8017 §9.2).
fn padded(message: &[u8], length: usize) -> BigUint {
    const SHA256: [u8; 19] =
        [0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20];
    let mut bytes = vec![0, 1];
    bytes.resize(length - 52, 0xff);
    bytes.push(0);
    bytes.extend(SHA256);
    bytes.extend(sha256(message));
    BigUint::from_bytes_be(&bytes)
}

/// The port, without a runtime. Keys for Ed25519 come one after the other; for RSA there is one.
#[derive(Default)]
pub(crate) struct PureSignatures {
    made: Cell<u8>,
    /// How often a signature was checked.
    pub(crate) checked: Cell<u32>,
    /// How often a private key was made ready.
    pub(crate) readied: Cell<u32>,
}

/// A private key as the port's signers hold it.
struct PureSigner(Signer);

impl crate::ports::Signer for PureSigner {
    fn sign<'a>(&'a self, message: &'a [u8]) -> Pending<'a, Result<Vec<u8>, String>> {
        Box::pin(std::future::ready(Ok(self.0.signature(message))))
    }
}

impl Signatures for PureSignatures {
    fn verify<'a>(
        &'a self,
        algorithm: Algorithm,
        key: &'a str,
        message: &'a [u8],
        signature: &'a [u8],
    ) -> Pending<'a, Result<bool, String>> {
        self.checked.set(self.checked.get() + 1);
        Box::pin(std::future::ready(check(algorithm, key, message, signature)))
    }

    fn make_key(&self, algorithm: Algorithm) -> Pending<'_, Result<KeyPair, String>> {
        self.made.set(self.made.get() + 1);
        let (signer, private) = match algorithm {
            Algorithm::Rs256 => (Signer::Rsa, json!({ "kty": "RSA", "d": "the one" })),
            _ => (Signer::Ed(self.made.get()), json!({ "kty": "OKP", "d": base64url(&[self.made.get()]) })),
        };
        let mut public = signer.key();
        for name in ["kid", "use", "alg"] {
            public.as_object_mut().unwrap().remove(name);
        }
        let pair = KeyPair { public: public.to_string(), private: private.to_string().into() };
        Box::pin(std::future::ready(Ok(pair)))
    }

    fn signer<'a>(
        &'a self,
        algorithm: Algorithm,
        private: &'a str,
    ) -> Pending<'a, Result<Rc<dyn crate::ports::Signer>, String>> {
        self.readied.set(self.readied.get() + 1);
        let key: Json = serde_json::from_str(private).unwrap();
        let signer = match algorithm {
            Algorithm::Rs256 => Signer::Rsa,
            _ => Signer::Ed(from_base64url(key["d"].as_str().unwrap()).unwrap()[0]),
        };
        Box::pin(std::future::ready(Ok(Rc::new(PureSigner(signer)) as _)))
    }
}

fn check(algorithm: Algorithm, key: &str, message: &[u8], signature: &[u8]) -> Result<bool, String> {
    let key: Json = serde_json::from_str(key).map_err(|error| error.to_string())?;
    let bytes = |name: &str| key[name].as_str().and_then(from_base64url).ok_or(format!("no {name}"));
    match algorithm {
        Algorithm::Rs256 => {
            let (modulus, exponent) = (bytes("n")?, bytes("e")?);
            let said = BigUint::from_bytes_be(signature)
                .modpow(&BigUint::from_bytes_be(&exponent), &BigUint::from_bytes_be(&modulus));
            Ok(signature.len() == modulus.len() && said == padded(message, modulus.len()))
        }
        Algorithm::Es256 => {
            let point = [vec![4], bytes("x")?, bytes("y")?].concat();
            let key = VerifyingKey::from_sec1_bytes(&point).map_err(|error| error.to_string())?;
            let Ok(signature) = Signature::from_slice(signature) else { return Ok(false) };
            Ok(key.verify(message, &signature).is_ok())
        }
        Algorithm::EdDsa => {
            let point: [u8; 32] = bytes("x")?.try_into().map_err(|_| "no point".to_owned())?;
            let key = ed25519_dalek::VerifyingKey::from_bytes(&point).map_err(|error| error.to_string())?;
            let Ok(signature) = ed25519_dalek::Signature::from_slice(signature) else { return Ok(false) };
            Ok(key.verify_strict(message, &signature).is_ok())
        }
    }
}

/// One of a provider's keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signer {
    /// RS256, `kid` "rsa".
    Rsa,
    /// ES256, `kid` "ec", of this private number.
    Ec(u8),
    /// `EdDSA`, `kid` "ed", of this private number.
    Ed(u8),
}

impl Signer {
    fn ec(number: u8) -> SigningKey {
        SigningKey::from_slice(&[number; 32]).unwrap()
    }

    fn ed(number: u8) -> ed25519_dalek::SigningKey {
        ed25519_dalek::SigningKey::from_bytes(&[number; 32])
    }

    pub(crate) fn algorithm(self) -> &'static str {
        match self {
            Self::Rsa => "RS256",
            Self::Ec(_) => "ES256",
            Self::Ed(_) => "EdDSA",
        }
    }

    pub(crate) fn kid(self) -> String {
        match self {
            Self::Rsa => "rsa".to_owned(),
            Self::Ec(number) => format!("ec{number}"),
            Self::Ed(number) => format!("ed{number}"),
        }
    }

    /// The public key as the provider publishes it.
    pub(crate) fn key(self) -> Json {
        match self {
            Self::Rsa => json!({
                "kty": "RSA", "kid": self.kid(), "use": "sig", "alg": "RS256",
                "n": base64url(&number(MODULUS).to_bytes_be()), "e": "AQAB",
            }),
            Self::Ec(number) => {
                let point = Self::ec(number).verifying_key().to_encoded_point(false);
                json!({
                    "kty": "EC", "crv": "P-256", "kid": self.kid(), "use": "sig",
                    "x": base64url(point.x().unwrap()), "y": base64url(point.y().unwrap()),
                })
            }
            Self::Ed(number) => json!({
                "kty": "OKP", "crv": "Ed25519", "kid": self.kid(), "use": "sig",
                "x": base64url(Self::ed(number).verifying_key().as_bytes()),
            }),
        }
    }

    /// The signature of a message.
    pub(crate) fn signature(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Rsa => {
                let modulus = number(MODULUS);
                let signed = padded(message, 256).modpow(&number(EXPONENT), &modulus).to_bytes_be();
                [vec![0; 256 - signed.len()], signed].concat()
            }
            Self::Ec(number) => {
                let signature: Signature = Self::ec(number).sign(message);
                signature.to_bytes().to_vec()
            }
            Self::Ed(number) => Self::ed(number).sign(message).to_bytes().to_vec(),
        }
    }

    /// A token with that header and those claims.
    pub(crate) fn token(self, header: &Json, claims: &Json) -> String {
        let part = |json: &Json| base64url(json.to_string().as_bytes());
        let message = format!("{}.{}", part(header), part(claims));
        let signature = self.signature(message.as_bytes());
        format!("{message}.{}", base64url(&signature))
    }

    /// A token with the header that belongs to the key.
    pub(crate) fn sign(self, claims: &Json) -> String {
        self.token(&json!({ "alg": self.algorithm(), "kid": self.kid(), "typ": "JWT" }), claims)
    }
}
