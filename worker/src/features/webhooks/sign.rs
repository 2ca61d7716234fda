//! Signatures as Standard Webhooks 1.0 has them: HMAC-SHA-256 over id, time and body.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::encoding::{base64, from_base64};
use crate::ports::RandomFailed;
use crate::services::Services;

const PREFIX: &str = "whsec_";

/// A new secret of 256 bits.
pub(super) fn new_secret(services: &Services) -> Result<String, RandomFailed> {
    Ok(format!("{PREFIX}{}", base64(&services.random_bytes::<32>()?)))
}

/// The signature of a message; `None` when the secret is none.
pub(super) fn signature(secret: &str, id: &str, seconds: i64, body: &str) -> Option<String> {
    let key = from_base64(secret.strip_prefix(PREFIX)?)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    Some(format!("v1,{}", base64(&mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::signature;

    /// The example that the libraries of Standard Webhooks are tested with.
    #[test]
    fn it_signs_as_the_standard_does() {
        let signed = signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            "{\"test\": 2432232314}",
        );
        assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        assert_eq!(signature("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "a", 1, ""), None);
        assert_eq!(signature("whsec_?", "a", 1, ""), None);
    }
}
