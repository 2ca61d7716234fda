//! Set-up, sign-in and sessions.

use drawbridge_domain::id::{SessionId, UserId};
use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::SecretText;
use super::tenants::TenantRef;

/// Whether the first set-up is still to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct SetupState {
    /// Always true; once set up, the answer is 404.
    pub open: bool,
}

/// The first set-up of a deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct SetUp {
    /// The code that the deployment was started with.
    pub setup_code: SecretText,
    /// The first tenant's name.
    pub tenant_name: String,
    /// The first Global administrator's email address.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// A new password.
    pub password: SecretText,
}

/// Email and password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct SignIn {
    /// The account's email address.
    pub email: String,
    /// Its password.
    pub password: SecretText,
}

/// Who is signed in, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct WhoAmI {
    /// This session.
    pub session: SessionId,
    /// When the session ends whatever happens.
    pub expires_at: Timestamp,
    /// The user in the current tenant.
    pub user: Me,
    /// The current tenant.
    pub tenant: TenantRef,
    /// The user's role in it.
    pub role: Role,
    /// All tenants that the session reaches, the current one included: those of the account, or the one whose
    /// single sign-on began it.
    pub tenants: Vec<TenantRef>,
    /// Whether the session began by single sign-on, which is good for this tenant only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_sso: bool,
}

/// Who calls: a person in a session, a person's token, or an app. For a session it holds all of [`WhoAmI`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Caller {
    /// The session, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
    /// When the session ends whatever happens, or the credential.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// The user in the tenant; an app has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Me>,
    /// The session's current tenant, or the credential's own.
    pub tenant: TenantRef,
    /// The role in it.
    pub role: Role,
    /// All tenants that the caller reaches, this one included.
    pub tenants: Vec<TenantRef>,
    /// Whether the session began by single sign-on, which is good for this tenant only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_sso: bool,
    /// The app or token that calls; absent for a session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<CallerCredential>,
}

/// The app or token that calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct CallerCredential {
    /// Which of the two.
    pub kind: CredentialKind,
    /// Its identifier, which is safe to log.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it may do here: for an app, what its access token names of what the app may.
    pub scopes: ApiScopes,
    /// When it ends; for an app, when its access token does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// What is called with instead of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum CredentialKind {
    /// A personal access token.
    Token,
    /// An access token of an app.
    App,
}

/// The signed-in person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Me {
    /// The user in the current tenant.
    pub id: UserId,
    /// Email address.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
}

/// One of the caller's own sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// Browser and system, as far as the browser says.
    pub device: String,
    /// Network address of the last use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Country of the last use, as two letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Timestamp,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// A session in a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct SessionPath {
    /// The session.
    pub session: SessionId,
}

/// A new password for the caller's own account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChangePassword {
    /// The password until now.
    pub current_password: SecretText,
    /// The new one.
    pub new_password: SecretText,
}
