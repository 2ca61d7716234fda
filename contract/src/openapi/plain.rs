//! The routes beside the endpoint table that programs call: access tokens for apps, health.

use drawbridge_domain::scopes::ApiScope;
use serde_json::{Map, Value, json};

use super::operation::component;
use crate::plain::{HEALTH, INTROSPECT, JWKS, METADATA, READY, REVOKE, TOKEN, TOKEN_ALIAS};
use crate::problem::ProblemCode;

const APP: &str = "app_01kafz2b5e4q8x7w9r3t6y1m0c";
const TOKENS: &str = "Access tokens";
const SERVICE: &str = "Operation of the service";

pub(super) fn paths() -> Map<String, Value> {
    let token = |name: &str, summary: &str| {
        let example = json!({ "grant_type": "client_credentials", "scope": "read:connection", "client_id": APP, "client_secret": "dbr_app_…" });
        let mut operation = client_call(name, summary, "TokenRequest", &example, "AccessToken");
        operation["description"] = "The app proves itself by the Basic scheme, or by `client_id` and `client_secret` in the body, a form or a JSON object of texts. `scope` asks for some of the app's scopes, parted by spaces; without it the token has all. Ask for a new token when the last one ends, not for every call.".into();
        operation["requestBody"]["content"]["application/json"] =
            json!({ "schema": component("schemas", "TokenRequest"), "example": example });
        json!({ "post": operation })
    };
    let example = json!({ "token": "eyJ…", "client_id": APP, "client_secret": "dbr_app_…" });
    let mut revoke =
        client_call("revokeAccessToken", "End an access token", "TokenQuestion", &example, "Empty");
    revoke["description"] = "Ends an access token of the app that asks (RFC 7009). What is no token, or none any more, is answered alike. Personal access tokens are `unsupported_token_type`: their users revoke them.".into();
    let mut introspect = client_call(
        "introspectToken",
        "Ask what a token is good for",
        "TokenQuestion",
        &example,
        "TokenState",
    );
    introspect["description"] = "What an access token or a personal access token of the caller's tenant is good for just now (RFC 7662); of all others nothing but `{\"active\": false}`.".into();
    let [metadata, keys] = [
        published(
            "readServerMetadata",
            "Read what the authorization server can do",
            "ServerMetadata",
            METADATA.summary,
        ),
        published(
            "readSigningKeys",
            "Read the keys that sign access tokens",
            "KeySet",
            "The public keys of those that sign access tokens (RFC 7517). Read it again where a token names a key that you do not know.",
        ),
    ];
    [
        (TOKEN.path, token("issueAccessToken", "Get an access token")),
        (
            TOKEN_ALIAS.path,
            token("issueAccessTokenAsNintex", "Get an access token, as Nintex Automation Cloud does"),
        ),
        (REVOKE.path, json!({ "post": revoke })),
        (INTROSPECT.path, json!({ "post": introspect })),
        (METADATA.path, metadata),
        (JWKS.path, keys),
        (HEALTH.path, state("readHealth", "Ask whether the service runs", "Health", HEALTH.summary, &[])),
        (
            READY.path,
            state(
                "readReadiness",
                "Ask whether the service can do its work",
                "Readiness",
                READY.summary,
                &[503],
            ),
        ),
    ]
    .into_iter()
    .map(|(path, item)| (path.to_owned(), item))
    .collect()
}

/// A call that an app makes in its own name.
fn client_call(name: &str, summary: &str, takes: &str, example: &Value, answers: &str) -> Value {
    let error = |words: &str| {
        json!({
            "description": words,
            "headers": { "X-Request-Id": component("headers", "X-Request-Id") },
            "content": { "application/json": { "schema": component("schemas", "OAuthError") } },
        })
    };
    let mut refused = error(
        "`invalid_client`: the app did not prove who it is, is disabled or expired, or may not call from this address.",
    );
    refused["headers"]["WWW-Authenticate"] = component("headers", "WWW-Authenticate");
    refused["content"]["application/json"]["example"] = json!({ "error": "invalid_client", "error_description": "The client is unknown or its secret is wrong." });
    let mut waits = error("`temporarily_unavailable`: too many requests.");
    waits["headers"]["Retry-After"] = component("headers", "Retry-After");
    waits["content"]["application/json"]["example"] = json!({ "error": "temporarily_unavailable", "error_description": "Too many requests. Wait, then try again." });
    let mut responses = json!({
        "200": {
            "description": format!("Done: {}.", summary.to_ascii_lowercase()),
            "headers": {
                "X-Request-Id": component("headers", "X-Request-Id"),
                "RateLimit": component("headers", "RateLimit"),
                "RateLimit-Policy": component("headers", "RateLimit-Policy"),
            },
            "content": { "application/json": { "schema": component("schemas", answers) } },
        },
        "400": error("Refused, with the reason in the words of OAuth (RFC 6749 §5.2)."),
        "401": refused,
        "429": waits,
    });
    add_faults(&mut responses, &[500, 503]);
    json!({
        "operationId": name, "summary": summary, "tags": [TOKENS],
        "security": [{ "client": [] }, {}],
        "requestBody": {
            "required": true,
            "content": { "application/x-www-form-urlencoded": { "schema": component("schemas", takes), "example": example } },
        },
        "responses": responses,
    })
}

fn add_faults(responses: &mut Value, statuses: &[u16]) {
    for status in statuses {
        let codes: Vec<ProblemCode> =
            [ProblemCode::Internal, ProblemCode::NotReady, ProblemCode::WrongMasterKey]
                .into_iter()
                .filter(|code| code.status() == *status)
                .collect();
        responses[status.to_string()] = super::problems::response(*status, &codes);
    }
}

/// What anybody may read.
fn state(name: &str, summary: &str, answers: &str, words: &str, faults: &[u16]) -> Value {
    let mut responses = json!({
        "200": {
            "description": format!("Done: {}.", summary.to_ascii_lowercase()),
            "headers": { "X-Request-Id": component("headers", "X-Request-Id") },
            "content": { "application/json": { "schema": component("schemas", answers) } },
        },
    });
    add_faults(&mut responses, faults);
    json!({ "get": {
        "operationId": name, "summary": summary, "description": words, "tags": [SERVICE], "security": [], "responses": responses,
    } })
}

/// The same for what pages of any site may read.
fn published(name: &str, summary: &str, answers: &str, words: &str) -> Value {
    let mut item = state(name, summary, answers, words, &[500, 503]);
    item["get"]["tags"] = json!([TOKENS]);
    item
}

/// The schemas of these routes.
pub(super) fn schemas() -> Map<String, Value> {
    let text =
        |words: &str, example: &str| json!({ "type": "string", "description": words, "examples": [example] });
    let seconds =
        |words: &str| json!({ "type": "integer", "description": words, "examples": [1_795_343_400] });
    let all: Vec<&str> = ApiScope::ALL.iter().map(|scope| scope.code()).collect();
    let scope = || text("Scopes, parted by spaces.", "read:connection read:user");
    let origin = "https://drawbridge.example";
    let schemas = json!({
        "TokenRequest": {
            "type": "object", "description": "What an app sends to get an access token.", "required": ["grant_type"],
            "properties": {
                "grant_type": { "type": "string", "enum": ["client_credentials"], "description": "The only grant." },
                "scope": scope(),
                "client_id": text("The app; absent where it proves itself by the Basic scheme.", APP),
                "client_secret": text("Its secret; likewise.", "dbr_app_…"),
            },
        },
        "AccessToken": {
            "type": "object", "description": "An access token.",
            "required": ["access_token", "token_type", "expires_in", "expires_at", "scope"],
            "properties": {
                "access_token": text("The token: a JSON Web Token (RFC 9068).", "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9…"),
                "token_type": { "type": "string", "const": "Bearer" },
                "expires_in": { "type": "integer", "description": "How many seconds it lives.", "examples": [3600] },
                "expires_at": component("schemas", "Timestamp"),
                "scope": scope(),
            },
        },
        "OAuthError": {
            "type": "object", "description": "A refusal as OAuth has it (RFC 6749 §5.2).", "required": ["error", "error_description"],
            "properties": {
                "error": {
                    "type": "string", "description": "What is wrong, for a program.",
                    "enum": ["invalid_request", "invalid_client", "invalid_scope", "unauthorized_client", "unsupported_grant_type", "unsupported_token_type", "temporarily_unavailable"],
                },
                "error_description": text("What is wrong, for a person.", "The parameter grant_type is missing."),
            },
        },
        "TokenQuestion": {
            "type": "object", "description": "The token that a question is about.", "required": ["token"],
            "properties": {
                "token": { "type": "string", "minLength": 1, "description": "The token." },
                "token_type_hint": text("Of what kind it is; not needed.", "access_token"),
                "client_id": text("The app; absent where it proves itself by the Basic scheme.", APP),
                "client_secret": text("Its secret; likewise.", "dbr_app_…"),
            },
        },
        "TokenState": {
            "type": "object", "description": "What a token is good for just now (RFC 7662).", "required": ["active"],
            "properties": {
                "active": { "type": "boolean", "description": "Whether it is good. If not, nothing else is told.", "examples": [true] },
                "scope": scope(),
                "client_id": text("The app; absent for a personal access token.", APP),
                "token_type": { "type": "string", "const": "Bearer" },
                "exp": { "type": ["integer", "null"], "description": "When it ends, in seconds since 1970." },
                "iat": seconds("When it was issued, in seconds since 1970; absent for a personal access token."),
                "sub": text("The app, or the token's user.", APP),
                "aud": text("For whom it is: this deployment.", origin),
                "iss": text("Who issued it: this deployment.", origin),
                "jti": text("The token's identifier.", "atk_01kafz2b5e4q8x7w9r3t6y1m0c"),
                "tenant": text("The tenant.", "ten_01kafz2b5e4q8x7w9r3t6y1m0c"),
            },
        },
        "ServerMetadata": {
            "type": "object", "description": "What the authorization server can do (RFC 8414).",
            "required": ["issuer", "token_endpoint", "jwks_uri", "grant_types_supported"],
            "properties": {
                "issuer": text("This deployment.", origin),
                "token_endpoint": text("Where apps get access tokens.", "https://drawbridge.example/oauth/token"),
                "jwks_uri": text("Where the signing keys are.", "https://drawbridge.example/.well-known/jwks.json"),
                "revocation_endpoint": text("Where access tokens are ended.", "https://drawbridge.example/oauth/revoke"),
                "introspection_endpoint": text("Where is asked about tokens.", "https://drawbridge.example/oauth/introspect"),
                "scopes_supported": { "type": "array", "items": { "type": "string" }, "description": "All scopes.", "examples": [all] },
                "grant_types_supported": { "type": "array", "items": { "type": "string" }, "description": "The only grant.", "examples": [["client_credentials"]] },
            },
        },
        "KeySet": {
            "type": "object", "description": "Public keys (RFC 7517).", "required": ["keys"],
            "properties": { "keys": { "type": "array", "description": "The keys.", "items": {
                "type": "object", "description": "One key.", "required": ["kid", "kty", "alg", "use"],
                "properties": {
                    "kid": text("The key's name, as tokens have it.", "sgk_01kafz2b5e4q8x7w9r3t6y1m0c"),
                    "kty": text("Its kind.", "OKP"), "alg": text("Its algorithm.", "EdDSA"), "use": text("What it is for.", "sig"),
                },
            } } },
        },
        "Empty": { "type": "object", "description": "Nothing." },
        "Health": { "type": "object", "description": "That the service runs.", "required": ["ok"], "properties": { "ok": { "type": "boolean", "const": true } } },
        "Readiness": {
            "type": "object", "description": "That the service can do its work.", "required": ["ready", "setupOpen"],
            "properties": {
                "ready": { "type": "boolean", "const": true },
                "setupOpen": { "type": "boolean", "description": "Whether the first set-up is still to be done." },
            },
        },
    });
    if let Value::Object(schemas) = schemas { schemas } else { Map::new() }
}
