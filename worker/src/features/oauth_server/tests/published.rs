//! What is published.

use super::*;
use crate::ports::Signatures as _;
use crate::testing::PureSignatures;

fn read(world: &World, path: &str) -> TestAnswer {
    let answer = send(&world.harness, Method::GET, path, &[("origin", "https://other.example")], "");
    assert_eq!(answer.status, 200, "{}", answer.text());
    for (name, value) in [
        ("content-type", "application/json"),
        ("cache-control", "public, max-age=300"),
        ("access-control-allow-origin", "*"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{path}");
    }
    assert_eq!(answer.header("set-cookie"), None);
    answer
}

#[test]
fn the_metadata_is_true() {
    let world = World::new();
    let told = read(&world, "/.well-known/oauth-authorization-server").json();
    assert_eq!(told["issuer"], ORIGIN);
    assert_eq!(told["response_types_supported"], json!([]), "demanded, though there is none");
    for value in told.as_object().unwrap().values() {
        let endpoint = value.as_str().filter(|text| text.starts_with(&format!("{ORIGIN}/")));
        let Some(path) = endpoint.map(|address| &address[ORIGIN.len()..]) else { continue };
        let method = if path.starts_with("/.well-known") { Method::GET } else { Method::POST };
        assert!([200, 400].contains(&send(&world.harness, method, path, &[], "").status), "{path}");
    }
    for name in ["token", "revocation", "introspection"] {
        assert!(told[format!("{name}_endpoint")].is_string());
        let ways = &told[format!("{name}_endpoint_auth_methods_supported")];
        assert_eq!(ways, &json!(["client_secret_basic", "client_secret_post"]), "{name}");
    }
    for scope in told["scopes_supported"].as_array().unwrap() {
        token_of(&world.harness, &world.app, &format!("&scope={}", scope.as_str().unwrap()));
    }
    for grant in told["grant_types_supported"].as_array().unwrap() {
        let body = format!("grant_type={}", grant.as_str().unwrap());
        assert_eq!(world.form("/oauth/token", &body).status, 200);
    }
    let (_, claims) = taken_apart(&world.token());
    assert_eq!(claims["iss"], told["issuer"]);
}

#[test]
fn the_published_keys_check_the_tokens_and_show_nothing_private() {
    let world = World::new();
    let before = read(&world, "/.well-known/jwks.json").json();
    let app = add_app(&world.harness, &world.tenant, "full", "RS256");
    for (token, kind) in [(world.token(), "EdDSA"), (token_of(&world.harness, &app, ""), "RS256")] {
        let keys = read(&world, "/.well-known/jwks.json").json()["keys"].clone();
        let (header, _) = taken_apart(&token);
        let key = keys.as_array().unwrap().iter().find(|key| key["kid"] == header["kid"]).unwrap();
        assert_eq!((key["alg"].as_str(), key["use"].as_str()), (Some(kind), Some("sig")));
        for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(key.get(private).is_none(), "{private}");
        }
        let (message, signature) = token.rsplit_once('.').unwrap();
        let algorithm = super::super::keys::algorithm_of(kind).unwrap();
        let signature = from_base64url(signature).unwrap();
        let port = PureSignatures::default();
        let key = key.to_string();
        let check = port.verify(algorithm, &key, message.as_bytes(), &signature);
        assert_eq!(pollster::block_on(check), Ok(true));
    }
    let (header, _) = taken_apart(&world.token());
    assert_eq!(before["keys"][0]["kid"], header["kid"], "published before the first token");
}
