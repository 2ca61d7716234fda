//! The routes that are no endpoints of the API: what browsers, operators and OAuth clients call. All are open to
//! anybody; what more they demand, they check themselves.

use crate::endpoint::Method;

/// A route beside the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plain {
    /// The method.
    pub method: Method,
    /// The path.
    pub path: &'static str,
    /// What it is for, in one line.
    pub summary: &'static str,
}

impl Plain {
    const fn get(path: &'static str, summary: &'static str) -> Self {
        Self { method: Method::Get, path, summary }
    }

    const fn post(path: &'static str, summary: &'static str) -> Self {
        Self { method: Method::Post, path, summary }
    }
}

/// Whether the Worker runs at all.
pub const HEALTH: Plain = Plain::get("/healthz", "Answers 200 while the Worker runs.");
/// Whether the Worker can do its work.
pub const READY: Plain =
    Plain::get("/readyz", "Answers 200 when database and master keys are right, else 503 with the reason.");
/// Where providers send the browser back.
pub const OAUTH_CALLBACK: Plain = Plain::get(
    "/oauth/callback",
    "Takes the authorization answer of a provider, in the browser and session that asked for it.",
);
/// Where a single sign-on begins.
pub const SSO_START: Plain = Plain::get(
    "/oauth/sign-in",
    "Sends the browser to a tenant's OpenID provider: by tenant, email address or invitation.",
);
/// Where a tenant's OpenID provider sends the browser back.
pub const SSO_CALLBACK: Plain = Plain::get(
    "/oauth/sign-in/callback",
    "Takes the answer of a tenant's OpenID provider, in the browser that asked for it.",
);

/// Where apps get access tokens (RFC 6749 §3.2).
pub const TOKEN: Plain =
    Plain::post("/oauth/token", "Gives an app an access token (RFC 6749, client credentials).");
/// The same, where scripts for Nintex Automation Cloud look for it.
pub const TOKEN_ALIAS: Plain = Plain::post("/authentication/v1/token", "The same as /oauth/token.");
/// Where an access token is ended before its time.
pub const REVOKE: Plain =
    Plain::post("/oauth/revoke", "Ends an access token of the app that asks (RFC 7009).");
/// Where is asked what a token is good for.
pub const INTROSPECT: Plain =
    Plain::post("/oauth/introspect", "Tells an app what a token of its tenant is good for (RFC 7662).");
/// What the authorization server can do.
pub const METADATA: Plain =
    Plain::get("/.well-known/oauth-authorization-server", "Describes the authorization server (RFC 8414).");
/// The keys by which access tokens are checked.
pub const JWKS: Plain =
    Plain::get("/.well-known/jwks.json", "The public keys of those that sign access tokens (RFC 7517).");

/// All plain routes.
pub const ALL: [Plain; 11] = [
    HEALTH,
    READY,
    OAUTH_CALLBACK,
    SSO_START,
    SSO_CALLBACK,
    TOKEN,
    TOKEN_ALIAS,
    REVOKE,
    INTROSPECT,
    METADATA,
    JWKS,
];
