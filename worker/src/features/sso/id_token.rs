//! The ID token: its signature, and whether it is for us, for now and for this sign-in (OpenID Connect Core §3.1.3.7).

use drawbridge_domain::time::{MINUTE, Timestamp};
use serde_json::{Map, Value};

use super::outward::Trouble;
use super::provider::{self, Provider, text};
use super::store::SsoRow;
use crate::encoding::{from_base64url, same};
use crate::http::Failure;
use crate::json;
use crate::ports::Algorithm;
use crate::services::Services;

/// How far the provider's clock may be from ours, in milliseconds.
const SKEW: i64 = MINUTE;
/// How long ago a token may have been made, in milliseconds.
const OLDEST: i64 = 15 * MINUTE;
/// The longest token.
const LONGEST: usize = 32 * 1024;

/// Why a token proves nothing; the words are for administrators.
#[derive(Debug)]
pub(super) enum Fault {
    /// The token itself.
    Bad(&'static str),
    /// The way to the provider's keys.
    Trouble(Trouble),
}

/// What a token must say besides.
pub(super) struct Expected<'a> {
    pub(super) nonce: &'a str,
}

/// The claims of a token that holds.
pub(super) async fn check(
    services: &Services,
    row: &SsoRow,
    provider: &Provider,
    token: &str,
    expected: &Expected<'_>,
) -> Result<Result<Map<String, Value>, Fault>, Failure> {
    let parts = match Parts::read(token) {
        Ok(parts) => parts,
        Err(fault) => return Ok(Err(fault)),
    };
    let (kind, name) = (parts.algorithm.key_type(), parts.algorithm.name());
    let keys = provider::keys(services, row, provider, parts.kid.as_deref(), kind, name).await?;
    let keys = match keys {
        Ok(keys) => keys,
        Err(trouble) => return Ok(Err(Fault::Trouble(trouble))),
    };
    let mut is_signed = false;
    for mut key in keys {
        if let Some(key) = key.as_object_mut() {
            key.remove("kid");
            key.remove("alg");
        }
        let (key, message) = (key.to_string(), parts.message.as_bytes());
        let checked = services.signatures.verify(parts.algorithm, &key, message, &parts.signature).await;
        is_signed = is_signed || checked.map_err(Failure::internal)?;
    }
    if !is_signed {
        return Ok(Err(Fault::Bad("It is not signed by a key of the provider.")));
    }
    Ok(claims(&parts.claims, row, expected, services.now()).map(|()| parts.claims).map_err(Fault::Bad))
}

/// A token taken apart.
struct Parts<'a> {
    message: &'a str,
    algorithm: Algorithm,
    kid: Option<String>,
    claims: Map<String, Value>,
    signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    fn read(token: &'a str) -> Result<Self, Fault> {
        let broken = || Fault::Bad("It is no signed token.");
        if token.len() > LONGEST {
            return Err(broken());
        }
        let (message, signature) = token.rsplit_once('.').ok_or_else(broken)?;
        let (header, claims) =
            message.split_once('.').filter(|(_, rest)| !rest.contains('.')).ok_or_else(broken)?;
        let object = |part: &str| match json::parse(&from_base64url(part)?) {
            Ok(Value::Object(object)) => Some(object),
            _ => None,
        };
        let header = object(header).ok_or_else(broken)?;
        // A header that demands what is not understood must not be accepted (RFC 7515 §4.1.11).
        if header.contains_key("crit") {
            return Err(Fault::Bad("Its header demands something that is not understood."));
        }
        let algorithm = match text(&header, "alg") {
            Some("RS256") => Algorithm::Rs256,
            Some("ES256") => Algorithm::Es256,
            _ => return Err(Fault::Bad("It is signed in a way that is not accepted; RS256 and ES256 are.")),
        };
        Ok(Self {
            message,
            algorithm,
            kid: text(&header, "kid").map(str::to_owned),
            claims: object(claims).ok_or_else(broken)?,
            signature: from_base64url(signature).ok_or_else(broken)?,
        })
    }
}

fn claims(
    claims: &Map<String, Value>,
    row: &SsoRow,
    expected: &Expected<'_>,
    now: Timestamp,
) -> Result<(), &'static str> {
    let seconds = |name: &str| {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a moment is far from where that matters, and saturates"
        )]
        let millis = claims.get(name).and_then(Value::as_f64).map(|seconds| (seconds * 1000.0) as i64);
        millis
    };
    if text(claims, "iss") != Some(row.issuer.as_str()) {
        return Err("It was made by another provider.");
    }
    let client = row.client_id.as_str();
    let (for_us, others) = match claims.get("aud") {
        Some(Value::String(one)) => (one == client, false),
        Some(Value::Array(all)) => (all.iter().any(|one| one == client), all.len() > 1),
        _ => (false, false),
    };
    if !for_us {
        return Err("It was made for another application.");
    }
    let party = claims.get("azp");
    if (others && party.is_none()) || party.is_some_and(|party| party != client) {
        return Err("It was given to another application.");
    }
    if seconds("exp").is_none_or(|end| end <= now.millis() - SKEW) {
        return Err("It has expired.");
    }
    if seconds("iat").is_none_or(|made| made > now.millis() + SKEW || made < now.millis() - OLDEST) {
        return Err("It was not made just now.");
    }
    if seconds("nbf").is_some_and(|begin| begin > now.millis() + SKEW) {
        return Err("It is not good yet.");
    }
    if !text(claims, "nonce").is_some_and(|nonce| same(nonce, expected.nonce)) {
        return Err("It belongs to another sign-in.");
    }
    match text(claims, "sub") {
        Some(subject) if subject.len() <= 255 && subject.chars().all(|c| !c.is_control()) => Ok(()),
        _ => Err("It does not say who signed in."),
    }
}
