//! From a bearer token to who calls with it.

use std::rc::Rc;

use drawbridge_contract::types::sessions::{CallerCredential, CredentialKind};
use drawbridge_domain::credential::{PERSONAL_TOKEN, checked};
use drawbridge_domain::id::ConnectionId;
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::Timestamp;

use super::access_token::Claims;
use super::keyed_hash;
use super::message::{Answer, Ask, From, Good, GoodParts, Quota, good_parts, shard_of_app, shard_of_hash};
use crate::features::oauth_server;
use crate::http::{Credential, Facts, Failure};
use crate::json;
use crate::services::Services;

impl std::convert::From<&Facts> for From {
    fn from(facts: &Facts) -> Self {
        Self { address: facts.address.clone(), country: facts.country.clone() }
    }
}

/// A bearer token that is good just now.
#[derive(Debug)]
pub(crate) struct Borne {
    /// Who calls with it.
    pub(crate) credential: Credential,
    /// How many calls it has left.
    pub(crate) quota: Option<Quota>,
    /// What the database says of the connection that is to be used, as [`told_of_use`] makes it. Nothing, where none is,
    /// or where the shard has nothing that it could keep.
    ///
    /// [`told_of_use`]: crate::features::connections::told_of_use
    pub(crate) told: Option<String>,
}

/// Who calls with a bearer token, to use a connection or for something else. A typing error is found without asking
/// anybody.
pub(crate) async fn bearer(
    services: &Services,
    token: &str,
    facts: &Facts,
    connection: Option<ConnectionId>,
) -> Result<Borne, Failure> {
    if token.bytes().filter(|byte| *byte == b'.').count() == 2 {
        let claims = oauth_server::verify(services, &facts.origin, token).await?;
        return access_token(services, claims, facts, connection).await;
    }
    checked(PERSONAL_TOKEN, token).map_err(|_| Failure::bad_token())?;
    let hash = keyed_hash(services, token).await?;
    let shard = shard_of_hash(&hash);
    let wanted = Ask::Token { hash, from: Some(facts.into()), connection };
    let (good, quota, told) = decided(ask(services, shard, &wanted).await?)?;
    let credential = known(&good, CredentialKind::Token, good.scopes, good.ends);
    Ok(Borne { credential, quota, told })
}

async fn access_token(
    services: &Services,
    claims: Claims,
    facts: &Facts,
    connection: Option<ConnectionId>,
) -> Result<Borne, Failure> {
    let wanted = Ask::App {
        app: claims.app.clone(),
        secret: None,
        token: Some(claims.id.clone()),
        from: Some(facts.into()),
        connection,
    };
    let (good, quota, told) = decided(ask(services, shard_of_app(&claims.app), &wanted).await?)?;
    if good.tenant.id != claims.tenant || claims.expires_at <= services.now() {
        return Err(Failure::bad_token());
    }
    // What the app may do can have become less since the token was given.
    let scopes = claims.scopes.narrowed(good.scopes);
    let credential = known(&good, CredentialKind::App, scopes, Some(claims.expires_at));
    Ok(Borne { credential, quota, told })
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

/// What is good, the calls that are left, and what is told of a connection.
type Decided = (Rc<Good>, Option<Quota>, Option<String>);

fn decided(answer: Answer) -> Result<Decided, Failure> {
    match answer {
        Answer::Good(good, quota, told) => Ok((good, quota, told)),
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
        Some(GoodParts { good, quota, told }) => {
            Ok(Answer::Good(services.heard.read(good)?, quota, told.map(str::to_owned)))
        }
        None => Ok(json::read(&answer)?),
    }
}
