//! The withdrawal of a grant at its provider (RFC 7009).

use drawbridge_domain::connector::{RevocationStyle, RevokedToken, TokenAuthMethod};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Method};
use serde_json::Value as Json;

use super::record::Row;
use super::secrets::Bundle;
use super::token::basic;
use super::{outward, refresh};
use crate::http::{Failure, Scope};
use crate::json;
use crate::services::Services;

/// What became of a withdrawal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Withdrawal {
    /// The provider took the grant back, or there was none.
    Done,
    /// There is nothing that could be withdrawn.
    NotOffered,
    /// The provider did not take it back.
    Failed,
}

/// Withdraws what a connection was given.
pub(super) async fn revoke(services: &Services, scope: &Scope, row: &Row) -> Result<Withdrawal, Failure> {
    // A connector that this build does not have any more has no address to ask.
    let Ok((definition, way)) = row.definition() else { return Ok(Withdrawal::NotOffered) };
    let Some((oauth, revocation)) =
        way.oauth_code().and_then(|oauth| Some((oauth, oauth.revocation.as_ref()?)))
    else {
        return Ok(Withdrawal::NotOffered);
    };
    let Some(sealed) = row.sealed.as_deref() else { return Ok(Withdrawal::NotOffered) };
    let bundle = Bundle::open(services, scope.tenant(), &row.summary.id, sealed)?;
    let token = match revocation.token {
        RevokedToken::RefreshToken => bundle.refresh_token.as_ref().or(bundle.access_token.as_ref()),
        RevokedToken::AccessToken => bundle.access_token.as_ref(),
    };
    let Some(token) = token else { return Ok(Withdrawal::NotOffered) };
    let mut values = row.values(services, &definition, &way)?;
    let registered = row.oauth_client_id.as_ref();
    let client =
        refresh::client(services, scope.tenant(), &definition, &way, &values, &bundle, registered).await?;
    values.extend(bundle.token_values.clone());
    let Ok(url) = revocation.url.expand(&values) else { return Ok(Withdrawal::Failed) };
    let mut headers = HeaderMap::new();
    let (method, body) = match revocation.style {
        RevocationStyle::DeleteWithToken => {
            let Ok(mut bearer) = HeaderValue::from_str(&format!("Bearer {token}")) else {
                return Ok(Withdrawal::Failed);
            };
            bearer.set_sensitive(true);
            headers.insert(AUTHORIZATION, bearer);
            (Method::DELETE, None)
        }
        RevocationStyle::Standard => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.append_pair("token", token);
            let way = revocation.auth_method.as_ref().unwrap_or(&oauth.token_auth_method);
            match way.resolve(&values) {
                TokenAuthMethod::Basic => {
                    let Some(header) = basic(&client) else { return Ok(Withdrawal::Failed) };
                    headers.insert(AUTHORIZATION, header);
                }
                TokenAuthMethod::Post => {
                    form.append_pair("client_id", &client.id).append_pair("client_secret", &client.secret);
                }
                TokenAuthMethod::None | TokenAuthMethod::Field(_) => {
                    form.append_pair("client_id", &client.id);
                }
            }
            (Method::POST, Some(form.finish().into_bytes()))
        }
    };
    let Ok(answer) = outward::send(services, &definition, &values, method, &url, headers, body).await else {
        return Ok(Withdrawal::Failed);
    };
    // A token that the provider does not know any more is withdrawn already.
    let gone = json::parse(&answer.body).is_ok_and(|body| {
        matches!(body.get("error").and_then(Json::as_str), Some("invalid_token" | "invalid_grant"))
    });
    let done = (200..300).contains(&answer.status) || (answer.status == 400 && gone);
    Ok(if done { Withdrawal::Done } else { Withdrawal::Failed })
}
