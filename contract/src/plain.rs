//! The routes that are no endpoints of the API: what browsers and operators call. All are GET and open to
//! anybody; what more they demand, they check themselves.

/// A route beside the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plain {
    /// The path.
    pub path: &'static str,
    /// What it is for, in one line.
    pub summary: &'static str,
}

/// Whether the Worker runs at all.
pub const HEALTH: Plain = Plain { path: "/healthz", summary: "Answers 200 while the Worker runs." };
/// Whether the Worker can do its work.
pub const READY: Plain = Plain {
    path: "/readyz",
    summary: "Answers 200 when database and master keys are right, else 503 with the reason.",
};
/// Where providers send the browser back.
pub const OAUTH_CALLBACK: Plain = Plain {
    path: "/oauth/callback",
    summary: "Takes the authorization answer of a provider, in the browser and session that asked for it.",
};
/// Where a single sign-on begins.
pub const SSO_START: Plain = Plain {
    path: "/oauth/sign-in",
    summary: "Sends the browser to a tenant's OpenID provider: by tenant, email address or invitation.",
};
/// Where a tenant's OpenID provider sends the browser back.
pub const SSO_CALLBACK: Plain = Plain {
    path: "/oauth/sign-in/callback",
    summary: "Takes the answer of a tenant's OpenID provider, in the browser that asked for it.",
};

/// All plain routes.
pub const ALL: [Plain; 5] = [HEALTH, READY, OAUTH_CALLBACK, SSO_START, SSO_CALLBACK];
