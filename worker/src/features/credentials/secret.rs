//! Secrets of apps and tokens: made, hashed for the check, sealed to be shown again, opened.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::SecretText;
use drawbridge_domain::credential::{self, SHOWN_ONCE};
use drawbridge_domain::id::{Id, TenantId};

use crate::features::authority::keyed_hash;
use crate::http::Failure;
use crate::services::Services;
use crate::vault::Place;

/// Random bytes for a secret: more than its characters need, as some are left out.
const RANDOM: usize = 64;

/// Where the secrets of an app or a token belong.
pub(super) fn place<'a>(tenant: &'a TenantId, record: &'a str) -> Place<'a> {
    Place { tenant: tenant.as_str(), record, field: "secret" }
}

/// A secret that was just made, in all the forms that are needed of it.
pub struct NewSecret {
    /// The secret itself, to be told once.
    pub text: SecretText,
    /// What is stored to check it by.
    pub hash: String,
    /// Its prefix and last four characters.
    pub hint: String,
    /// The secret, sealed at its record.
    pub sealed: String,
}

impl NewSecret {
    /// Makes one with this prefix for a record.
    pub async fn make(
        services: &Services,
        prefix: &'static str,
        tenant: &TenantId,
        record: &str,
    ) -> Result<Self, Failure> {
        let written = credential::written(prefix, &services.random_bytes::<RANDOM>()?);
        let (text, hint) =
            written.ok_or_else(|| Failure::internal("too few random bytes fitted a secret"))?;
        let sealed = services.vault.seal(&*services.random, place(tenant, record), text.as_bytes())?;
        let hash = keyed_hash(services, &text).await?;
        Ok(Self { text: SecretText::new(text), hash, hint: hint.as_str().to_owned(), sealed })
    }
}

/// The secret of a record, shown again, where it is kept.
pub fn shown(
    services: &Services,
    tenant: &TenantId,
    record: &str,
    sealed: Option<&str>,
) -> Result<SecretText, Failure> {
    let sealed = sealed.ok_or_else(|| Failure::new(ProblemCode::SecretNotKept, SHOWN_ONCE))?;
    let opened = services.vault.open(place(tenant, record), sealed);
    let opened = opened.map_err(|error| Failure::internal(format!("{record} does not open: {error:?}")))?;
    let text = opened.text().ok_or_else(|| Failure::internal(format!("{record} holds no text")))?;
    Ok(SecretText::new(text.to_owned()))
}
