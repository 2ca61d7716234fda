//! Signatures, checked by the runtime's `WebCrypto`.

use js_sys::{Array, Function, JSON, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;

use crate::ports::{Algorithm, Pending, Signatures};

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
        Box::pin(async move {
            verify(algorithm, key, message, signature).await.map_err(|error| format!("{error:?}"))
        })
    }
}

async fn verify(algorithm: Algorithm, key: &str, message: &[u8], signature: &[u8]) -> Result<bool, JsValue> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into())?;
    let subtle = Reflect::get(&crypto, &"subtle".into())?;
    let algorithm = JSON::parse(match algorithm {
        Algorithm::Rs256 => r#"{"name":"RSASSA-PKCS1-v1_5","hash":"SHA-256"}"#,
        Algorithm::Es256 => r#"{"name":"ECDSA","namedCurve":"P-256","hash":"SHA-256"}"#,
    })?;
    let uses = Array::of1(&"verify".into());
    let import = Array::of5(&"jwk".into(), &JSON::parse(key)?, &algorithm, &false.into(), &uses);
    let key = ask(&subtle, "importKey", &import).await?;
    let (signature, message) = (Uint8Array::from(signature), Uint8Array::from(message));
    let good = ask(&subtle, "verify", &Array::of4(&algorithm, &key, &signature, &message)).await?;
    Ok(good.is_truthy())
}

/// Calls a method of `subtle` and waits for what it promises.
async fn ask(subtle: &JsValue, method: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(subtle, &method.into())?.dyn_into()?;
    JsFuture::from(Promise::resolve(&method.apply(subtle, arguments)?)).await
}
