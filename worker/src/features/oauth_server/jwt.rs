//! Access tokens as JSON Web Tokens (RFC 9068, RFC 7519, RFC 7515).

use drawbridge_domain::id::{AccessTokenId, AppId, Id, SigningKeyId, TenantId};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use super::keys::Key;
use crate::encoding::{base64url, from_base64url};
use crate::http::Failure;
use crate::json;
use crate::services::Services;

/// The media type of an access token (RFC 9068 §2.1).
const TYPE: &str = "at+jwt";
/// The longest token that is looked at.
const LONGEST: usize = 4096;

#[derive(Serialize)]
struct Header<'a> {
    alg: &'a str,
    typ: &'a str,
    kid: &'a str,
}

/// What the header of a token says; a member that is there twice is refused.
#[derive(Deserialize)]
struct ReadHeader {
    alg: String,
    typ: String,
    kid: SigningKeyId,
    #[serde(default)]
    crit: Option<IgnoredAny>,
}

/// What a token says (RFC 9068 §2.2); `tenant` is the app's tenant.
#[derive(Serialize, Deserialize)]
pub(super) struct Body {
    pub(super) iss: String,
    pub(super) sub: AppId,
    pub(super) client_id: AppId,
    pub(super) aud: String,
    pub(super) iat: i64,
    pub(super) exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) nbf: Option<i64>,
    pub(super) jti: AccessTokenId,
    pub(super) scope: String,
    pub(super) tenant: TenantId,
}

/// A token with this body, signed by the key.
pub(super) async fn signed(services: &Services, key: &Key, body: &Body) -> Result<String, Failure> {
    let header = Header { alg: key.algorithm.name(), typ: TYPE, kid: key.id.as_str() };
    let part = |json: Vec<u8>| base64url(&json);
    let message = format!("{}.{}", part(serde_json::to_vec(&header)?), part(serde_json::to_vec(body)?));
    let signer = key.signer(services).await?;
    let signature = signer.sign(message.as_bytes()).await.map_err(Failure::internal)?;
    Ok(format!("{message}.{}", base64url(&signature)))
}

/// What stands in a part of a token, in which no member is there twice (RFC 7515 §4).
fn part<T: DeserializeOwned>(text: &str) -> Option<T> {
    let tree = json::parse_strict(&from_base64url(text)?).ok()?;
    json::from_tree(&tree).ok()
}

/// A token taken apart; nothing of it is proved yet.
pub(super) struct Parts<'a> {
    pub(super) message: &'a str,
    pub(super) algorithm: String,
    pub(super) key: SigningKeyId,
    pub(super) body: Body,
    pub(super) signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    /// `None`: it is no access token.
    pub(super) fn read(token: &'a str) -> Option<Self> {
        if token.len() > LONGEST {
            return None;
        }
        let (message, signature) = token.rsplit_once('.')?;
        let (header, body) = message.split_once('.').filter(|(_, rest)| !rest.contains('.'))?;
        let header: ReadHeader = part(header)?;
        // Another kind of token signed by the same key must not pass for one (RFC 9068 §4), and what demands
        // something that is not understood must not be accepted (RFC 7515 §4.1.11).
        let typ = header.typ.to_ascii_lowercase();
        if typ.strip_prefix("application/").unwrap_or(&typ) != TYPE || header.crit.is_some() {
            return None;
        }
        Some(Self {
            message,
            algorithm: header.alg,
            key: header.kid,
            body: part(body)?,
            signature: from_base64url(signature)?,
        })
    }
}
