//! Whether a text is an access token of ours that is good now. What its app may do now is asked elsewhere.

use std::cell::RefCell;
use std::collections::BTreeMap;

use drawbridge_domain::id::SigningKeyId;
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::{SECOND, Timestamp};

use super::jwt::Parts;
use super::keys;
use crate::encoding::sha256;
use crate::features::authority::Claims;
use crate::http::Failure;
use crate::services::Services;

/// How many tokens an instance remembers.
const REMEMBERED_MOST: usize = 1000;

/// Why a text is no good token.
#[derive(Debug)]
pub enum Invalid {
    /// It is none of ours, or was altered, or was made for elsewhere, or its key is not accepted any more.
    Bad,
    /// Its time is over.
    Expired,
    /// A fault of ours.
    Failed(Failure),
}

impl From<Invalid> for Failure {
    fn from(invalid: Invalid) -> Self {
        match invalid {
            Invalid::Bad | Invalid::Expired => Self::bad_token(),
            Invalid::Failed(failure) => failure,
        }
    }
}

impl From<Failure> for Invalid {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Tokens whose signatures were checked, by their hashes: a second call with the same one does not check it again.
#[derive(Default)]
pub(super) struct Remembered(RefCell<BTreeMap<[u8; 32], Checked>>);

#[derive(Clone)]
struct Checked {
    key: SigningKeyId,
    issuer: String,
    claims: Claims,
}

impl Remembered {
    fn find(&self, hash: &[u8; 32]) -> Option<Checked> {
        self.0.borrow().get(hash).cloned()
    }

    fn keep(&self, hash: [u8; 32], checked: Checked, now: Timestamp) {
        let mut all = self.0.borrow_mut();
        if all.len() >= REMEMBERED_MOST {
            all.retain(|_, known| known.claims.expires_at > now);
        }
        // Whichever goes, goes by chance: hashes are in no order.
        if all.len() >= REMEMBERED_MOST {
            all.pop_first();
        }
        all.insert(hash, checked);
    }

    /// How many are remembered.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.borrow().len()
    }

    fn forget(&self, hash: &[u8; 32]) {
        self.0.borrow_mut().remove(hash);
    }
}

/// The claims of an access token, which must be for this `origin`: our own address, issuer and audience of our tokens.
pub async fn verify(services: &Services, origin: &str, token: &str) -> Result<Claims, Invalid> {
    let now = services.now();
    let hash = sha256(token.as_bytes());
    if let Some(known) = services.issuing.remembered.find(&hash) {
        let is_known = keys::published(services, &known.key).await?.is_some();
        let good =
            if is_known && known.issuer == origin { in_time(known.claims, now) } else { Err(Invalid::Bad) };
        if good.is_err() {
            services.issuing.remembered.forget(&hash);
        }
        return good;
    }
    let parts = Parts::read(token).ok_or(Invalid::Bad)?;
    let key = keys::published(services, &parts.key).await?.ok_or(Invalid::Bad)?;
    // The key says how it signs, never the token (RFC 8725 §3.1).
    if parts.algorithm != key.algorithm.name() {
        return Err(Invalid::Bad);
    }
    let message = parts.message.as_bytes();
    let checked = services.signatures.verify(key.algorithm, &key.public, message, &parts.signature).await;
    if !checked.map_err(Failure::internal)? {
        return Err(Invalid::Bad);
    }
    let body = parts.body;
    let begins = [Some(body.iat), body.nbf].into_iter().flatten();
    if body.iss != origin || body.aud != origin || body.sub != body.client_id {
        return Err(Invalid::Bad);
    }
    if begins.max().is_none_or(|begin| begin > now.millis() / SECOND) {
        return Err(Invalid::Bad);
    }
    let claims = Claims {
        app: body.client_id,
        tenant: body.tenant,
        id: body.jti,
        scopes: scopes(&body.scope).ok_or(Invalid::Bad)?,
        expires_at: Timestamp::from_millis(body.exp.saturating_mul(SECOND)),
    };
    let claims = in_time(claims, now)?;
    let checked = Checked { key: parts.key, issuer: body.iss, claims: claims.clone() };
    services.issuing.remembered.keep(hash, checked, now);
    Ok(claims)
}

fn scopes(text: &str) -> Option<ApiScopes> {
    if text.is_empty() { Some(ApiScopes::NONE) } else { ApiScopes::parse(text) }
}

fn in_time(claims: Claims, now: Timestamp) -> Result<Claims, Invalid> {
    if claims.expires_at > now { Ok(claims) } else { Err(Invalid::Expired) }
}
