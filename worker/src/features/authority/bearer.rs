//! From a bearer token to who calls with it.

use std::rc::Rc;

use drawbridge_contract::types::sessions::{CallerCredential, CredentialKind};
use drawbridge_domain::credential::{PERSONAL_TOKEN, checked};
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::Timestamp;

use super::access_token::Claims;
use super::keyed_hash;
use super::message::{Answer, Ask, From, Good, Quota, good_parts, shard_of_app, shard_of_hash};
use crate::features::oauth_server;
use crate::http::{Credential, Facts, Failure};
use crate::json;
use crate::services::Services;

impl std::convert::From<&Facts> for From {
    fn from(facts: &Facts) -> Self {
        Self { address: facts.address.clone(), country: facts.country.clone() }
    }
}

/// Who calls with a bearer token, and how many calls are left. A typing error is found without asking anybody.
pub(crate) async fn bearer(
    services: &Services,
    token: &str,
    facts: &Facts,
) -> Result<(Credential, Option<Quota>), Failure> {
    if token.bytes().filter(|byte| *byte == b'.').count() == 2 {
        let claims = oauth_server::verify(services, &facts.origin, token).await?;
        return access_token(services, claims, facts).await;
    }
    checked(PERSONAL_TOKEN, token).map_err(|_| Failure::bad_token())?;
    let hash = keyed_hash(services, token).await?;
    let shard = shard_of_hash(&hash);
    let (good, quota) = decided(ask(services, shard, &Ask::Token { hash, from: Some(facts.into()) }).await?)?;
    Ok((known(&good, CredentialKind::Token, good.scopes, good.ends), quota))
}

async fn access_token(
    services: &Services,
    claims: Claims,
    facts: &Facts,
) -> Result<(Credential, Option<Quota>), Failure> {
    let wanted = Ask::App {
        app: claims.app.clone(),
        secret: None,
        token: Some(claims.id.clone()),
        from: Some(facts.into()),
    };
    let (good, quota) = decided(ask(services, shard_of_app(&claims.app), &wanted).await?)?;
    if good.tenant.id != claims.tenant || claims.expires_at <= services.now() {
        return Err(Failure::bad_token());
    }
    // What the app may do can have become less since the token was given.
    let scopes = claims.scopes.narrowed(good.scopes);
    Ok((known(&good, CredentialKind::App, scopes, Some(claims.expires_at)), quota))
}

fn known(good: &Good, kind: CredentialKind, scopes: ApiScopes, expires_at: Option<Timestamp>) -> Credential {
    let (id, name) = (good.id.clone(), good.name.clone());
    Credential {
        known: CallerCredential { kind, id, name, scopes, expires_at },
        me: good.me.clone(),
        maker: good.maker.clone(),
        maker_name: good.maker_name.clone(),
        tenant: good.tenant.clone(),
        role: good.role,
        ends: good.ends,
    }
}

fn decided(answer: Answer) -> Result<(Rc<Good>, Option<Quota>), Failure> {
    match answer {
        Answer::Good(good, quota) => Ok((good, quota)),
        Answer::Bad => Err(Failure::bad_token()),
        Answer::Limited { wait, quota } => Err(Failure::over_rate(wait, quota)),
        Answer::Heard => Err(Failure::no_authority("an answer to another question")),
    }
}

/// Asks a shard; once more where it does not answer, since it may just be starting anew.
pub(super) async fn ask(services: &Services, shard: char, ask: &Ask) -> Result<Answer, Failure> {
    let message = ask.written();
    let answer = match services.authorities.ask(shard, message.clone()).await {
        Ok(answer) => answer,
        Err(_) => services.authorities.ask(shard, message).await.map_err(Failure::no_authority)?,
    };
    match good_parts(&answer) {
        Some((quota, good)) => Ok(Answer::Good(services.heard.read(good)?, quota)),
        None => Ok(json::read(&answer)?),
    }
}
