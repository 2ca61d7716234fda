//! What the description says beside the endpoints: the introduction, the sections, headers, ways to authenticate.

use drawbridge_domain::scopes::ApiScope;
use serde_json::{Map, Value, json};

use crate::plain;

pub(super) const INTRODUCTION: &str = "\
One API serves the console, scripts and apps.

Send `Authorization: Bearer` with a personal access token or an access token of an app, or call from a page of the \
console with its session. What an app or a token needs beside the role of its user stands at each operation.

Bodies are JSON in camelCase; unknown fields are refused. Errors are `application/problem+json` (RFC 9457) with a \
`code` from a closed list. Lists take `pageSize` and `cursor` and answer `items` and, but for the last page, \
`nextCursor`. Changes take `If-Match` with the `ETag` of what was read. Calls that make something take \
`Idempotency-Key`. Every answer has an `X-Request-Id`.";

/// The sections, in the order of the document.
const TAGS: [(&str, &str); 20] = [
    ("Access tokens", "How apps get access tokens, and what can be asked about tokens (OAuth 2.0)."),
    ("Connections", "Credentials and settings for one connector, held by the tenant."),
    ("Using a connection", "Calls to the connected service with the connection's credentials."),
    ("Permissions", "Who was given what on a connection, and who can use it."),
    ("Connectors", "What can be connected, and what each service can do."),
    ("OAuth clients", "What the organisation registered at providers."),
    ("People", "Users, their invitations, and groups."),
    ("Apps", "Machine identities of the tenant for this API."),
    ("Tokens", "Users' own tokens for this API."),
    (
        "Gateways",
        "Agents in the organisation's own network, through which connections reach what stands there.",
    ),
    (
        "Gateway link",
        "What the agents themselves call: they join with a code, open their link, and leave (docs/GATEWAY-LINK.md).",
    ),
    ("Webhooks", "Endpoints that are told of events."),
    ("Audit log", "What was done, by whom, when; along a chain of hashes."),
    ("Live", "Changes as they happen."),
    ("Tenants", "The tenant, its settings and its limits."),
    ("Single sign-on", "The tenant's OpenID provider."),
    ("Sessions", "Signing in, who is calling, own sessions."),
    ("Set-up", "The first start."),
    (
        "Compatible paths",
        "The paths and shapes of Nintex Automation Cloud's public API: scripts written for it run \
      here after a change of host name. New programs use the endpoints above.",
    ),
    ("Operation of the service", "Health and readiness, for those who run Drawbridge."),
];

pub(super) fn tags() -> Vec<Value> {
    TAGS.iter().map(|(name, words)| json!({ "name": name, "description": words })).collect()
}

fn header(words: &str, example: &str) -> Value {
    json!({ "description": words, "schema": { "type": "string" }, "example": example })
}

pub(super) fn headers() -> Value {
    json!({
        "X-Request-Id": header("Names this request, in the logs and in audit records.", "req_01kafz2b5e4q8x7w9r3t6y1m0c"),
        "ETag": header("The version, for `If-Match`.", "\"v3\""),
        "Idempotent-Replayed": header("`true` where this is the answer that was given to the same key before.", "true"),
        "RateLimit": header("What is left of the calls of this app or token, and in how many seconds all is back. Only for apps and tokens.", "\"default\";r=587;t=3"),
        "RateLimit-Policy": header("How many calls an app or token may make, and in how many seconds. Only for apps and tokens.", "\"default\";q=600;w=60"),
        "Drawbridge-Token-Expires": header("When the app or token ends, from 30 days before; written as `Sunset` (RFC 8594) is.", "Tue, 22 Dec 2026 09:30:00 GMT"),
        "X-Answered-By": header("`provider`: the answer is the provider's own. Without it, it is one of Drawbridge's problems.", "provider"),
        "WWW-Authenticate": header("The challenge (RFC 6750 §3).", "Bearer realm=\"drawbridge\", error=\"invalid_token\""),
        "Retry-After": { "description": "How many seconds to wait.", "schema": { "type": "string", "pattern": "^[0-9]+$" }, "example": "12" },
    })
}

pub(super) fn parameters() -> Value {
    json!({
        "If-Match": {
            "name": "If-Match", "in": "header", "required": true,
            "description": "The `ETag` of the version that is to be changed.",
            "schema": { "type": "string", "maxLength": 255 }, "example": "\"v3\"",
        },
        "Idempotency-Key": {
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "A text of the caller's choice: the same key with the same request is carried out once.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
            "example": "2f1c8b1e-order-4711",
        },
    })
}

pub(super) fn security_schemes() -> Value {
    let scopes: Map<String, Value> =
        ApiScope::ALL.iter().map(|scope| (scope.code().to_owned(), scope.words().into())).collect();
    json!({
        "session": {
            "type": "apiKey", "in": "cookie", "name": "__Host-session",
            "description": "The console's session. Unsafe methods need an `Origin` header with the deployment's own address too.",
        },
        "bearer": {
            "type": "http", "scheme": "bearer",
            "description": "A personal access token (`dbr_pat_…`). The names beside it are the scopes that it needs.",
        },
        "oauth": {
            "type": "oauth2",
            "description": "An access token of an app.",
            "flows": { "clientCredentials": { "tokenUrl": plain::TOKEN.path, "scopes": scopes } },
        },
        "client": {
            "type": "http", "scheme": "basic",
            "description": "An app's `client_id` and `client_secret`, each encoded as in a form (RFC 6749 §2.3.1).",
        },
    })
}
