//! Signatures, checked and made by the runtime's `WebCrypto`.

use std::rc::Rc;

use js_sys::{Array, Function, JSON, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use zeroize::Zeroizing;

use super::glue;
use crate::ports::{Algorithm, KeyPair, Pending, Signatures, Signer};

/// The runtime's `crypto.subtle`.
pub(super) struct WebCrypto;

impl Signatures for WebCrypto {
    fn verify<'a>(
        &'a self,
        algorithm: Algorithm,
        key: &'a str,
        message: &'a [u8],
        signature: &'a [u8],
    ) -> Pending<'a, Result<bool, String>> {
        Box::pin(async move { verify(algorithm, key, message, signature).await.map_err(words) })
    }

    fn make_key(&self, algorithm: Algorithm) -> Pending<'_, Result<KeyPair, String>> {
        Box::pin(async move { make_key(algorithm).await.map_err(words) })
    }

    fn signer<'a>(
        &'a self,
        algorithm: Algorithm,
        private: &'a str,
    ) -> Pending<'a, Result<Rc<dyn Signer>, String>> {
        Box::pin(async move {
            let key = import(algorithm, private, "sign").await.map_err(words)?;
            let parameters = parameters(algorithm).map_err(words)?;
            Ok(Rc::new(ReadyKey { parameters, key }) as Rc<dyn Signer>)
        })
    }
}

/// A key that the runtime holds and does not give out again.
struct ReadyKey {
    parameters: JsValue,
    key: JsValue,
}

impl Signer for ReadyKey {
    fn sign<'a>(&'a self, message: &'a [u8]) -> Pending<'a, Result<Vec<u8>, String>> {
        Box::pin(async move {
            let signature =
                JsFuture::from(glue::sign(&self.parameters, &self.key, message)).await.map_err(words)?;
            Ok(Uint8Array::new(&signature).to_vec())
        })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn words(error: JsValue) -> String {
    format!("{error:?}")
}

/// How the runtime calls an algorithm; with the size of its keys where it makes one.
fn parameters(algorithm: Algorithm) -> Result<JsValue, JsValue> {
    JSON::parse(match algorithm {
        Algorithm::Rs256 => r#"{"name":"RSASSA-PKCS1-v1_5","hash":"SHA-256","modulusLength":2048}"#,
        Algorithm::Es256 => r#"{"name":"ECDSA","namedCurve":"P-256","hash":"SHA-256"}"#,
        Algorithm::EdDsa => r#"{"name":"Ed25519"}"#,
    })
}

async fn verify(algorithm: Algorithm, key: &str, message: &[u8], signature: &[u8]) -> Result<bool, JsValue> {
    // One of another length is none; the runtime would call it an error, and it would be ours.
    if algorithm != Algorithm::Rs256 && signature.len() != 64 {
        return Ok(false);
    }
    let key = import(algorithm, key, "verify").await?;
    let (signature, message) = (Uint8Array::from(signature), Uint8Array::from(message));
    let good = ask("verify", &Array::of4(&parameters(algorithm)?, &key, &signature, &message)).await?;
    Ok(good.is_truthy())
}

async fn make_key(algorithm: Algorithm) -> Result<KeyPair, JsValue> {
    let kind = parameters(algorithm)?;
    if algorithm == Algorithm::Rs256 {
        Reflect::set(&kind, &"publicExponent".into(), &Uint8Array::from([1, 0, 1].as_slice()))?;
    }
    let uses = Array::of2(&"sign".into(), &"verify".into());
    let pair = ask("generateKey", &Array::of3(&kind, &true.into(), &uses)).await?;
    let private =
        ask("exportKey", &Array::of2(&"jwk".into(), &Reflect::get(&pair, &"privateKey".into())?)).await?;
    Ok(KeyPair {
        public: only(&private, &["kty", "crv", "x", "n", "e"])?,
        private: Zeroizing::new(only(
            &private,
            &["kty", "crv", "x", "d", "n", "e", "p", "q", "dp", "dq", "qi"],
        )?),
    })
}

/// These members of a JSON Web Key, as far as it has them; without what the runtime says of its use, which would only
/// keep it from being imported elsewhere.
fn only(key: &JsValue, names: &[&str]) -> Result<String, JsValue> {
    let some = Object::new();
    for name in names {
        let value = Reflect::get(key, &(*name).into())?;
        if value.is_string() {
            Reflect::set(&some, &(*name).into(), &value)?;
        }
    }
    Ok(String::from(JSON::stringify(&some)?))
}

/// The runtime's key of a JSON Web Key, for one use.
async fn import(algorithm: Algorithm, key: &str, used: &str) -> Result<JsValue, JsValue> {
    let purposes = Array::of1(&used.into());
    let parameters = parameters(algorithm)?;
    let import = Array::of5(&"jwk".into(), &JSON::parse(key)?, &parameters, &false.into(), &purposes);
    ask("importKey", &import).await
}

/// Calls a method of `crypto.subtle` and waits for what it promises.
async fn ask(method: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into())?;
    let subtle = Reflect::get(&crypto, &"subtle".into())?;
    let method: Function = Reflect::get(&subtle, &method.into())?.dyn_into()?;
    JsFuture::from(Promise::resolve(&method.apply(&subtle, arguments)?)).await
}
