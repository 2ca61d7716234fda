//! The code, exchanged for tokens; and who the provider says that the person is.

use drawbridge_domain::account;
use drawbridge_domain::text::plain_name;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Method};
use serde_json::{Map, Value};

use super::outward::{self, Trouble};
use super::provider::{Provider, text};
use super::store::SsoRow;
use crate::encoding::base64;
use crate::services::Services;

/// What the token endpoint gave.
pub(super) struct Tokens {
    pub(super) id_token: String,
    access_token: Option<String>,
}

/// Why it gave nothing.
pub(super) enum TokenTrouble {
    /// It refused; with its own words.
    Refused(String),
    /// There was no use in its answer.
    Trouble(Trouble),
}

/// Exchanges the code (RFC 6749 §4.1.3, RFC 7636 §4.5).
pub(super) async fn exchange(
    services: &Services,
    row: &SsoRow,
    provider: &Provider,
    secret: &str,
    code: &str,
    verifier: &str,
    redirect_url: &str,
) -> Result<Tokens, TokenTrouble> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", code)
        .append_pair("redirect_uri", redirect_url)
        .append_pair("code_verifier", verifier);
    let mut headers = HeaderMap::new();
    if provider.secret_in_body {
        form.append_pair("client_id", &row.client_id).append_pair("client_secret", secret);
    } else {
        // Each part is form-encoded first (RFC 6749 §2.3.1).
        let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = format!("{}:{}", encode(&row.client_id), encode(secret));
        if let Ok(mut header) = HeaderValue::from_str(&format!("Basic {}", base64(pair.as_bytes()))) {
            header.set_sensitive(true);
            headers.insert(AUTHORIZATION, header);
        }
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    let sent =
        outward::send(services, Method::POST, &provider.token_endpoint, headers, Some(form.finish())).await;
    let (status, answer) = sent.map_err(TokenTrouble::Trouble)?;
    let nonsense =
        || TokenTrouble::Trouble(Trouble::Nonsense("The provider's token endpoint answered nonsense."));
    let answer = answer.ok_or_else(nonsense)?;
    if let Some(error) = text(&answer, "error") {
        let words = text(&answer, "error_description").unwrap_or(error).replace(secret, "…");
        return Err(TokenTrouble::Refused(words.chars().filter(|c| !c.is_control()).take(300).collect()));
    }
    match text(&answer, "id_token") {
        Some(token) if status == 200 => Ok(Tokens {
            id_token: token.to_owned(),
            access_token: text(&answer, "access_token").map(str::to_owned),
        }),
        _ => Err(nonsense()),
    }
}

/// Who signed in, as the provider tells.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) subject: String,
    pub(super) email: Option<String>,
    pub(super) email_verified: bool,
    first_name: Option<String>,
    last_name: Option<String>,
}

impl Person {
    /// The person of these claims; where they name no email address, the provider is asked for more (OpenID Connect
    /// Core §5.3), and what it says of anybody else is not taken.
    pub(super) async fn find(
        services: &Services,
        provider: &Provider,
        tokens: &Tokens,
        claims: Map<String, Value>,
    ) -> Result<Self, Trouble> {
        let subject = text(&claims, "sub").unwrap_or_default().to_owned();
        let (Some(url), Some(token), None) =
            (&provider.userinfo_endpoint, &tokens.access_token, text(&claims, "email"))
        else {
            return Ok(Self::of(subject, &claims));
        };
        let bad = Trouble::Nonsense("The provider's user info cannot be read.");
        let mut headers = HeaderMap::new();
        let mut bearer = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| bad)?;
        bearer.set_sensitive(true);
        headers.insert(AUTHORIZATION, bearer);
        let more = outward::get(services, url, headers, bad.words()).await?;
        if text(&more, "sub") != Some(subject.as_str()) {
            return Err(Trouble::Nonsense("The provider's user info is about somebody else."));
        }
        Ok(Self::of(subject, &more))
    }

    fn of(subject: String, claims: &Map<String, Value>) -> Self {
        let name = |name: &str| text(claims, name).and_then(|text| plain_name(text).ok()).map(str::to_owned);
        let whole = name("name").unwrap_or_default();
        let (first, last) = whole.split_once(' ').unwrap_or((&whole, ""));
        let part = |part: &str| plain_name(part).ok().map(str::to_owned);
        Self {
            subject,
            email: text(claims, "email").and_then(|email| account::email(email).ok()),
            // Some providers send the word; anything else is no verification.
            email_verified: matches!(claims.get("email_verified"), Some(Value::Bool(true)))
                || text(claims, "email_verified") == Some("true"),
            first_name: name("given_name").or_else(|| part(first)),
            last_name: name("family_name").or_else(|| part(last)),
        }
    }

    /// What people call this person: the email address, or else what the provider calls them.
    pub(super) fn known_as(&self) -> &str {
        self.email.as_deref().unwrap_or(&self.subject)
    }

    /// First and last name; where the provider tells none, the two sides of the email address.
    pub(super) fn names(&self) -> (String, String) {
        let (local, domain) = self.known_as().split_once('@').unwrap_or((self.known_as(), "–"));
        let or = |name: &Option<String>, other: &str| {
            name.clone().unwrap_or_else(|| other.chars().filter(|c| !"<>".contains(*c)).take(100).collect())
        };
        (or(&self.first_name, local), or(&self.last_name, domain))
    }
}
