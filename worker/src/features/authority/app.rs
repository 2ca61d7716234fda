//! Apps, as the authorization server asks for them.

use drawbridge_contract::types::apps::TokenAlgorithm;
use drawbridge_domain::credential::{CLIENT_SECRET, checked};
use drawbridge_domain::id::{AccessTokenId, AppId, TenantId};
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::Timestamp;

use super::bearer::ask;
use super::concern::Concern;
use super::message::{Answer, Ask, Good, Quota, shard_of_app};
use super::{Affected, Claims, keyed_hash, store};
use crate::http::{Facts, Failure};
use crate::services::Services;

/// An app that may be used just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppState {
    /// The app.
    pub id: AppId,
    /// Its name.
    pub name: String,
    /// Its tenant.
    pub tenant: TenantId,
    /// What it may do.
    pub scopes: ApiScopes,
    /// How its access tokens are signed.
    pub algorithm: TokenAlgorithm,
    /// How many calls it has left.
    pub quota: Option<Quota>,
}

/// Why an app is not let in.
#[derive(Debug)]
pub enum Refused {
    /// It is unknown, disabled or over, its secret is another, or it may not be used from there. Which is not told.
    Credentials,
    /// Too many calls; wait so many milliseconds.
    TooMany(i64),
    /// It could not be found out.
    Failed(Failure),
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// The app with this `client_id`, with its secret or the one before it while both work. Without a secret it is only
/// looked at, and whoever asks must have good reason to.
pub async fn app(
    services: &Services,
    client: &AppId,
    secret: Option<&str>,
    facts: &Facts,
) -> Result<AppState, Refused> {
    let hash = match secret {
        Some(secret) => {
            checked(CLIENT_SECRET, secret).map_err(|_| Refused::Credentials)?;
            Some(keyed_hash(services, secret).await?)
        }
        None => None,
    };
    let from = hash.is_some().then(|| facts.into());
    let wanted = Ask::App { app: client.clone(), secret: hash, token: None, from };
    match ask(services, shard_of_app(client), &wanted).await? {
        Answer::Good(good) => Ok(state(client, *good)),
        Answer::Bad => Err(Refused::Credentials),
        Answer::Limited { wait, .. } => Err(Refused::TooMany(wait)),
        Answer::Heard => Err(Failure::no_authority("an answer to another question").into()),
    }
}

fn state(client: &AppId, good: Good) -> AppState {
    AppState {
        id: client.clone(),
        name: good.name,
        tenant: good.tenant.id,
        scopes: good.scopes,
        algorithm: good.algorithm.unwrap_or_default(),
        quota: good.quota,
    }
}

/// Whether an access token, whose signature is right, is still good; for who only asks about it (RFC 7662). The scopes
/// that it has are those that the app still has, too.
pub async fn stands(services: &Services, claims: &Claims) -> Result<Option<ApiScopes>, Failure> {
    let wanted =
        Ask::App { app: claims.app.clone(), secret: None, token: Some(claims.id.clone()), from: None };
    let answer = ask(services, shard_of_app(&claims.app), &wanted).await?;
    let Answer::Good(good) = answer else { return Ok(None) };
    let same = good.tenant.id == claims.tenant && claims.expires_at > services.now();
    Ok(same.then(|| claims.scopes.narrowed(good.scopes)))
}

/// Revokes one access token of an app (RFC 7009). When it answers, the token is good nowhere.
pub async fn revoke_access_token(
    services: &Services,
    tenant: &TenantId,
    app: &AppId,
    id: &AccessTokenId,
    expires_at: Timestamp,
) -> Result<(), Failure> {
    let mut concern = Concern::new(tenant, &[Affected::App(app.clone())]);
    let flux = concern.begin(services).await?;
    let written = services.db.batch(vec![store::revoke(tenant, app, id, expires_at)]).await;
    flux.end(services, &mut concern, Vec::new()).await?;
    written.map(|_| ()).map_err(Failure::from)
}
