//! The end of an access token before its time (RFC 7009).

use drawbridge_domain::credential::PERSONAL_TOKEN;
use drawbridge_domain::id::Id;
use serde_json::json;

use super::client::authenticated;
use super::fault::{Fault, answered, told};
use super::parameters::Parameters;
use super::store;
use super::verify::{Invalid, verify};
use crate::features::audit::Record;
use crate::features::authority::{self, Affected, Claims};
use crate::http::{Answer, Facts, Failure, Incoming};
use crate::ports::{DbError, Statement};
use crate::services::Services;

pub(super) async fn handle(
    services: Services,
    facts: Facts,
    mut incoming: Incoming,
) -> Result<Answer, Failure> {
    told(&services, asked(&services, &facts, &mut incoming)).await
}

async fn asked(services: &Services, facts: &Facts, incoming: &mut Incoming) -> Result<Answer, Fault> {
    let parameters = Parameters::read(incoming, false).await?;
    let app = authenticated(services, facts, incoming, &parameters).await?;
    let token = parameters.get("token").ok_or(Fault::InvalidRequest("The parameter token is missing."))?;
    if token.starts_with(PERSONAL_TOKEN) {
        return Err(Fault::UnsupportedTokenType);
    }
    let done = answered(&app, &json!({}));
    let claims = match verify(services, &facts.origin, token).await {
        Ok(claims) => claims,
        // What is no token, or none any more, needs no end (RFC 7009 §2.2).
        Err(Invalid::Bad | Invalid::Expired) => return Ok(done),
        Err(Invalid::Failed(failure)) => return Err(failure.into()),
    };
    if claims.app != app.id {
        return Err(Fault::UnauthorizedClient("The token was given to another app."));
    }
    revoke(services, facts, &claims).await?;
    Ok(done)
}

/// Ends a token; when it answers, the token is good nowhere.
pub async fn revoke(services: &Services, facts: &Facts, claims: &Claims) -> Result<(), Failure> {
    // The app was deleted meanwhile: its tokens are over.
    let Some(acting) = store::acting(services, &claims.app).await? else { return Ok(()) };
    let record = Record::done("app.token_revoked", "app", claims.app.as_str(), &acting.name)
        .with_changes(json!({ "token": { "before": claims.id, "after": null } }));
    let scope = acting.scope(&claims.app, facts.clone());
    let changes = vec![store::revoke(&scope, claims), Statement::must_change()];
    let affected = [Affected::App(claims.app.clone())];
    match authority::commit(services, &scope, &affected, changes, &[record]).await {
        // It was revoked before.
        Ok(_) | Err(DbError::Guard) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
