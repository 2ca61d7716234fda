//! Passwords: Argon2id at OWASP's parameters (19 MiB, two passes, one lane), and the list of common ones.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use drawbridge_domain::account;
use drawbridge_domain::text::TextFault;

use crate::http::Failure;
use crate::services::Services;

/// Common passwords of 12 and more characters, one a line, in lower case; shorter ones are refused anyway.
const COMMON: &str = include_str!("common_passwords.txt");

fn argon2() -> Result<Argon2<'static>, Failure> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| Failure::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Checks a new password; `about` are words that an attacker tries first.
pub fn check_new(password: &str, about: &[&str]) -> Result<(), TextFault> {
    account::new_password(password, about)?;
    let plain = password.to_lowercase();
    if COMMON.lines().any(|common| common == plain) { Err(TextFault::TooCommon) } else { Ok(()) }
}

/// The hash of a password, as a PHC string with a salt of its own.
pub fn hash(services: &Services, password: &str) -> Result<String, Failure> {
    let salt = services.random_bytes::<16>()?;
    let salt = SaltString::encode_b64(&salt).map_err(|error| Failure::internal(error.to_string()))?;
    let hash = argon2()?
        .hash_password(password.as_bytes(), &salt)
        .map_err(|error| Failure::internal(error.to_string()))?;
    Ok(hash.to_string())
}

/// Whether the password is the one of the hash. Without a hash it takes as long, and is not: so that the time
/// of an answer does not tell whether an account exists.
pub fn verify(password: &str, hash: Option<&str>) -> Result<bool, Failure> {
    // Argon2id of random bytes that nobody kept.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$3q2+7wAAAAAAAAAAAAAAAA$0000000000000000000000000000000000000000000";
    // An account that single sign-on made has none.
    let hash = hash.filter(|hash| !hash.is_empty());
    let parsed =
        PasswordHash::new(hash.unwrap_or(NOBODY)).map_err(|error| Failure::internal(error.to_string()))?;
    let right = argon2()?.verify_password(password.as_bytes(), &parsed).is_ok();
    Ok(right && hash.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Harness;

    #[test]
    fn a_password_verifies_against_its_hash_only() {
        let harness = Harness::new();
        let hashed = hash(&harness.services, "correct horse battery").unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("correct horse battery", Some(&hashed)).unwrap());
        assert!(!verify("correct horse batterz", Some(&hashed)).unwrap());
        assert!(!verify("correct horse battery", None).unwrap());
    }

    #[test]
    fn common_passwords_are_refused() {
        assert!(COMMON.lines().count() > 100);
        assert!(
            COMMON
                .lines()
                .all(|line| line.chars().count() >= account::PASSWORD_MIN && line == line.to_lowercase())
        );
        assert_eq!(check_new("PasswordPassword", &[]), Err(TextFault::TooCommon));
        assert_eq!(check_new("seven purple lanterns", &[]), Ok(()));
    }
}
