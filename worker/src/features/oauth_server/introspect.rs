//! What a token is good for, asked by an app of its tenant (RFC 7662).

use drawbridge_domain::credential::PERSONAL_TOKEN;
use drawbridge_domain::time::SECOND;
use serde_json::{Value as Json, json};

use super::TOKEN_LIFE;
use super::client::authenticated;
use super::fault::{Fault, answered, told};
use super::parameters::Parameters;
use super::verify::{Invalid, verify};
use crate::features::authority::{self, AppState};
use crate::http::{Answer, Facts, Failure, Incoming};
use crate::services::Services;

pub(super) async fn handle(
    services: Services,
    facts: Facts,
    mut incoming: Incoming,
) -> Result<Answer, Failure> {
    told(&services, introspect(&services, &facts, &mut incoming)).await
}

async fn introspect(services: &Services, facts: &Facts, incoming: &mut Incoming) -> Result<Answer, Fault> {
    let parameters = Parameters::read(incoming, false).await?;
    let caller = authenticated(services, facts, incoming, &parameters).await?;
    let token = parameters.get("token").ok_or(Fault::InvalidRequest("The parameter token is missing."))?;
    let told = if token.starts_with(PERSONAL_TOKEN) {
        personal(services, facts, &caller, token).await?
    } else {
        of_app(services, facts, &caller, token).await?
    };
    // Of what is not active nothing else is told, not even why (RFC 7662 §2.2).
    Ok(answered(&caller, &told.unwrap_or_else(|| json!({ "active": false }))))
}

async fn of_app(
    services: &Services,
    facts: &Facts,
    caller: &AppState,
    token: &str,
) -> Result<Option<Json>, Fault> {
    let claims = match verify(services, &facts.origin, token).await {
        Ok(claims) if claims.tenant == caller.tenant => claims,
        Ok(_) | Err(Invalid::Bad | Invalid::Expired) => return Ok(None),
        Err(Invalid::Failed(failure)) => return Err(failure.into()),
    };
    // What the app has lost since is lost for its tokens too.
    let Some(scopes) = authority::stands(services, &claims).await? else { return Ok(None) };
    Ok(Some(json!({
        "active": true,
        "scope": scopes.to_string(),
        "client_id": claims.app,
        "token_type": "Bearer",
        "exp": claims.expires_at.millis() / SECOND,
        "iat": claims.expires_at.plus(-TOKEN_LIFE).millis() / SECOND,
        "sub": claims.app,
        "aud": facts.origin,
        "iss": facts.origin,
        "jti": claims.id,
        "tenant": claims.tenant,
    })))
}

async fn personal(
    services: &Services,
    facts: &Facts,
    caller: &AppState,
    token: &str,
) -> Result<Option<Json>, Fault> {
    let found = match authority::personal(services, token).await? {
        Some(found) if found.tenant == caller.tenant => found,
        _ => return Ok(None),
    };
    Ok(Some(json!({
        "active": true,
        "scope": found.scopes.to_string(),
        "token_type": "Bearer",
        "exp": found.expires_at.map(|end| end.millis() / SECOND),
        "sub": found.user,
        "aud": facts.origin,
        "iss": facts.origin,
        "jti": found.id,
        "tenant": found.tenant,
    })))
}
