//! How apps and personal access tokens stand.

use drawbridge_domain::credential::{AppStatus, TokenFacts, TokenStatus};
use drawbridge_domain::id::{AppId, TenantId};
use drawbridge_domain::network::{Network, admits};
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::Timestamp;

use super::keys::algorithm_of;
use super::store;
use super::verify::Claims;
use crate::encoding::same;
use crate::features::authority::keyed_hash;
use crate::http::Failure;
use crate::ports::Algorithm;
use crate::services::Services;

/// An app that may be used.
pub(super) struct AppState {
    pub(super) id: AppId,
    pub(super) tenant: TenantId,
    pub(super) scopes: ApiScopes,
    pub(super) algorithm: Algorithm,
}

/// Why an app may not be used.
pub(super) enum Refused {
    Unknown,
    Disabled,
    Expired,
    Address,
    TooMany(i64),
    Failed(Failure),
}

pub(super) async fn app(
    services: &Services,
    id: &AppId,
    secret: Option<&str>,
    address: &str,
) -> Result<AppState, Refused> {
    let failed = |failure: Failure| Refused::Failed(failure);
    let row = store::app(services, id).await.map_err(|error| failed(error.into()))?;
    let row = row.ok_or(Refused::Unknown)?;
    let now = services.now();
    if let Some(secret) = secret {
        let hash = keyed_hash(services, secret).await.map_err(failed)?;
        let previous = row.previous_hash.filter(|_| row.previous_until.is_some_and(|end| end > now.millis()));
        if !same(&row.secret_hash, &hash) && !previous.is_some_and(|previous| same(&previous, &hash)) {
            return Err(Refused::Unknown);
        }
    }
    match AppStatus::of(row.disabled != 0, row.expires_at.map(Timestamp::from_millis), now) {
        AppStatus::Active => {}
        AppStatus::Disabled => return Err(Refused::Disabled),
        AppStatus::Expired => return Err(Refused::Expired),
    }
    let networks: Vec<Network> =
        serde_json::from_str(&row.addresses).map_err(|error| failed(error.into()))?;
    if secret.is_some() && !admits(&networks, address) {
        return Err(Refused::Address);
    }
    Ok(AppState {
        id: id.clone(),
        tenant: row.tenant_id,
        scopes: ApiScopes::from_stored(&row.scopes),
        algorithm: algorithm_of(&row.token_algorithm).unwrap_or(Algorithm::EdDsa),
    })
}

/// What the app of a token has now; `None`: the app may not be used, or the token was revoked.
pub(super) async fn scopes_now(services: &Services, claims: &Claims) -> Result<Option<ApiScopes>, Failure> {
    let app = match app(services, &claims.app, None, "").await {
        Ok(app) if app.tenant == claims.tenant => app,
        Err(Refused::Failed(failure)) => return Err(failure),
        Ok(_) | Err(_) => return Ok(None),
    };
    let revoked = store::is_revoked(services, &claims.tenant, &claims.app, &claims.id).await?;
    Ok(Some(app.scopes).filter(|_| !revoked))
}

/// A personal access token that is active.
pub(super) struct Personal {
    pub(super) id: String,
    pub(super) user: String,
    pub(super) scopes: ApiScopes,
    pub(super) made_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

pub(super) async fn personal(
    services: &Services,
    tenant: &TenantId,
    token: &str,
) -> Result<Option<Personal>, Failure> {
    let now = services.now();
    let hash = keyed_hash(services, token).await?;
    let Some(row) = store::token(services, tenant, &hash, now).await? else { return Ok(None) };
    let facts = TokenFacts {
        made_at: Timestamp::from_millis(row.made_at),
        expires_at: Timestamp::from_millis(row.expires_at),
        revoked: row.revoked_at.is_some(),
        suspended: row.state != "active",
        max_days: row.max_token_days,
    };
    let is_active = TokenStatus::of(&facts, now) == TokenStatus::Active;
    Ok(is_active.then(|| Personal {
        id: row.id,
        user: row.user_id,
        scopes: ApiScopes::from_stored(&row.scopes),
        made_at: facts.made_at,
        expires_at: facts.expires_at,
    }))
}
