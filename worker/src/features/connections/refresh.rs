//! New tokens for old: by refresh token, or by client credentials. One request at a time per connection: the
//! lease is a row in the database, and the new tokens are durable before they are used.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::connection::Reason;
use drawbridge_domain::connector::{AuthScheme, AuthWay, Definition, Values};
use drawbridge_domain::id::OAuthClientId;
use drawbridge_domain::time::{MINUTE, Timestamp};

use super::record::Row;
use super::secrets::Bundle;
use super::token::{self, Client, TokenEndpoint, TokenFailure, Tokens};
use super::{credentials, store};
use crate::features::oauth_clients::{secret_place, store::find_for_flow};
use crate::http::{Failure, Scope};
use crate::ports::DbError;
use crate::services::Services;

/// How long a refresh may take before another may be tried, in milliseconds.
const LEASE: i64 = MINUTE;

/// Whether the access token's time is up.
pub(super) fn is_due(row: &Row, now: Timestamp) -> bool {
    row.token_expires_at.is_some_and(|expires| expires <= now.millis())
}

/// Whether new tokens can be had without a person.
pub(super) fn is_possible(way: &AuthWay, bundle: &Bundle) -> bool {
    match &way.scheme {
        AuthScheme::OauthCode(oauth) => oauth.refresh.is_some() && bundle.refresh_token.is_some(),
        AuthScheme::OauthClientCredentials(_) => true,
        AuthScheme::Basic(_) | AuthScheme::ApiKey(_) | AuthScheme::Bearer(_) => false,
    }
}

/// Gets new tokens and stores them; the bundle has them afterwards. `Ok(Err(…))`: the provider gave none.
pub(super) async fn refresh(
    services: &Services,
    scope: &Scope,
    row: &mut Row,
    definition: &Definition,
    way: &AuthWay,
    values: &Values,
    bundle: &mut Bundle,
) -> Result<Result<(), TokenFailure>, Failure> {
    let id = row.summary.id.clone();
    let now = services.now();
    match services.db.batch(store::take_lease(scope, &id, now, now.plus(LEASE))).await {
        Err(DbError::Guard) => {
            let detail =
                "The connection is being refreshed by another request just now. Try again in a moment.";
            return Err(Failure::new(ProblemCode::RefreshInProgress, detail));
        }
        result => result?,
    };
    // Somebody may have finished a refresh between our reading and our lease: their tokens are good.
    let before = row.secrets_version;
    *row = super::read::find(services, scope, &id).await?;
    if let Some(sealed) = row.sealed.as_deref().filter(|_| row.secrets_version != before) {
        *bundle = Bundle::open(services, scope.tenant(), &id, sealed)?;
        services.db.batch(vec![store::end_lease(scope, &id)]).await?;
        return Ok(Ok(()));
    }
    let tokens =
        match ask(services, scope, definition, way, values, bundle, row.oauth_client_id.as_ref()).await {
            Ok(Ok(tokens)) => tokens,
            Ok(Err(failure)) => {
                services.db.batch(vec![store::end_lease(scope, &id)]).await?;
                return Ok(Err(failure));
            }
            Err(failure) => {
                services.db.batch(vec![store::end_lease(scope, &id)]).await?;
                return Err(failure);
            }
        };
    tokens.store(bundle);
    let sealed = bundle.seal(services, scope.tenant(), &id)?;
    let new = store::NewTokens {
        sealed: &sealed,
        replaces: row.secrets_version.unwrap_or_default(),
        scopes: tokens.scopes.as_ref().map(serde_json::to_string).transpose()?,
        expires: tokens.expires,
        refresh: tokens.refresh,
    };
    services.db.batch(store::replace_tokens(scope, &id, &new)).await?;
    *row = super::read::find(services, scope, &id).await?;
    Ok(Ok(()))
}

async fn ask(
    services: &Services,
    scope: &Scope,
    definition: &Definition,
    way: &AuthWay,
    values: &Values,
    bundle: &Bundle,
    registered: Option<&OAuthClientId>,
) -> Result<Result<Tokens, TokenFailure>, Failure> {
    match &way.scheme {
        AuthScheme::OauthCode(oauth) => {
            let Some(refresh_token) = bundle.refresh_token.clone() else {
                return Ok(Err(Reason::Expired.into()));
            };
            let client = client(services, scope, definition, way, values, bundle, registered).await?;
            let grant = vec![("grant_type", "refresh_token".to_owned()), ("refresh_token", refresh_token)];
            Ok(token::request(services, definition, &TokenEndpoint::from(&**oauth), values, &client, grant)
                .await)
        }
        _ => Ok(client_credentials(services, definition, way, values, bundle).await),
    }
}

/// A token by client credentials; the client is in the connection's own fields.
pub(super) async fn client_credentials(
    services: &Services,
    definition: &Definition,
    way: &AuthWay,
    values: &Values,
    bundle: &Bundle,
) -> Result<Tokens, TokenFailure> {
    let AuthScheme::OauthClientCredentials(oauth) = &way.scheme else { return Err(Reason::Expired.into()) };
    let secrets = credentials::with_secrets(values, bundle);
    let text = |template: &drawbridge_domain::connector::Template| {
        template.expand_text(&secrets).map_err(|_| TokenFailure::from(Reason::ClientRefused))
    };
    let client = Client { id: text(&oauth.client_id)?, secret: text(&oauth.client_secret)? };
    let mut grant = vec![("grant_type", "client_credentials".to_owned())];
    let scopes = oauth.scopes.requested(values);
    if !scopes.is_empty() {
        grant.push(("scope", oauth.scopes.join(&scopes)));
    }
    token::request(services, definition, &TokenEndpoint::from(&**oauth), values, &client, grant).await
}

/// The OAuth client of a connection: its own, a registered one, or the one that comes with the connector.
pub(super) async fn client(
    services: &Services,
    scope: &Scope,
    definition: &Definition,
    way: &AuthWay,
    values: &Values,
    bundle: &Bundle,
    registered: Option<&OAuthClientId>,
) -> Result<Client, Failure> {
    let missing = || {
        let detail = "The OAuth client of this connection is not there any more. Choose another one.";
        Failure::new(ProblemCode::Conflict, detail)
    };
    let oauth = way.oauth_code().ok_or_else(missing)?;
    if let Some(own) = &oauth.own_client {
        let secrets = credentials::with_secrets(values, bundle);
        let text = |template: &drawbridge_domain::connector::Template| {
            template.expand_text(&secrets).map_err(|_| missing())
        };
        return Ok(Client { id: text(&own.client_id)?, secret: text(&own.client_secret)? });
    }
    match (registered, &oauth.builtin_client) {
        (Some(id), _) => {
            let found =
                find_for_flow(services, scope.tenant(), &definition.id, id).await?.ok_or_else(missing)?;
            let opened = services
                .vault
                .open(secret_place(scope.tenant(), id), &found.sealed_secret)
                .map_err(|error| Failure::internal(format!("the secret of {id} does not open: {error:?}")))?;
            let secret = opened.text().ok_or_else(missing)?.to_owned();
            Ok(Client { id: found.client_id, secret })
        }
        (None, Some(builtin)) => {
            Ok(Client { id: builtin.client_id.clone(), secret: builtin.client_secret.clone() })
        }
        (None, None) => Err(missing()),
    }
}
