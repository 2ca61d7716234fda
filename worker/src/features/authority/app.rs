//! Apps and tokens, as the authorization server asks for them.

use drawbridge_contract::types::apps::TokenAlgorithm;
use drawbridge_domain::credential::{CLIENT_SECRET, PERSONAL_TOKEN, checked};
use drawbridge_domain::id::{AppId, TenantId, UserId};
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::Timestamp;

use super::bearer::ask;
use super::message::{Answer, Ask, Good, Quota, shard_of_app, shard_of_hash};
use super::{Claims, keyed_hash};
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
    let wanted = Ask::App { app: client.clone(), secret: hash, token: None, from, connection: None };
    match ask(services, shard_of_app(client), &wanted).await? {
        Answer::Good(good, quota, _) => Ok(state(client, &good, quota)),
        Answer::Bad => Err(Refused::Credentials),
        Answer::Limited { wait, .. } => Err(Refused::TooMany(wait)),
        Answer::Heard => Err(Failure::no_authority("an answer to another question").into()),
    }
}

fn state(client: &AppId, good: &Good, quota: Option<Quota>) -> AppState {
    AppState {
        id: client.clone(),
        name: good.name.clone(),
        tenant: good.tenant.id.clone(),
        scopes: good.scopes,
        algorithm: good.algorithm.unwrap_or_default(),
        quota,
    }
}

/// Whether an access token, whose signature is right, is still good; for who only asks about it (RFC 7662). The scopes
/// that it has are those that the app still has, too.
pub async fn stands(services: &Services, claims: &Claims) -> Result<Option<ApiScopes>, Failure> {
    let (app, token) = (claims.app.clone(), Some(claims.id.clone()));
    let wanted = Ask::App { app, secret: None, token, from: None, connection: None };
    let answer = ask(services, shard_of_app(&claims.app), &wanted).await?;
    let Answer::Good(good, ..) = answer else { return Ok(None) };
    let same = good.tenant.id == claims.tenant && claims.expires_at > services.now();
    Ok(same.then(|| claims.scopes.narrowed(good.scopes)))
}

/// A personal access token that is good just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonalState {
    /// The token; not the secret itself.
    pub id: String,
    /// Its user.
    pub user: UserId,
    /// Its tenant.
    pub tenant: TenantId,
    /// What it may do, as far as its user may.
    pub scopes: ApiScopes,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

/// The personal access token with this secret, for who only asks about it (RFC 7662).
pub async fn personal(services: &Services, secret: &str) -> Result<Option<PersonalState>, Failure> {
    if checked(PERSONAL_TOKEN, secret).is_err() {
        return Ok(None);
    }
    let hash = keyed_hash(services, secret).await?;
    let shard = shard_of_hash(&hash);
    let answer = ask(services, shard, &Ask::Token { hash, from: None, connection: None }).await?;
    let Answer::Good(good, ..) = answer else { return Ok(None) };
    Ok(good.me.as_ref().map(|me| PersonalState {
        id: good.id.clone(),
        user: me.id.clone(),
        tenant: good.tenant.id.clone(),
        scopes: good.scopes,
        expires_at: good.ends,
    }))
}
