//! The token endpoint: an app gets an access token by its client secret (RFC 6749 §4.4).

use drawbridge_domain::id::AccessTokenId;
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::{SECOND, Timestamp};
use serde_json::json;

use super::client::authenticated;
use super::fault::{Fault, answered, told};
use super::jwt::{self, Body};
use super::parameters::Parameters;
use super::{TOKEN_LIFE, keys};
use crate::features::authority::{AppState, Claims};
use crate::http::{Answer, Facts, Failure, Incoming};
use crate::new_id;
use crate::ports::Algorithm;
use crate::services::Services;

pub(super) async fn handle(
    services: Services,
    facts: Facts,
    mut incoming: Incoming,
) -> Result<Answer, Failure> {
    told(&services, issue(&services, &facts, &mut incoming)).await
}

async fn issue(services: &Services, facts: &Facts, incoming: &mut Incoming) -> Result<Answer, Fault> {
    let parameters = Parameters::read(incoming, true).await?;
    let app = authenticated(services, facts, incoming, &parameters).await?;
    match parameters.get("grant_type") {
        Some("client_credentials") => {}
        Some(_) => return Err(Fault::UnsupportedGrantType),
        None => return Err(Fault::InvalidRequest("The parameter grant_type is missing.")),
    }
    let scopes = granted(&app, parameters.get("scope"))?;
    let end = services.now().millis() / SECOND * SECOND + TOKEN_LIFE;
    let claims = Claims {
        app: app.id.clone(),
        tenant: app.tenant.clone(),
        id: new_id!(services, AccessTokenId).map_err(Failure::from)?,
        scopes,
        expires_at: Timestamp::from_millis(end),
    };
    let token = sign(services, &facts.origin, keys::algorithm(app.algorithm), &claims).await?;
    let answer = json!({
        "access_token": token, "token_type": "Bearer", "expires_in": TOKEN_LIFE / SECOND,
        "expires_at": claims.expires_at, "scope": scopes.to_string(),
    });
    Ok(answered(&app, &answer))
}

/// A token with these claims: issuer and audience are this deployment, whose `origin` it is.
pub async fn sign(
    services: &Services,
    origin: &str,
    algorithm: Algorithm,
    claims: &Claims,
) -> Result<String, Failure> {
    let key = keys::signing(services, algorithm).await?;
    let end = claims.expires_at.millis() / SECOND;
    let body = Body {
        iss: origin.to_owned(),
        sub: claims.app.clone(),
        client_id: claims.app.clone(),
        aud: origin.to_owned(),
        iat: end - TOKEN_LIFE / SECOND,
        exp: end,
        nbf: None,
        jti: claims.id.clone(),
        scope: claims.scopes.to_string(),
        tenant: claims.tenant.clone(),
    };
    jwt::signed(services, &key, &body).await
}

/// The scopes of the token: those that were asked for, or all that the app has.
fn granted(app: &AppState, asked: Option<&str>) -> Result<ApiScopes, Fault> {
    let Some(asked) = asked else {
        let none = Fault::InvalidScope("The app has no scopes.");
        return if app.scopes.is_empty() { Err(none) } else { Ok(app.scopes) };
    };
    let asked = ApiScopes::parse(asked).ok_or(Fault::InvalidScope("A scope is unknown or there twice."))?;
    if app.scopes.hold_all(asked) {
        Ok(asked)
    } else {
        Err(Fault::InvalidScope("The app does not have all of these scopes."))
    }
}
