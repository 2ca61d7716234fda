//! The access tokens of apps, as far as they say themselves what they are.

use drawbridge_domain::id::{AccessTokenId, AppId, TenantId};
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::Timestamp;

/// What an access token says, once its signature, its times and its audience were found right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The app to which it was given.
    pub app: AppId,
    /// The app's tenant.
    pub tenant: TenantId,
    /// The token.
    pub id: AccessTokenId,
    /// What it may do.
    pub scopes: ApiScopes,
    /// When it ends.
    pub expires_at: Timestamp,
}
