//! New tokens for old: by refresh token, or by client credentials. Only a connection's keeper asks for them.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::connection::Reason;
use drawbridge_domain::connector::{AuthScheme, AuthWay, Definition, Values};
use drawbridge_domain::id::{OAuthClientId, TenantId};
use drawbridge_domain::time::Timestamp;

use super::credentials;
use super::record::Row;
use super::secrets::Bundle;
use super::token::{self, Client, TokenEndpoint, TokenFailure, Tokens};
use crate::features::oauth_clients::{secret_place, store::find_for_flow};
use crate::http::Failure;
use crate::services::Services;

/// Whether the access token's time is up.
pub(super) fn is_over(row: &Row, now: Timestamp) -> bool {
    row.token_expires_at.is_some_and(|expires| expires <= now.millis())
}

/// Whether it is time for a new access token.
pub(super) fn is_due(row: &Row, now: Timestamp) -> bool {
    is_over(row, now) || row.next_refresh_at.is_some_and(|at| at <= now.millis())
}

/// Whether new tokens can be had without a person.
pub(super) fn is_possible(way: &AuthWay, bundle: &Bundle) -> bool {
    match &way.scheme {
        AuthScheme::OauthCode(oauth) => oauth.refresh.is_some() && bundle.refresh_token.is_some(),
        AuthScheme::OauthClientCredentials(_) => true,
        AuthScheme::Basic(_) | AuthScheme::ApiKey(_) | AuthScheme::Bearer(_) | AuthScheme::Gateway(_) => {
            false
        }
    }
}

/// Asks the provider for new tokens. `Ok(Err(…))`: it gave none.
pub(super) async fn ask(
    services: &Services,
    tenant: &TenantId,
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
            let client = client(services, tenant, definition, way, values, bundle, registered).await?;
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
    tenant: &TenantId,
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
            let found = find_for_flow(services, tenant, &definition.id, id).await?.ok_or_else(missing)?;
            let opened = services
                .vault
                .open(secret_place(tenant, id), &found.sealed_secret)
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
