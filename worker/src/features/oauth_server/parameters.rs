//! What a client sends: a form, or at the token endpoint JSON.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, MapAccess, Visitor};
use zeroize::Zeroizing;

use super::fault::Fault;
use crate::http::{Body, Failure, Incoming};
use drawbridge_contract::problem::ProblemCode;

/// The largest body, in bytes.
const BODY_MAX: usize = 64 * 1024;
/// The parameters that are ours: in the address they would stand in logs (RFC 6749 §2.3.1, RFC 6750 §5.3).
const NEVER_IN_ADDRESS: [&str; 7] =
    ["client_id", "client_secret", "grant_type", "scope", "token", "token_type_hint", "access_token"];

/// The parameters of a request, each there once and with a value.
pub(super) struct Parameters(Vec<(String, Zeroizing<String>)>);

impl Parameters {
    /// Reads a form; where it `takes_json`, an object of texts too.
    pub(super) async fn read(incoming: &mut Incoming, takes_json: bool) -> Result<Self, Fault> {
        let query = incoming.url.query().unwrap_or_default().as_bytes();
        if form_urlencoded::parse(query).any(|(name, _)| NEVER_IN_ADDRESS.contains(&&*name)) {
            return Err(Fault::InvalidRequest("Send parameters in the body, never in the address."));
        }
        let media = incoming.header("content-type").unwrap_or_default();
        let media = media.split(';').next().unwrap_or_default().trim();
        let is_json = takes_json && media.eq_ignore_ascii_case("application/json");
        if !is_json && !media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Fault::InvalidRequest("Send Content-Type: application/x-www-form-urlencoded."));
        }
        let body = std::mem::replace(&mut incoming.body, Body::Read(Vec::new()));
        let broken = |cause| Failure::new(ProblemCode::BadRequest, "The body broke off.").because(cause);
        let read = Zeroizing::new(
            body.read(BODY_MAX)
                .await
                .map_err(broken)?
                .ok_or(Fault::InvalidRequest("The body is too large."))?,
        );
        let pairs = if is_json { from_json(&read) } else { from_form(&read) };
        let pairs = pairs.ok_or(Fault::InvalidRequest("The body is not encoded as its type says."))?;
        let mut names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(Fault::InvalidRequest("A parameter is there more than once."));
        }
        // One without a value counts as one that is not there (RFC 6749 §3.1 and §3.2).
        Ok(Self(pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()))
    }

    /// A parameter.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

type Pairs = Vec<(String, Zeroizing<String>)>;

fn from_form(body: &[u8]) -> Option<Pairs> {
    let text = std::str::from_utf8(body).ok()?;
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decoded(name)?.to_string(), decoded(value)?))
        })
        .collect()
}

/// One name or value of a form (RFC 6749 appendix B); `None` where it is not encoded so.
pub(super) fn decoded(text: &str) -> Option<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(std::mem::take(&mut *bytes)).ok().map(Zeroizing::new)
}

fn from_json(body: &[u8]) -> Option<Pairs> {
    serde_json::from_slice::<Object>(body).ok().map(|object| object.0)
}

/// An object of texts that keeps what is there twice.
struct Object(Pairs);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut pairs = Pairs::new();
                while let Some((name, value)) = map.next_entry::<String, String>()? {
                    pairs.push((name, Zeroizing::new(value)));
                }
                Ok(Object(pairs))
            }
        }
        deserializer.deserialize_map(Texts)
    }
}
