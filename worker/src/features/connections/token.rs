//! The provider's token endpoint: codes, refresh tokens and client credentials (RFC 6749 §4.1.3, §4.4, §6).

use std::collections::BTreeMap;

use drawbridge_domain::connection::{Reason, refresh_at};
use drawbridge_domain::connector::{
    Definition, OauthClientCredentials, OauthCode, Template, TokenAuthMethod, TokenBody, TokenValue, Values,
};
use drawbridge_domain::oauth::token_error;
use drawbridge_domain::time::{SECOND, Timestamp};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Method};
use serde_json::{Map, Value};

use super::outward;
use super::secrets::Bundle;
use crate::encoding::base64;
use crate::json;
use crate::services::Services;

/// The longest life of a token that is believed, in seconds: ten years. Longer ones come from providers that mean "for
/// ever", and would lie beyond what can be said as a time.
const LONGEST_LIFE: u64 = 3650 * 24 * 60 * 60;

/// The client as which a token is asked for. It cannot be printed.
pub(super) struct Client {
    pub(super) id: String,
    pub(super) secret: String,
}

/// What a token answer brought.
pub(super) struct Tokens {
    access_token: String,
    refresh_token: Option<String>,
    pub(super) scopes: Option<Vec<String>>,
    pub(super) expires: Option<Timestamp>,
    pub(super) refresh: Option<Timestamp>,
    values: BTreeMap<String, String>,
}

/// Why no token was had: the reason, and what the provider said.
#[derive(Debug)]
pub(super) struct TokenFailure {
    pub(super) reason: Reason,
    pub(super) words: Option<String>,
}

impl From<Reason> for TokenFailure {
    fn from(reason: Reason) -> Self {
        Self { reason, words: None }
    }
}

impl Tokens {
    /// Puts the tokens into a bundle; an old refresh token stays where the answer brought none.
    pub(super) fn store(&self, bundle: &mut Bundle) {
        bundle.access_token = Some(self.access_token.clone());
        if self.refresh_token.is_some() {
            bundle.refresh_token.clone_from(&self.refresh_token);
        }
        bundle.token_values.extend(self.values.clone());
    }
}

/// What is particular about a connector's token endpoint.
pub(super) struct TokenEndpoint<'a> {
    url: &'a Template,
    auth: &'a TokenAuthMethod,
    body: TokenBody,
    extra: &'a BTreeMap<String, Template>,
    default_expiry: Option<u64>,
    values: &'a [TokenValue],
    refreshes: bool,
}

impl<'a> From<&'a OauthCode> for TokenEndpoint<'a> {
    fn from(oauth: &'a OauthCode) -> Self {
        Self {
            url: &oauth.token_url,
            auth: &oauth.token_auth_method,
            body: oauth.token_body,
            extra: &oauth.extra_token_params,
            default_expiry: oauth.default_expiry_seconds,
            values: &oauth.token_values,
            refreshes: oauth.refresh.is_some(),
        }
    }
}

impl<'a> From<&'a OauthClientCredentials> for TokenEndpoint<'a> {
    fn from(oauth: &'a OauthClientCredentials) -> Self {
        Self {
            url: &oauth.token_url,
            auth: &oauth.token_auth_method,
            body: oauth.token_body,
            extra: &oauth.extra_token_params,
            default_expiry: oauth.default_expiry_seconds,
            values: &oauth.token_values,
            refreshes: true,
        }
    }
}

/// Asks the token endpoint, with the grant's own parameters.
pub(super) async fn request(
    services: &Services,
    definition: &Definition,
    endpoint: &TokenEndpoint<'_>,
    values: &Values,
    client: &Client,
    grant: Vec<(&str, String)>,
) -> Result<Tokens, TokenFailure> {
    let url = endpoint.url.expand(values).map_err(|_| Reason::Unreachable)?;
    let mut params: Vec<(String, String, bool)> =
        grant.into_iter().map(|(name, value)| (name.to_owned(), value, false)).collect();
    for (name, template) in endpoint.extra {
        let value = template.expand_text(values).map_err(|_| Reason::Unreachable)?;
        params.push((name.clone(), value, template.number().is_some()));
    }
    let mut headers = HeaderMap::new();
    match endpoint.auth.resolve(values) {
        TokenAuthMethod::Basic => {
            headers.insert(AUTHORIZATION, basic(client).ok_or(Reason::ClientRefused)?);
        }
        TokenAuthMethod::Post => {
            params.push(("client_id".to_owned(), client.id.clone(), false));
            params.push(("client_secret".to_owned(), client.secret.clone(), false));
        }
        TokenAuthMethod::None | TokenAuthMethod::Field(_) => {
            params.push(("client_id".to_owned(), client.id.clone(), false));
        }
    }
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let body = match endpoint.body {
        TokenBody::Form => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
            let pairs = params.iter().map(|(name, value, _)| (name, value));
            form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
        }
        TokenBody::Json => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            let as_json = |(name, value, number): (String, String, bool)| {
                let value = match value.parse::<u64>() {
                    Ok(parsed) if number => Value::from(parsed),
                    _ => Value::from(value),
                };
                (name, value)
            };
            Value::Object(params.into_iter().map(as_json).collect::<Map<_, _>>()).to_string()
        }
    };
    let response =
        outward::send(services, definition, values, Method::POST, &url, headers, Some(body.into_bytes()))
            .await?;
    let answer = parse(&response.headers, &response.body);
    read(endpoint, response.status, answer, services.now())
}

/// `client_secret_basic`: each part is form-encoded first (RFC 6749 §2.3.1).
pub(super) fn basic(client: &Client) -> Option<HeaderValue> {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encode(&client.id), encode(&client.secret));
    let mut header = HeaderValue::from_str(&format!("Basic {}", base64(pair.as_bytes()))).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// The answer as JSON; some providers still answer as a form.
fn parse(headers: &HeaderMap, body: &[u8]) -> Option<Map<String, Value>> {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if media_type.starts_with("application/x-www-form-urlencoded") {
        let pairs = form_urlencoded::parse(body);
        return Some(
            pairs.map(|(name, value)| (name.into_owned(), Value::from(value.into_owned()))).collect(),
        );
    }
    match json::parse(body) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

fn text<'a>(answer: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    answer.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn read(
    endpoint: &TokenEndpoint<'_>,
    status: u16,
    answer: Option<Map<String, Value>>,
    now: Timestamp,
) -> Result<Tokens, TokenFailure> {
    let unknown = match status {
        429 => Reason::RateLimited,
        500..=599 => Reason::ProviderError,
        _ => Reason::Nonsense,
    };
    let Some(answer) = answer else { return Err(unknown.into()) };
    // Some providers send their errors with status 200.
    if let Some(error) = text(&answer, "error").filter(|_| status < 500 && status != 429) {
        let words = text(&answer, "error_description").unwrap_or(error).to_owned();
        return Err(TokenFailure { reason: token_error(error), words: Some(words) });
    }
    if !(200..300).contains(&status) {
        return Err(TokenFailure {
            reason: unknown,
            words: text(&answer, "error_description").map(str::to_owned),
        });
    }
    let Some(access_token) = text(&answer, "access_token") else { return Err(Reason::Nonsense.into()) };
    if text(&answer, "token_type").is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        let words = "The provider gave a token of another type than Bearer.".to_owned();
        return Err(TokenFailure { reason: Reason::Nonsense, words: Some(words) });
    }
    let mut values = BTreeMap::new();
    for value in endpoint.values {
        match text(&answer, &value.from) {
            Some(found) if value.format.check(found).is_ok() => {
                values.insert(value.id.clone(), found.to_owned());
            }
            None if !value.required => {}
            _ => return Err(Reason::Nonsense.into()),
        }
    }
    let life = match answer.get("expires_in") {
        Some(Value::String(text)) => text.parse().ok(),
        Some(number) => number.as_u64(),
        None => endpoint.default_expiry,
    };
    let expires = life
        .and_then(|life: u64| i64::try_from(life.min(LONGEST_LIFE)).ok())
        .map(|life| now.plus(life.saturating_mul(SECOND)));
    let refresh_token = text(&answer, "refresh_token").map(str::to_owned);
    Ok(Tokens {
        access_token: access_token.to_owned(),
        refresh_token,
        scopes: text(&answer, "scope").map(|scopes| {
            scopes.split([' ', ',']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
        }),
        expires,
        refresh: expires.filter(|_| endpoint.refreshes).map(|expires| refresh_at(now, expires)),
        values,
    })
}
