//! What a provider says of itself (OpenID Connect Discovery 1.0) and its keys (RFC 7517): fetched, checked, cut to
//! what is used, and kept beside the settings.

use drawbridge_domain::time::{HOUR, MINUTE};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::outward::{self, Trouble};
use super::store::{self, SsoRow};
use crate::encoding::from_base64url;
use crate::http::Failure;
use crate::json;
use crate::ports::DbError;
use crate::services::Services;

/// How long what a provider says of itself is believed, in milliseconds.
const PROVIDER_LIFE: i64 = 24 * HOUR;
/// How long its keys are believed: one that it withdrew is good no longer than that.
const KEYS_LIFE: i64 = HOUR;
/// How soon keys are fetched again for a name that is unknown.
const KEYS_PAUSE: i64 = MINUTE;
/// The most keys that are kept.
const MOST_KEYS: usize = 32;

/// What is used of the provider's description.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Provider {
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) jwks_uri: String,
    #[serde(default)]
    pub(super) userinfo_endpoint: Option<String>,
    /// Whether the client's secret goes into the body, for providers that take it in no other way.
    #[serde(default)]
    pub(super) secret_in_body: bool,
    /// Whether every answer must name the issuer (RFC 9207 §2.3).
    #[serde(default)]
    pub(super) names_issuer: bool,
}

/// Fetches a provider's description; the issuer as the provider itself writes it.
pub(super) async fn discover(services: &Services, issuer: &str) -> Result<(String, Provider), Trouble> {
    let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let otherwise = "There is no OpenID provider at this address: its description cannot be read.";
    let found = outward::get(services, &url, HeaderMap::new(), otherwise).await?;
    let named = text(&found, "issuer").unwrap_or_default();
    // The issuer must be exactly the one that was asked (Discovery §4.3). A slash at the end is forgiven to whoever
    // types it, and then the provider's own way of writing counts.
    if named.trim_end_matches('/') != issuer.trim_end_matches('/') {
        return Err(Trouble::Nonsense("The provider at this address says that it is another one."));
    }
    let endpoint = |name: &str| {
        let url = text(&found, name).filter(|url| url.len() <= 1000);
        let url =
            url.ok_or(Trouble::Nonsense("The provider's description lacks an address that is needed."))?;
        if outward::may_call(services, url) { Ok(url.to_owned()) } else { Err(Trouble::NotPublic) }
    };
    let lists = |name: &str, value: &str| {
        found.get(name).and_then(Value::as_array).map(|list| list.iter().any(|one| one == value))
    };
    if lists("response_types_supported", "code") == Some(false) {
        return Err(Trouble::Nonsense("The provider does not offer the code flow."));
    }
    if lists("code_challenge_methods_supported", "S256") == Some(false) {
        return Err(Trouble::Nonsense("The provider does not offer PKCE with S256."));
    }
    let methods = |method| lists("token_endpoint_auth_methods_supported", method);
    Ok((
        named.to_owned(),
        Provider {
            authorization_endpoint: endpoint("authorization_endpoint")?,
            token_endpoint: endpoint("token_endpoint")?,
            jwks_uri: endpoint("jwks_uri")?,
            userinfo_endpoint: endpoint("userinfo_endpoint").ok(),
            secret_in_body: methods("client_secret_basic") == Some(false)
                && methods("client_secret_post") == Some(true),
            names_issuer: found.get("authorization_response_iss_parameter_supported")
                == Some(&Value::Bool(true)),
        },
    ))
}

/// The provider of some settings, asked again when it was not for long.
pub(super) async fn provider(
    services: &Services,
    row: &SsoRow,
) -> Result<Result<Provider, Trouble>, Failure> {
    let now = services.now();
    let known: Provider = json::read(&row.provider)?;
    if now.millis() - row.provider_at < PROVIDER_LIFE {
        return Ok(Ok(known));
    }
    match discover(services, &row.issuer).await {
        Ok((named, found)) if named == row.issuer => {
            let text = serde_json::to_string(&found)?;
            services.db.batch(vec![store::keep_provider(row, &text, now)]).await?;
            Ok(Ok(found))
        }
        Ok(_) => Ok(Err(Trouble::Nonsense("The provider says that it is another one."))),
        // What it said yesterday is good enough to find out whether it is there at all.
        Err(Trouble::Unreachable) => Ok(Ok(known)),
        Err(trouble) => Ok(Err(trouble)),
    }
}

/// The keys that may have signed a token with that `kid`, of that type; fetched anew when they are old or the name is
/// unknown, and for unknown names not more often than once a minute. Old ones are fetched by everybody who comes: of
/// many who sign in at the same moment none is sent away because another one asks.
pub(super) async fn keys(
    services: &Services,
    row: &SsoRow,
    provider: &Provider,
    kid: Option<&str>,
    kty: &str,
    algorithm: &str,
) -> Result<Result<Vec<Value>, Trouble>, Failure> {
    let now = services.now();
    let known: Vec<Value> = json::read(&row.keys)?;
    let found = fitting(&known, kid, kty, algorithm);
    let age = now.millis() - row.keys_at;
    let is_fresh = age < KEYS_LIFE;
    if is_fresh && (!found.is_empty() || now.millis() - row.keys_asked_at < KEYS_PAUSE) {
        return Ok(Ok(found));
    }
    if is_fresh {
        match services.db.batch(store::claim_keys(row, now.plus(-KEYS_PAUSE), now)).await {
            // They were asked for less than a minute ago, or are at this moment.
            Err(DbError::Guard) => return Ok(Ok(found)),
            result => result?,
        };
    }
    match fetch(services, provider).await {
        Ok(keys) => {
            let text = serde_json::to_string(&keys)?;
            services.db.batch(vec![store::keep_keys(row, &text, now)]).await?;
            Ok(Ok(fitting(&keys, kid, kty, algorithm)))
        }
        Err(trouble) => Ok(Err(trouble)),
    }
}

async fn fetch(services: &Services, provider: &Provider) -> Result<Vec<Value>, Trouble> {
    let otherwise = "The provider's keys cannot be read.";
    let found = outward::get(services, &provider.jwks_uri, HeaderMap::new(), otherwise).await?;
    let keys = found.get("keys").and_then(Value::as_array).ok_or(Trouble::Nonsense(otherwise))?;
    Ok(keys.iter().filter_map(usable).take(MOST_KEYS).collect())
}

/// A key cut to what is used of it; `None` for one that signs nothing that is accepted, or is too weak.
fn usable(key: &Value) -> Option<Value> {
    let key = key.as_object()?;
    if text(key, "use").is_some_and(|used| used != "sig") {
        return None;
    }
    let length = |name: &str| {
        text(key, name).filter(|text| text.len() <= 1024).and_then(from_base64url).map(|b| b.len())
    };
    let numbers: &[&str] = match text(key, "kty")? {
        "RSA" if (256..=512).contains(&length("n")?) && (1..=8).contains(&length("e")?) => &["n", "e"],
        "EC" if text(key, "crv")? == "P-256" && length("x")? == 32 && length("y")? == 32 => {
            &["crv", "x", "y"]
        }
        _ => return None,
    };
    let mut cut = Map::new();
    for name in ["kty", "kid", "alg"].iter().chain(numbers) {
        if let Some(value) = text(key, name).filter(|value| value.len() <= 1024) {
            cut.insert((*name).to_owned(), value.into());
        }
    }
    Some(Value::Object(cut))
}

fn fitting(keys: &[Value], kid: Option<&str>, kty: &str, algorithm: &str) -> Vec<Value> {
    let fits = |key: &&Value| {
        let is = |name: &str, wanted: &str| key.get(name).and_then(Value::as_str) == Some(wanted);
        is("kty", kty)
            && kid.is_none_or(|kid| is("kid", kid))
            && (key.get("alg").is_none() || is("alg", algorithm))
    };
    // A token without a `kid` is tried with the few keys that there are.
    keys.iter().filter(fits).take(4).cloned().collect()
}

pub(super) fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}
