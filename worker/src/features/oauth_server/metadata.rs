//! What is published: what the authorization server can do (RFC 8414), and by which keys its tokens are checked
//! (RFC 7517). Pages of any site may read both.

use drawbridge_contract::plain;
use drawbridge_domain::id::Id;
use drawbridge_domain::scopes::ApiScope;
use serde_json::{Value as Json, json};

use super::keys;
use crate::http::{Answer, Facts, Failure, Incoming, router};
use crate::ports::Algorithm;
use crate::services::Services;

/// For how long it may be kept, in seconds: far less than a key is published before it signs.
const KEPT: &str = "public, max-age=300";

pub(super) async fn metadata(services: Services, facts: Facts, _: Incoming) -> Result<Answer, Failure> {
    router::ready(&services).await?;
    let at = |route: plain::Plain| format!("{}{}", facts.origin, route.path);
    let authentication = ["client_secret_basic", "client_secret_post"];
    let scopes: Vec<&str> = ApiScope::ALL.iter().map(|scope| scope.code()).collect();
    Ok(published(&json!({
        "issuer": facts.origin,
        "token_endpoint": at(plain::TOKEN),
        "jwks_uri": at(plain::JWKS),
        "scopes_supported": scopes,
        // There is no authorization endpoint.
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": authentication,
        "revocation_endpoint": at(plain::REVOKE),
        "revocation_endpoint_auth_methods_supported": authentication,
        "introspection_endpoint": at(plain::INTROSPECT),
        "introspection_endpoint_auth_methods_supported": authentication,
    })))
}

pub(super) async fn jwks(services: Services, _: Facts, _: Incoming) -> Result<Answer, Failure> {
    router::ready(&services).await?;
    // Whoever reads the keys before the first token is made finds the one that will sign it.
    keys::signing(&services, Algorithm::EdDsa).await?;
    let set = keys::current(&services).await?;
    let mut all = Vec::new();
    for key in set.published(services.now()) {
        let Json::Object(mut public) = crate::json::parse(key.public.as_bytes())? else {
            return Err(Failure::internal(format!("{} is no key", key.id)));
        };
        public.insert("kid".to_owned(), key.id.as_str().into());
        public.insert("use".to_owned(), "sig".into());
        public.insert("alg".to_owned(), key.algorithm.name().into());
        all.push(Json::Object(public));
    }
    Ok(published(&json!({ "keys": all })))
}

fn published(body: &Json) -> Answer {
    Answer::new(200, "application/json", body.to_string().into_bytes())
        .with("cache-control", KEPT)
        .with("access-control-allow-origin", "*")
        .with("cross-origin-resource-policy", "cross-origin")
}
