//! Credentials, added to a call as the way to authenticate says.

use drawbridge_domain::connector::{AuthScheme, AuthWay, KeyPlace, Template, Values};
use http::HeaderMap;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use url::Url;

use super::secrets::Bundle;
use crate::encoding::base64;

/// The credentials cannot be put into a call: a field is missing or holds what no header can.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unfit;

/// The values with the secrets among them, for the templates of credentials only.
pub(super) fn with_secrets(values: &Values, bundle: &Bundle) -> Values {
    let mut all = values.clone();
    all.extend(bundle.fields.clone());
    all
}

/// Adds the credentials to a call's headers or address.
pub(super) fn add(
    way: &AuthWay,
    values: &Values,
    bundle: &Bundle,
    headers: &mut HeaderMap,
    url: String,
) -> Result<String, Unfit> {
    let secrets = with_secrets(values, bundle);
    let text = |template: &Template| template.expand_text(&secrets).map_err(|_| Unfit);
    let authorization = match &way.scheme {
        AuthScheme::OauthCode(_) | AuthScheme::OauthClientCredentials(_) => {
            format!("Bearer {}", bundle.access_token.as_deref().ok_or(Unfit)?)
        }
        AuthScheme::Bearer(bearer) => format!("Bearer {}", text(&bearer.token)?),
        // The gateway signs in at its target.
        AuthScheme::Gateway(_) => return Ok(url),
        AuthScheme::Basic(basic) => {
            let pair = format!("{}:{}", text(&basic.username)?, text(&basic.password)?);
            format!("Basic {}", base64(pair.as_bytes()))
        }
        AuthScheme::ApiKey(key) => {
            let (name, value) = (text(&key.name)?, text(&key.value)?);
            return match key.place {
                KeyPlace::Header => {
                    let name = HeaderName::try_from(name).map_err(|_| Unfit)?;
                    headers.insert(name, secret_header(&value)?);
                    Ok(url)
                }
                KeyPlace::Query => {
                    let mut url = Url::parse(&url).map_err(|_| Unfit)?;
                    url.query_pairs_mut().append_pair(&name, &value);
                    Ok(url.into())
                }
            };
        }
    };
    headers.insert(AUTHORIZATION, secret_header(&authorization)?);
    Ok(url)
}

fn secret_header(value: &str) -> Result<HeaderValue, Unfit> {
    let mut header = HeaderValue::from_str(value).map_err(|_| Unfit)?;
    header.set_sensitive(true);
    // What is no ASCII would be sent in an encoding that the other side has to guess.
    if value.is_ascii() { Ok(header) } else { Err(Unfit) }
}
